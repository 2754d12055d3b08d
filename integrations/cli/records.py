"""`compliance audit` and `people`."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.options import AsJson, roles
from integrations.cli.output import print_json, say
from integrations.cli.session import opened

audit = typer.Typer(name="audit", help="操作日志 / Audit log", no_args_is_help=True)
people = typer.Typer(name="people", help="人员与角色 / People and roles", no_args_is_help=True)


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


@people.command("erase")
def erase(
    person_id: Annotated[str, typer.Argument(help="人员编号 / number of the person")],
    confirm: Annotated[str, typer.Option(help="再写一次编号 / the number once more")] = "",
) -> None:
    """删除一个人的姓名、账号、提问和文件，只留编号 / Erase a person's data; the number alone stays"""
    from assistant.erase_person import erase_person

    with opened() as (app, person):
        again = confirm or typer.prompt("再写一次编号 / the number once more")
        gone = erase_person(app, person, person_id, confirmation=again)
    say(
        f"已删除 {gone.person_id} 的资料：提问 {gone.questions} 条，文件 {gone.files} 个。",
        f"Erased {gone.person_id}: {gone.questions} questions, {gone.files} files.",
    )


@people.command("token")
def token(
    person_id: Annotated[str, typer.Argument(help="人员编号 / number of the person")],
) -> None:
    """发一个新的访问令牌，只显示这一次 / Give a new access token, shown once"""
    from assistant.manage_people import new_token

    with opened() as (app, person):
        typer.echo(new_token(app, person, person_id))
