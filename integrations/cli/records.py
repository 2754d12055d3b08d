"""`compliance audit` and `people`."""

from typing import Annotated

import typer

from integrations.cli.options import AsJson, roles
from integrations.cli.output import print_json
from integrations.cli.session import opened

audit = typer.Typer(name="audit", help="操作日志 / Audit log", no_args_is_help=True)
people = typer.Typer(name="people", help="人员与角色 / People and roles", no_args_is_help=True)


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


@people.command("list")
def list_people() -> None:
    """列出人员与角色 / List people and roles"""
    from assistant.manage_people import everybody
    from integrations.cli.terminal import show_people

    with opened() as (app, person):
        show_people(everybody(app, person), app.settings.language)


@people.command("add")
def add(
    name: Annotated[str, typer.Argument(help="姓名 / name")],
    role: Annotated[list[str], typer.Option("--role", help="角色，可多个 / role, repeatable")],
    login: Annotated[str | None, typer.Option(help="本机账号 / account on this machine")] = None,
    slack: Annotated[str | None, typer.Option(help="Slack: TEAM:USER")] = None,
) -> None:
    """登记一个人 / Register a person"""
    from assistant.manage_people import register

    with opened() as (app, person):
        added = register(app, person, name=name, roles=roles(role), login=login, slack_id=slack)
    typer.echo(added.id)


@people.command("token")
def token(
    person_id: Annotated[str, typer.Argument(help="人员编号 / number of the person")],
) -> None:
    """发一个新的访问令牌，只显示这一次 / Give a new access token, shown once"""
    from assistant.manage_people import new_token

    with opened() as (app, person):
        typer.echo(new_token(app, person, person_id))
