"""`compliance audit` and `db`."""

from typing import Annotated

import typer

from integrations.cli.options import AsJson
from integrations.cli.output import print_json
from integrations.cli.session import opened

audit = typer.Typer(name="audit", help="操作日志 / Audit log", no_args_is_help=True)
db = typer.Typer(name="db", help="数据库 / Database", no_args_is_help=True)


@audit.command("verify")
def verify(
    head: Annotated[
        str | None, typer.Option("--head", help="上次记下的链头 / the head noted last time")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """检查操作日志有无改动 / Check that nobody changed the audit log"""
    from assistant.check_audit import verify_audit
    from integrations.cli.terminal import show_audit

    with opened() as (app, person):
        view = verify_audit(app, person, earlier_head=head)
    if as_json:
        print_json(view.chain)
    else:
        show_audit(view, app.settings.language)
    if not view.whole:
        raise typer.Exit(1)


@db.command("upgrade")
def upgrade() -> None:
    """把数据库结构升到最新 / Bring the database schema up to date"""
    with opened() as (app, _person):
        typer.echo(f"ok: {app.database.engine.url.render_as_string(hide_password=True)}")
