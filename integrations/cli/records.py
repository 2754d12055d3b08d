"""`compliance audit`."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.options import AsJson
from integrations.cli.output import print_json, say
from integrations.cli.session import opened

audit = typer.Typer(name="audit", help="操作日志 / Audit log", no_args_is_help=True)


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
    from assistant.check_audit import verify_audit
    from integrations.cli.terminal import show_audit

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
