"""`compliance quiz …`: items made and reviewed, quizzes built, exported, assigned; results."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, Lang, Out, Yes, choice, day, place
from integrations.cli.output import print_json, say
from integrations.cli.session import opened
from records.errors import BadInput
from records.language import Language

if TYPE_CHECKING:
    from assistant.quizzes.store import KeptItem

quiz = typer.Typer(name="quiz", help="培训试题与考试 / Quizzes", no_args_is_help=True)

ItemId = Annotated[str, typer.Argument(help="题号 / number of the item, QI-…")]
QuizId = Annotated[str, typer.Argument(help="试卷编号 / number of the quiz, QZ-…")]


@quiz.command("generate")
def generate(
    count: Annotated[int, typer.Option("--count", "-n", help="要多少题 / how many")] = 30,
    seed: Annotated[
        int, typer.Option("--seed", help="同一种子出同样的题 / same seed, same items")
    ] = 1,
    language: Annotated[
        Language, typer.Option("--language", help="题目语言 / language")
    ] = Language.ZH,
    topic: Annotated[
        list[int] | None, typer.Option("--topic", help="只出这些主题 / only these topics, 1–20")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """依法条和义务生成试题，待培训人员审核 / Make items from duties, to be reviewed by a trainer"""
    from assistant.quizzes.choosing import Wish
    from assistant.training.review_items import make_items

    wish = Wish(count=count, seed=seed, language=language, topics=frozenset(topic or ()))
    with opened() as (app, person):
        made = make_items(app, person, wish)
    if as_json:
        print_json(made)
        return
    say(f"新增 {len(made.item_ids)} 题待审。", f"{len(made.item_ids)} new items to be reviewed.")
    if made.missing:
        say(
            f"要 {made.wanted} 题，少 {made.missing} 题：已装入的法规里没有更多可核验的内容。",
            f"{made.missing} fewer than asked for: the law that is loaded carries no more.",
        )


@quiz.command("list")
def list_all(
    state: Annotated[
        str | None, typer.Option("--state", help="draft, approved, rejected, withdrawn")
    ] = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """列出题库 / List the item bank"""
    from assistant.quizzes.tables import ItemState
    from assistant.training.review_items import list_items

    with opened() as (app, person):
        bank = list_items(app, person, choice(state, ItemState) if state else None)
        language = lang or app.settings.language
    if as_json:
        print_json(bank)
        return
    for one in bank.items:
        item = one.item
        typer.echo(
            f"{one.id}  {one.state.label.pick(language)}  {item.kind.label.pick(language)}  "
            f"{item.stem}"
        )
    counted = [f"{s.label.pick(language)} {n}" for s, n in bank.counts.items()]
    typer.echo(" · ".join(counted))


@quiz.command("review")
def review(
    item_id: Annotated[
        str, typer.Argument(help="题号；不写则逐题看待审的 / the item; else each draft in turn")
    ] = "",
    lang: Lang = None,
) -> None:
    """看一道题的答案、理由和依据；不写题号则逐题审 / Read an item; without a number, review drafts in turn"""
    from assistant.quizzes.tables import ItemState
    from assistant.training.review_items import (
        approve_item,
        list_items,
        read_quiz_item,
        reject_item,
    )

    with opened() as (app, person):
        language = lang or app.settings.language
        if item_id:
            _show(read_quiz_item(app, person, item_id).kept, language)
            return
        for kept in list_items(app, person, ItemState.DRAFT).items:
            _show(kept, language)
            said = typer.prompt(
                "a 批准 approve · r 退回 reject · s 跳过 skip · q 结束 quit", default="s"
            ).strip()
            if said == "q":
                return
            if said == "a":
                approve_item(app, person, kept.id)
            elif said == "r":
                reject_item(app, person, kept.id)


@quiz.command("approve")
def approve(
    items: Annotated[list[str] | None, typer.Argument(help="题号 / items")] = None,
    everything: Annotated[
        bool, typer.Option("--all-drafts", help="批准全部待审的题 / every draft")
    ] = False,
    yes: Yes = False,
) -> None:
    """批准试题，批准后可用于考试 / Approve items; only then are they asked"""
    from assistant.quizzes.tables import ItemState
    from assistant.training.review_items import approve_item, list_items

    with opened() as (app, person):
        numbers = list(items or ())
        if everything:
            numbers += [one.id for one in list_items(app, person, ItemState.DRAFT).items]
            if not yes:
                question = f"批准 {len(numbers)} 题？您都看过了吗 / Approve all {len(numbers)}?"
                typer.confirm(question, abort=True)
        if not numbers:
            raise BadInput("请写出题号。", "Name the items.")
        for number in numbers:
            approve_item(app, person, number)
    typer.echo(f"+{len(numbers)}")


@quiz.command("reject")
def reject(item_id: ItemId) -> None:
    """退回试题，不再使用 / Reject an item; it is asked nobody"""
    from assistant.training.review_items import reject_item

    with opened() as (app, person):
        reject_item(app, person, item_id)


@quiz.command("build")
def build(
    title: Annotated[str, typer.Argument(help="试卷名称 / title")],
    count: Annotated[int, typer.Option("--count", "-n", help="题数 / how many items")] = 10,
    item: Annotated[
        list[str] | None, typer.Option("--item", help="指定题号，可重复 / these items")
    ] = None,
    pass_percent: Annotated[int, typer.Option("--pass", help="及格线 % / pass mark %")] = 80,
    minutes: Annotated[int, typer.Option("--minutes", help="限时，0 不限 / minutes, 0: none")] = 30,
    attempts: Annotated[int, typer.Option("--attempts", help="可考几次 / attempts")] = 2,
    seed: Annotated[int, typer.Option("--seed", help="抽题种子 / seed")] = 1,
) -> None:
    """用已批准的题组卷 / Build a quiz of approved items"""
    from assistant.quizzes.store import Rules
    from assistant.training.build_quiz import Selection, build_quiz

    rules = Rules(title, pass_percent, minutes or None, attempts)
    with opened() as (app, person):
        number = build_quiz(app, person, rules, Selection(tuple(item or ()), count, seed))
    typer.echo(number)


@quiz.command("quizzes")
def quizzes(as_json: AsJson = False) -> None:
    """列出试卷 / List the quizzes"""
    from assistant.training.build_quiz import list_quizzes

    with opened() as (app, person):
        found = list_quizzes(app, person)
    if as_json:
        print_json(found)
        return
    for one in found:
        typer.echo(f"{one.id}  {len(one.item_ids)}  {one.rules.title}")


@quiz.command("export")
def export(
    quiz_id: QuizId,
    form: Annotated[
        str, typer.Option("--format", "-f", help="moodle, gift, qti, kahoot, anki, docx")
    ] = "moodle",
    out: Out = Path(),
) -> None:
    """导出试卷；放不下的题会逐一说明 / Export a quiz; items that do not fit are named"""
    from assistant.quizzes.exports import Format
    from assistant.training.build_quiz import export_quiz
    from integrations.cli.redact_files import write_files

    with opened() as (app, person):
        made = export_quiz(app, person, quiz_id, choice(form, Format))
    path = place(out, made.name)
    write_files({path: made.data})
    for left in made.left_out:
        say(f"{left.item_id} 未导出：{left.reason.zh}。", f"{left.item_id}: {left.reason.en}.")
    typer.echo(str(path))


@quiz.command("assign")
def assign(
    quiz_id: QuizId,
    person: Annotated[
        list[str] | None, typer.Option("--person", help="人员编号，可重复 / people, P-…")
    ] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="全体 / everybody")] = False,
    due: Annotated[str | None, typer.Option("--due", help="截止日 / last day YYYY-MM-DD")] = None,
) -> None:
    """把试卷派给员工 / Assign a quiz to people"""
    from assistant.training.build_quiz import assign_quiz

    if bool(person) == everybody:
        raise BadInput(
            "请用 --person 指定人员，或用 --everybody 派给全体。",
            "Name people with --person, or give it to --everybody.",
        )
    with opened() as (app, trainer):
        added = assign_quiz(app, trainer, quiz_id, people=person or (), due_on=day(due))
    typer.echo(f"+{added}")


@quiz.command("results")
def results(
    quiz_id: Annotated[str, typer.Argument(help="试卷编号，不写为全部 / one quiz, else all")] = "",
    mine: Annotated[bool, typer.Option("--mine", help="只看自己的 / only my own")] = False,
    as_json: AsJson = False,
) -> None:
    """成绩；培训人员看全体，其他人看自己 / Results: the trainer sees all, others their own"""
    from assistant.training.training_records import Trained, all_results, my_results

    with opened() as (app, person):
        if mine:
            found = tuple(Trained(one, person.name) for one in my_results(app, person))
        else:
            found = all_results(app, person, quiz_id)
    if as_json:
        print_json(found)
        return
    for one in found:
        said = one.result
        mark = "合格 passed" if said.passed else "未合格 failed"
        typer.echo(
            f"{said.serial}  {said.at:%Y-%m-%d}  {one.name}  {said.title}  "
            f"{said.points}/{said.out_of} ({said.percent}%)  {mark}"
        )


@quiz.command("certificate")
def certificate(
    serial: Annotated[str, typer.Argument(help="成绩编号 / serial, TR-…")],
    out: Out = Path(),
) -> None:
    """结业证书 PDF / The certificate of completion"""
    from assistant.training.training_records import training_certificate
    from integrations.cli.redact_files import write_files

    with opened() as (app, person):
        data = training_certificate(app, person, serial)
    path = place(out, f"{serial}.pdf")
    write_files({path: data})
    typer.echo(str(path))


@quiz.command("practise")
def practise(language: Annotated[Language, typer.Option("--language")] = Language.ZH) -> None:
    """今天该练的题，答完即看解析 / What to practise today, with the reason after each answer"""
    from assistant.quizzes.exam import read_letters
    from assistant.training.practise import answer_question, next_question

    with opened() as (app, person):
        while (now := next_question(app, person, language)).question and now.item_id:
            typer.echo(f"\n[{now.due}] {now.question.stem}")
            for letter, text in zip("ABCDEF", now.question.options, strict=False):
                typer.echo(f"  {letter}. {text}")
            typed = typer.prompt("答案，q 结束 / your answer, q to stop").strip()
            if typed.lower() == "q":
                return
            said = answer_question(app, person, now.item_id, read_letters(typed)).feedback
            key = "".join("ABCDEF"[place] for place in sorted(said.key))
            typer.echo(f"{'✓' if said.right else '✗'} {key}  {said.rationale}")
        say("今天练完了。", "Done for today.")


def _show(kept: "KeptItem", language: Language) -> None:
    item = kept.item
    typer.echo(
        f"\n{kept.id}  {kept.state.label.pick(language)}  {item.kind.label.pick(language)}  "
        f"{item.difficulty.label.pick(language)}\n{item.stem}"
    )
    for letter, one in zip("ABCDEF", item.options, strict=False):
        typer.echo(f"  {'✓' if one.right else ' '} {letter}. {one.text} —— {one.why}")
    typer.echo(f"  {item.rationale}")
    for cited in item.cites:
        typer.echo(f"  《{cited.instrument}》{cited.heading}：“{cited.words}”")
