"""`compliance handover`, `answers` and `feedback`: a person asked, their answers, what was wrong."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, Lang, choice, day, holder_type
from integrations.cli.output import present, print_json
from integrations.cli.session import opened
from records.errors import BadInput

if TYPE_CHECKING:
    from assistant.answering.handovers import Handover

handover = typer.Typer(name="handover", help="问负责人 / Ask a person", no_args_is_help=True)
answers = typer.Typer(name="answers", help="已批准的答复 / Approved answers", no_args_is_help=True)

AnswerId = Annotated[str, typer.Argument(help="回答编号 / number of the answer, Q-…")]


@handover.command("open")
def hand_over(answer_id: AnswerId, as_json: AsJson = False) -> None:
    """把一条回答的问题转给负责人 / Hand the question of an answer to a person"""
    from assistant.questions.hand_over import hand_over as verb
    from integrations.replies import handed_over_reply

    with opened() as (app, person):
        done = verb(app, person, answer_id)
    present(handed_over_reply(done, app.settings.officer), done, as_json=as_json)


@handover.command("mine")
def mine(lang: Lang = None, as_json: AsJson = False) -> None:
    """我转出的问题和答复 / What I handed over, with the replies"""
    from assistant.questions.hand_over import my_questions

    with opened() as (app, person):
        _show(my_questions(app, person), as_json=as_json)


@handover.command("list")
def waiting(as_json: AsJson = False) -> None:
    """等待答复的问题 / What waits for a reply"""
    from assistant.questions.hand_over import open_questions

    with opened() as (app, person):
        _show(open_questions(app, person), as_json=as_json)


@handover.command("reply")
def reply(
    handover_id: Annotated[str, typer.Argument(help="问题编号 / number of the question, H-…")],
    text: Annotated[str, typer.Argument(help="答复 / the reply")],
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """答复一个问题 / Reply to a question"""
    from assistant.questions.hand_over import reply_to
    from integrations.replies import reply_kept_reply

    with opened() as (app, person):
        done = reply_to(app, person, handover_id, text)
    shown = reply_kept_reply(done, lang or app.settings.language)
    present(shown, done, as_json=as_json)


@answers.command("list")
def list_all(lang: Lang = None, as_json: AsJson = False) -> None:
    """列出已批准的答复，待复核的在前 / List approved answers, those to be reviewed first"""
    from assistant.questions.approve_answer import list_approved
    from integrations.cli.persons_tables import show_approved

    with opened() as (app, person):
        found = list_approved(app, person)
    if as_json:
        print_json(found)
    else:
        show_approved(found, lang or app.settings.language)


@answers.command("approve")
def approve(
    question: Annotated[
        list[str], typer.Option("--question", help="它回答的问题，可多个 / what it answers")
    ],
    zh: Annotated[str, typer.Option("--zh", help="中文答复 / the answer in Chinese")],
    cite: Annotated[
        list[str],
        typer.Option(
            "--cite", help="条文，可加“=要引用的原文” / provision, optionally “=words to quote”"
        ),
    ],
    en: Annotated[str, typer.Option("--en", help="英文答复 / the answer in English")] = "",
    audience: Annotated[
        str | None, typer.Option("--role", help="只给这一角色看 / for this role only")
    ] = None,
    holder: Annotated[
        str | None, typer.Option("--holder", help="只适用这类单位 / for this kind of company only")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="有效至 / until YYYY-MM-DD")] = None,
    replies: Annotated[
        str, typer.Option("--handover", help="出自哪个问题 / the question it replies to, H-…")
    ] = "",
) -> None:
    """批准一条答复，同样的问题先用它 / Approve an answer; it is used first for the same question"""
    from assistant.questions.approve_answer import Cite, Wish, approve_answer
    from records.people import Role

    wish = Wish(
        questions=tuple(question),
        zh=zh,
        en=en,
        cites=tuple(
            Cite(address, words) for address, _, words in (one.partition("=") for one in cite)
        ),
        audience=choice(audience, Role) if audience else None,
        holder=holder_type(holder),
        valid_until=day(until),
        handover_id=replies,
    )
    with opened() as (app, person):
        typer.echo(approve_answer(app, person, wish))


@answers.command("withdraw")
def withdraw(
    answer_id: Annotated[str, typer.Argument(help="答复编号 / number of the answer, A-…")],
) -> None:
    """撤销一条已批准的答复 / Withdraw an approved answer"""
    from assistant.questions.approve_answer import withdraw_answer

    with opened() as (app, person):
        withdraw_answer(app, person, answer_id)


def feedback(
    answer_id: AnswerId,
    right: Annotated[bool, typer.Option("--right", help="有用 / helpful")] = False,
    wrong: Annotated[
        str | None, typer.Option("--wrong", help="哪里不对 / what is wrong; may be empty")
    ] = None,
    lang: Lang = None,
) -> None:
    """说一条回答对不对 / Say whether an answer was right"""
    from assistant.questions.give_feedback import give_feedback
    from integrations.replies import feedback_reply

    if right is (wrong is not None):
        raise BadInput("请写 --right 或 --wrong 之一。", "Give either --right or --wrong.")
    with opened() as (app, person):
        kept = give_feedback(app, person, answer_id, right=right, reason=wrong or "")
    reply = feedback_reply(kept, app.settings.officer, lang or app.settings.language)
    present(reply, kept, as_json=False)


def add_feedback(
    suite: Annotated[Path, typer.Argument(help="问题集文件 / file of questions, YAML")],
) -> None:
    """把报错的回答并入问题集，待填应引条文 / Add answers reported wrong to a file of questions"""
    from assistant.questions.give_feedback import export_feedback

    with opened() as (app, person):
        typer.echo(f"+{export_feedback(app, person, suite)}")


def _show(found: "tuple[Handover, ...]", *, as_json: bool) -> None:
    from integrations.cli.persons_tables import show_handovers

    if as_json:
        print_json(found)
    else:
        show_handovers(found)
