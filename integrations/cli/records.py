"""`compliance audit`: the log read and checked."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.options import AsJson, day
from integrations.cli.output import print_json, say
from integrations.cli.session import opened

audit = typer.Typer(name="audit", help="操作日志 / Audit log", no_args_is_help=True)


@audit.command("list")
def list_events(
    person: Annotated[str, typer.Option(help="人员编号 / a person's number")] = "",
    subject: Annotated[str, typer.Option(help="对象编号，如 INC-2026-0001 / a subject")] = "",
    action: Annotated[
        str, typer.Option(help="操作代码或其前半，如 incident / a code, or its first half")
    ] = "",
    since: Annotated[str | None, typer.Option(help="从哪天起 / from this day, 2026-11-01")] = None,
    until: Annotated[str | None, typer.Option(help="到哪天止（含）/ to this day")] = None,
    before: Annotated[int | None, typer.Option(help="只看这个序号之前的 / only below it")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多几条 / at most")] = 50,
    as_json: AsJson = False,
) -> None:
    """谁在什么时候做了什么，新的在前 / Who did what and when, newest first"""
    from assistant.operations.read_audit import read_audit
    from integrations.cli.terminal_records import show_trail

    with opened() as (app, who):
        trail = read_audit(
            app,
            who,
            person_id=person,
            subject=subject,
            action=action,
            since=day(since),
            until=day(until),
            before=before,
            limit=limit,
        )
    if as_json:
        print_json(trail)
    else:
        show_trail(trail, app.settings.language)


@audit.command("verify")
def verify(
    head: Annotated[
        str | None, typer.Option("--head", help="上次记下的链头 / the head noted last time")
    ] = None,
    anchor: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="COMPLIANCE_AUDIT_ANCHOR 写出的文件 / the file of anchored heads",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """检查操作日志有无改动 / Check that nobody changed the audit log"""
    from assistant.operations.check_audit import verify_audit
    from integrations.cli.terminal_records import show_audit

    with opened() as (app, person):
        lines = anchor.read_text(encoding="utf-8") if anchor else None
        view = verify_audit(app, person, earlier_head=head, untrusted_anchors=lines)
    if view.anchors and not view.anchors.holds:
        missing = view.anchors.broken or "-"
        say(
            f"日志与外部锚点不符（{missing}）：末尾被截掉或被改写过。",
            f"The log does not bear out its anchor ({missing}): its end was cut off or rewritten.",
        )
    if as_json:
        print_json(view.chain)
    else:
        show_audit(view, app.settings.language)
    if not view.whole:
        raise typer.Exit(1)
