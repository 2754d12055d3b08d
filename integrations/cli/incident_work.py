"""`compliance incident …` once it is reported: clocks, steps, notes, drafts, closing."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.incident_facts import incident
from integrations.cli.options import Out, choice, file_or_folder, moment, place
from integrations.cli.output import say
from integrations.cli.session import opened
from records.errors import BadInput

__all__ = ["incident"]  # with all its commands, those of reporting too

Number = Annotated[str, typer.Argument(help="工单编号 / ticket, e.g. INC-2026-0001")]


@incident.command("clock")
def clock(
    number: Number,
    key: Annotated[str, typer.Argument(help="时限 / clock, e.g. cac-4h")],
    reference: Annotated[
        str,
        typer.Option("--reference", help="回执、文号等凭据，或不适用的理由 / evidence or reason"),
    ],
    done_at: Annotated[
        str | None, typer.Option("--done-at", help="何时完成，北京时间 / when done")
    ] = None,
    not_applicable: Annotated[
        bool, typer.Option("--not-applicable", help="不适用 / does not apply")
    ] = False,
) -> None:
    """了结一个时限：何时、何人、凭据 / A clock met, with its evidence, or set aside with a reason"""
    from assistant.incidents.work_incident import settle_clock

    with opened() as (app, person):
        at = moment(done_at)
        settle_clock(
            app, person, number, key, reference=reference, done_at=at, applies=not not_applicable
        )
    say(f"时限 {key} 已了结。", f"Clock {key} has ended.")


@incident.command("step")
def step(
    number: Number,
    step_number: Annotated[int, typer.Argument(help="第几步 / number of the step")],
    note: Annotated[
        str | None, typer.Option("--note", help="完成情况与留存 / evidence kept")
    ] = None,
    skip: Annotated[
        str | None, typer.Option("--skip", help="跳过，写理由 / skip, with the reason")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="交给某人 / hand over, e.g. P-1a2b3c4d")
    ] = None,
) -> None:
    """完成、跳过或移交一个步骤 / Take a step, skip it with a reason, or hand it over"""
    from assistant.incidents.steps import hand_over_step, skip_step, take_step

    if sum(one is not None for one in (note, skip, to)) > 1:
        raise BadInput("--note、--skip、--to 只能用一个。", "Use one of --note, --skip, --to.")
    with opened() as (app, person):
        if skip is not None:
            skip_step(app, person, number, step_number, reason=skip)
        elif to is not None:
            hand_over_step(app, person, number, step_number, to=to)
        else:
            take_step(app, person, number, step_number, note=note or "")
    say(f"第 {step_number} 步已记录。", f"Step {step_number} is on record.")


@incident.command("note")
def note(
    number: Number, text: Annotated[str, typer.Argument(help="备注 / what to put on record")]
) -> None:
    """在经过里记一笔 / Add a line to the timeline"""
    from assistant.incidents.work_incident import note_incident

    with opened() as (app, person):
        note_incident(app, person, number, text)
    say("已记入经过。", "On the timeline.")


@incident.command("move")
def move(
    number: Number,
    state: Annotated[str, typer.Argument(help="contained, handled, open")],
    reason: Annotated[str, typer.Option("--reason", help="说明 / why")],
) -> None:
    """已控制、处置结束或重新打开 / Contained, handled, or open again"""
    from assistant.incidents.work_incident import move_incident
    from tickets.ticket import State

    with opened() as (app, person):
        moved = move_incident(app, person, number, choice(state, State), reason=reason)
    say(f"现在：{moved.state.label.zh}", f"Now: {moved.state.label.en}")


@incident.command("close")
def close(
    number: Number,
    report: Annotated[Path, typer.Option("--report", help="总结报告，文本文件 / text file")],
) -> None:
    """附总结报告关闭 / Close with a closing report"""
    from assistant.incidents.work_incident import close_incident
    from integrations.cli.redact_files import read_untrusted

    text = read_untrusted(report).decode("utf-8", "replace")
    with opened() as (app, person):
        close_incident(app, person, number, text)
    say("事件已关闭。", "The incident is closed.")


@incident.command("describe")
def describe(
    number: Number,
    given: Annotated[
        list[str],
        typer.Option(
            "--set",
            help="unit, data, cause, harm, self_help, responsibility = 内容 / text",
        ),
    ],
) -> None:
    """写下报告和通知要用的内容，写一次各份文书都用 / What reports and notices must say, once for all"""
    from assistant.incidents.describe_incident import describe_incident

    with opened() as (app, person):
        done = describe_incident(app, person, number, described_as=_pairs(given))
    say(f"{done.id} 已记下，起草时自动填入。", f"Kept with {done.id}; drafts are filled with it.")


@incident.command("draft")
def draft(
    number: Number,
    kind: Annotated[
        str,
        typer.Argument(help="first_report, progress_report, closing_report, individuals, internal"),
    ],
    given: Annotated[
        list[str] | None,
        typer.Option("--set", help="要素=内容，可多次 / element=text, e.g. harm=…"),
    ] = None,
    out: Out = Path(),
) -> None:
    """起草报告或通知：文本和 Word，指出还缺什么 / Draft a report or notice; names what is missing"""
    from assistant.incidents.draft_notice import draft_notice
    from integrations.cli.redact_files import write_files
    from tickets.drafts.filling import DraftKind

    file_or_folder(out, ".docx")
    elements = _pairs(given or [])
    with opened() as (app, person):
        made = draft_notice(app, person, number, choice(kind, DraftKind), given=elements)
    target = place(out, f"{made.name}.docx")
    write_files({target: made.docx, target.with_suffix(".md"): made.text.encode()})
    missing = "、".join(one.zh for one in made.missing) or "无"
    say(
        f"草稿：{target}（另有 .md）。还缺：{missing}。发送前请核对。",
        f"Draft: {target} (and .md). Missing: "
        f"{', '.join(one.en for one in made.missing) or 'nothing'}. Check before sending.",
    )


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if any(not mark for _, mark, _ in pairs):
        raise BadInput("--set 请写成 要素=内容。", "Write --set as element=text.")
    return {name.strip(): text for name, _, text in pairs}
