"""`compliance incident grade`, `revise`, `awareness`: what is known, and since when."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson, moment
from integrations.cli.output import print_json, say
from integrations.cli.session import opened
from integrations.cli.tickets import incident
from records.beijing import to_the_minute
from records.errors import BadInput, ProductError

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.incidents.grade_incident import Graded
    from records.people import Person
    from tickets.incidents.awareness_correction import Corrected
    from tickets.incidents.fact_values import Fact
    from tickets.incidents.work import Revision

__all__ = ["incident"]  # with all its commands, those of reporting too

Number = Annotated[str, typer.Argument(help="工单编号 / ticket, e.g. INC-2026-0001")]
Facts = Annotated[
    list[str] | None,
    typer.Option(
        "--fact",
        help="事实=值，可多次，如 people=1.2万、minors=yes / fact=value, repeatable; unknown: leave out",
    ),
]
Because = Annotated[str, typer.Option("--reason", help="怎么查明的 / how it became known")]


@incident.command("grade")
def grade(
    number: Annotated[str, typer.Argument(help="工单编号，可不填 / ticket, may be left out")] = "",
    fact: Facts = None,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", help="存入工单，并说明怎么查明的 / save to the ticket, and how known"
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """逐项定级：每项可跳过，说明理由、条文和什么会升级 / Grade step by step; each answer optional"""
    from assistant.incidents.grade_incident import grade_incident
    from assistant.incidents.work_incident import revise_incident

    if reason and not number:
        raise BadInput("要保存请写工单编号。", "Name the ticket to save to.")
    with opened() as (app, person):
        given = _given(fact) if fact else _asked(app, person, number)
        graded = grade_incident(app, person, facts=given, ticket_id=number)
        if as_json:
            print_json(graded)
        else:
            _show(graded)
        if reason:
            _tell(revise_incident(app, person, number, facts=given, reason=reason))


@incident.command("revise")
def revise(number: Number, reason: Because, fact: Facts = None) -> None:
    """补充事实：重新定级，新增时限，已在计时的不动 / New facts: grade anew, add clocks, move none"""
    from assistant.incidents.work_incident import revise_incident

    with opened() as (app, person):
        found = revise_incident(app, person, number, facts=_given(fact), reason=reason)
    _tell(found)


@incident.command("awareness")
def awareness(
    number: Number,
    reason: Because,
    at: Annotated[
        str | None, typer.Option("--at", help="实际何时知悉，北京时间 / when somebody knew")
    ] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="核准较晚的更正（另一人） / approve a later one")
    ] = False,
    decline: Annotated[
        bool, typer.Option("--decline", help="不核准较晚的更正 / decline a later one")
    ] = False,
) -> None:
    """更正知悉时间：更早立即生效，更晚须第二人核准 / Correct when somebody knew; later needs approval"""
    from assistant.incidents.correct_awareness import correct_awareness, decide_awareness

    if sum((at is not None, approve, decline)) != 1:
        raise BadInput(
            "请用 --at、--approve、--decline 中的一个。", "Use one of --at, --approve, --decline."
        )
    with opened() as (app, person):
        aware = moment(at)
        if aware is None:
            _told(decide_awareness(app, person, number, approve=approve, reason=reason))
        else:
            _told(correct_awareness(app, person, number, aware_at=aware, reason=reason))


def _told(found: "Corrected") -> None:
    one = found.correction
    if one.pending:
        say(
            "更晚的知悉时间待第二人核准，原时限照常。",
            "Later: waits for a second person; the clocks run on.",
        )
    for heading, clocks in (("新增时限 / added", found.added), ("了结 / ended", found.ended)):
        for clock in clocks:
            when = to_the_minute(clock.due_at) if clock.due_at else ""
            say(f"{heading}：{clock.key} {clock.name.zh} {when}", f"  {clock.name.en}")
    say("已记录。", "On record.")


def _tell(found: "Revision") -> None:
    grade_ = found.grading.severity.label
    say(f"定级：{grade_.zh}", f"Grade: {grade_.en}")
    for heading, clocks in (
        ("新增时限 / added", found.added),
        ("条件已明 / settled by the facts", found.ended),
        ("按新事实或不再需要，请判断 / perhaps no longer needed: decide", found.doubtful),
    ):
        for one in clocks:
            say(f"{heading}：{one.key} {one.name.zh}", f"  {one.name.en}")


def _given(pairs: list[str] | None) -> "dict[str, Fact]":
    from tickets.incidents.fact_values import NAMES, read_fact

    found: dict[str, Fact] = {}
    for pair in pairs or []:
        name, mark, text = (part.strip() for part in pair.partition("="))
        if not mark or name not in NAMES:
            known = ", ".join(NAMES)
            raise BadInput(
                f"请写成 事实=值。可用的事实：{known}。", f"Write fact=value. Facts: {known}."
            )
        found[name] = read_fact(name, text)
    return found


def _asked(app: "App", person: "Person", number: str) -> "dict[str, Fact]":
    """Each question in turn; Enter leaves it unknown, and what was answered decides what is asked."""
    from assistant.incidents.grade_incident import grade_incident
    from tickets.incidents.fact_values import read_fact
    from tickets.incidents.facts import IncidentKind
    from tickets.incidents.grade import questions

    say(
        "逐项回答，不清楚就直接回车。数字可写 1200 或 1.2万，其余写 是/否（yes/no）。",
        "Answer one by one; Enter where unknown. Figures as 1200, the others yes or no.",
    )
    known = grade_incident(app, person, facts={}, ticket_id=number).facts
    given: dict[str, Fact] = {}
    asked: set[str] = set()
    while True:
        facts = replace(known, **given)  # type: ignore[arg-type]  # read by name
        left = [one for one in questions(facts).items() if one[0] not in asked]
        if not left:
            return given
        name, question = left[0]
        hint = f"\n  {', '.join(IncidentKind)}" if name == "kind" else ""
        text = typer.prompt(
            f"{question.ask.zh}\n{question.ask.en}{hint}\n", default="", show_default=False
        )
        try:
            if text.strip():
                given[name] = read_fact(name, text)
        except ProductError as error:
            say(error.message.zh, error.message.en)
            continue
        asked.add(name)


def _show(graded: "Graded") -> None:
    found = graded.grading
    zh, en = ("（暂定）", " (provisional)") if found.provisional else ("", "")
    say(f"\n定级：{found.severity.label.zh}{zh}", f"Grade: {found.severity.label.en}{en}")
    for citation in found.citations:
        unsure = "" if citation.confidence.value == "verified" else citation.confidence.label.zh
        typer.echo(f"依据 / under：《{citation.instrument}》{citation.article or ''} {unsure}")
    for reason in found.reasons:
        say(f"- {reason.zh}", f"  {reason.en}")
    if found.would_raise:
        say("什么会使定级升高：", "What would raise it:")
        for one in found.would_raise:
            say(f"- {one.zh}", f"  {one.en}")
    say("会启动的时限：", "Clocks that would run:")
    for clock in graded.clocks:
        say(f"- {clock.name.zh} → {clock.recipient.zh}", f"  {clock.name.en}")
