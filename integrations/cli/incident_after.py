"""`compliance incident …` for the file on it: evidence, review, actions, report, bundle and its check."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.incident_work import incident
from integrations.cli.options import AsJson, Out, day, file_or_folder, place
from integrations.cli.output import print_json, say
from integrations.cli.session import opened
from records.errors import BadInput

__all__ = ["incident"]  # with all its commands, those of reporting too

Number = Annotated[str, typer.Argument(help="工单编号 / ticket, e.g. INC-2026-0001")]


@incident.command("evidence")
def evidence(
    number: Number,
    file: Annotated[Path, typer.Argument(help="日志、截图、回执 / log, screenshot, receipt")],
    what: Annotated[str, typer.Option("--what", help="是什么 / what it is")],
) -> None:
    """加入证据：记下哈希，加密保存 / Put evidence on file: hashed, kept encrypted"""
    from assistant.incidents.evidence import add_incident_evidence
    from integrations.cli.redact_files import read_untrusted

    data = read_untrusted(file)
    with opened() as (app, person):
        add_incident_evidence(app, person, number, data, what=what)
    say("证据已存档，哈希记入经过。", "On file; its hash is on the timeline.")


@incident.command("review")
def review(
    number: Number,
    happened: Annotated[str, typer.Option("--happened", help="发生了什么 / what happened")],
    cause: Annotated[str, typer.Option("--cause", help="原因 / cause")],
    worked: Annotated[str, typer.Option("--worked", help="做得好的 / what worked")] = "",
    better: Annotated[str, typer.Option("--better", help="要改进的 / what to do better")] = "",
    action: Annotated[
        list[str] | None,
        typer.Option(
            "--action",
            help="行动|负责人|期限，可多次 / action|owner|day, e.g. 全盘加密|P-1a2b3c4d|2026-12-31",
        ),
    ] = None,
) -> None:
    """复盘：原因、做得好的、行动（负责人和期限） / Review: cause, what worked, actions with owner and day"""
    from assistant.incidents.review_incident import PlannedAction, review_incident

    planned = []
    for one in action or []:
        text, owner, due = ([part.strip() for part in one.split("|")] + ["", ""])[:3]
        due_on = day(due or None)
        if due_on is None or not owner:
            raise BadInput(
                "--action 请写成 行动|负责人|2026-12-31。",
                "Write --action as action|owner|2026-12-31.",
            )
        planned.append(PlannedAction(text, owner, due_on))
    with opened() as (app, person):
        review_incident(
            app, person, number,
            happened=happened, cause=cause, worked=worked, better=better, actions=planned,
        )  # fmt: skip
    say("复盘已记录。", "The review is on record.")


@incident.command("action")
def action_done(
    number: Number,
    action: Annotated[int, typer.Argument(help="第几项行动 / number of the action")],
    note: Annotated[str, typer.Option("--note", help="完成情况与凭据 / what shows it")],
) -> None:
    """完成复盘中的一项行动 / An action of the review is done"""
    from assistant.incidents.review_incident import finish_action

    with opened() as (app, person):
        finish_action(app, person, number, action, note=note)
    say(f"第 {action} 项行动已完成。", f"Action {action} is done.")


@incident.command("pdf")
def pdf(number: Number, out: Out = Path()) -> None:
    """总结报告（PDF）；演练为评估报告 / The closing report as PDF; of a drill the report after it"""
    from assistant.incidents.review_incident import read_report
    from integrations.cli.redact_files import write_files

    file_or_folder(out, ".pdf")
    with opened() as (app, person):
        report = read_report(app, person, number)
    target = place(out, report.name)
    write_files({target: report.data})
    say(f"报告：{target}", f"Report: {target}")


@incident.command("export")
def export(number: Number, out: Out = Path(), as_json: AsJson = False) -> None:
    """导出材料包：目录、经过、时限、文书、证据哈希、签名清单 / The signed bundle of everything on record"""
    from assistant.incidents.bundle import export_incident
    from integrations.cli.redact_files import write_files

    file_or_folder(out, ".zip")
    with opened() as (app, person):
        made = export_incident(app, person, number)
    target = place(out, made.name)
    write_files({target: made.data})
    if as_json:
        print_json({"file": str(target), "files": made.files, "sha256": made.sha256})
        return
    say(
        f"材料包：{target}（{made.files} 个文件）。限知情人员，请妥善保管。",
        f"Bundle: {target} ({made.files} files). Restricted: keep it well.",
    )
    typer.echo(f"SHA-256 {made.sha256}")
