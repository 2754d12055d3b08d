"""`compliance drill …`: exercises on the engine of incidents; nothing of them is sent."""

from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, Lang
from integrations.cli.output import print_json, say
from integrations.cli.session import opened

if TYPE_CHECKING:
    from assistant.incidents.drills import Drill
    from records.language import Language

drill = typer.Typer(
    name="drill", help="应急演练：不对外发送 / Drills: nothing is sent", no_args_is_help=True
)
Number = Annotated[str, typer.Argument(help="演练编号 / drill, e.g. DRILL-2026-0001")]


@drill.command("scenarios")
def scenarios(as_json: AsJson = False) -> None:
    """列出演练脚本 / List the scenarios"""
    from assistant.incidents.drills import list_scenarios

    with opened() as (app, person):
        found = list_scenarios(app, person)
    if as_json:
        print_json(found)
        return
    for one in found:
        say(f"{one.id}：{one.name.zh}（{one.minutes} 分钟）", f"  {one.name.en}")


@drill.command("start")
def start(
    scenario: Annotated[str, typer.Argument(help="脚本 / scenario, e.g. lost-laptop")],
    with_: Annotated[
        list[str],
        typer.Option("--with", help="参加人编号，可多次 / participant, repeatable: P-1a2b3c4d"),
    ],
    lang: Lang = None,
) -> None:
    """开始演练：时限即刻起算 / Begin a drill: its clocks run from now"""
    from assistant.incidents.drills import start_drill

    with opened() as (app, person):
        found = start_drill(app, person, scenario, with_)
    say(
        f"【演练】{found.ticket.id} 已开始，{found.scenario.minutes} 分钟。处置用 compliance incident …",
        f"[DRILL] {found.ticket.id} runs for {found.scenario.minutes} minutes. "
        "Work on it with: compliance incident …",
    )
    say(found.scenario.opening.zh, found.scenario.opening.en)


@drill.command("list")
def list_all(lang: Lang = None, as_json: AsJson = False) -> None:
    """列出您能看到的演练 / List the drills you may see"""
    from assistant.incidents.drills import list_drills
    from integrations.cli.terminal import show_tickets

    with opened() as (app, person):
        found = list_drills(app, person)
        if as_json:
            print_json(found)
        else:
            show_tickets(found, lang or app.settings.language, now=app.clock())


@drill.command("show")
def show(number: Number, lang: Lang = None, as_json: AsJson = False) -> None:
    """演练到此为止的情况和得分 / What has come in so far, and the score once ended"""
    from assistant.incidents.drills import read_drill

    with opened() as (app, person):
        found = read_drill(app, person, number)
        language = lang or app.settings.language
    if as_json:
        print_json(found)
    else:
        _show(found, language)


@drill.command("end")
def end(number: Number, lang: Lang = None, as_json: AsJson = False) -> None:
    """结束并评分，记入培训记录 / End and score it, into the training records"""
    from assistant.incidents.drills import end_drill

    with opened() as (app, person):
        found = end_drill(app, person, number)
        language = lang or app.settings.language
    if as_json:
        print_json(found)
    else:
        _show(found, language)


def _show(found: "Drill", language: "Language") -> None:
    from integrations.replies.wording import moment
    from records.language import Bilingual
    from tickets.drills.score import INJECT

    typer.echo(f"{found.ticket.title}  {found.ticket.id}")
    typer.echo(found.ticket.description)
    for one in found.timeline:
        if one.what == INJECT:
            about = Bilingual(str(one.details["about_zh"]), str(one.details["about_en"]))
            typer.echo(f"{moment(one.at, language)}  {about.pick(language)}")
    if found.score is None:
        return
    for item in found.score.items:
        said = Bilingual(f"{item.what.zh} —— {item.why.zh}", f"{item.what.en} — {item.why.en}")
        typer.echo(f"[{item.points}/{item.most}] {said.pick(language)}")
    passed = (
        Bilingual("通过", "passed") if found.score.passed else Bilingual("未通过", "not passed")
    )
    total = f"{found.score.points}/{found.score.most} {found.score.percent}%"
    typer.echo(f"{total} {passed.pick(language)}")
