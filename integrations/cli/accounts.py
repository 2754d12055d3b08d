"""`compliance people …` and `compliance account …`: who may use the product, and one's own account."""

from typing import Annotated

import typer

from integrations.cli.options import AsJson, DryRun, Yes, roles
from integrations.cli.output import print_json, say
from integrations.cli.session import opened

people = typer.Typer(name="people", help="人员与角色 / People and roles", no_args_is_help=True)
account = typer.Typer(name="account", help="我的账户 / My account", no_args_is_help=True)

PersonId = Annotated[str, typer.Argument(help="人员编号 / number of the person, P-…")]


@people.command("list")
def list_people(as_json: AsJson = False) -> None:
    """列出人员与角色 / List people and roles"""
    from assistant.people.manage_people import everybody
    from integrations.cli.terminal import show_people

    with opened() as (app, person):
        found = everybody(app, person)
    if as_json:
        print_json(found)
    else:
        show_people(found, app.settings.language)


@people.command("add")
def add(
    name: Annotated[str, typer.Argument(help="姓名 / name")],
    role: Annotated[list[str], typer.Option("--role", help="角色，可多个 / role, repeatable")],
    login: Annotated[str | None, typer.Option(help="本机账号 / account on this machine")] = None,
    slack: Annotated[str | None, typer.Option(help="Slack: TEAM:USER")] = None,
    feishu: Annotated[str | None, typer.Option(help="飞书 / Feishu: TENANT_KEY:OPEN_ID")] = None,
) -> None:
    """登记一个人 / Register a person"""
    from assistant.people.manage_people import register

    with opened() as (app, person):
        added = register(
            app,
            person,
            name=name,
            roles=roles(role),
            login=login,
            slack_id=slack,
            feishu_id=feishu,
        )
    typer.echo(added.id)


@people.command("mail")
def mail(
    person_id: PersonId,
    address: Annotated[str, typer.Argument(help="邮箱，留空则取消 / address, empty for none")] = "",
) -> None:
    """登记此人报告事件用的邮箱 / The address somebody reports incidents from"""
    from assistant.people.manage_people import give_mail

    with opened() as (app, person):
        give_mail(app, person, person_id, address)
    say("已登记。", "On record.")


@people.command("erase")
def erase(
    person_id: Annotated[str, typer.Argument(help="人员编号 / number of the person")],
    confirm: Annotated[str, typer.Option(help="再写一次编号 / the number once more")] = "",
    dry_run: DryRun = False,
) -> None:
    """删除一个人的姓名、账号、提问和文件，只留编号 / Erase a person's data; the number alone stays"""
    from assistant.people.erase_person import erase_person

    with opened() as (app, person):
        again = person_id if dry_run else confirm
        again = again or typer.prompt("再写一次编号 / the number once more")
        gone = erase_person(app, person, person_id, confirmation=again, dry_run=dry_run)
    if dry_run:
        say(
            f"会删除 {gone.person_id} 的资料：提问 {gone.questions} 条，文件 {gone.files} 个。还没有删除。",
            f"Would erase {gone.person_id}: {gone.questions} questions, {gone.files} files. "
            "Nothing was erased.",
        )
        return
    say(
        f"已删除 {gone.person_id} 的资料：提问 {gone.questions} 条，文件 {gone.files} 个。",
        f"Erased {gone.person_id}: {gone.questions} questions, {gone.files} files.",
    )


@people.command("token")
def token(person_id: PersonId) -> None:
    """发一个新的访问令牌，只显示这一次 / Give a new access token, shown once"""
    from assistant.people.manage_people import new_token

    with opened() as (app, person):
        typer.echo(new_token(app, person, person_id))


@people.command("link")
def link(
    person_id: PersonId,
    end_authenticator: Annotated[
        bool, typer.Option("--end-authenticator", help="手机丢了 / the phone is lost")
    ] = False,
) -> None:
    """发一次性链接，本人用它设置新密码 / Make a one-time link to choose a new password

    一天内有效，只显示这一次；此人的登录立即失效。 / Good for a day, shown once; their sessions end now.
    """
    from assistant.people.manage_people import make_link

    with opened() as (app, person):
        made = make_link(app, person, person_id, keep_authenticator=not end_authenticator)
        base = app.settings.console_url()
    typer.echo(f"{base}/welcome?token={made}")


@people.command("roles")
def new_roles(
    person_id: PersonId,
    role: Annotated[list[str], typer.Option("--role", help="角色，可多个 / role, repeatable")],
) -> None:
    """改一个人的角色 / Change somebody's roles"""
    from assistant.people.manage_people import change_roles

    with opened() as (app, person):
        changed = change_roles(app, person, person_id, roles(role))
    typer.echo(f"{changed.id}: {', '.join(sorted(changed.roles))}")


@people.command("leave")
def leave(
    person_id: PersonId,
    yes: Yes = False,
) -> None:
    """有人离职：收回角色、密码、令牌和登录 / Somebody leaves: roles, password, tokens, sessions go"""
    from assistant.people.manage_people import let_go

    if not yes:
        typer.confirm(f"{person_id}: 收回全部权限？ / take everything back?", abort=True)
    with opened() as (app, person):
        let_go(app, person, person_id)


@account.command("show")
def show(as_json: AsJson = False) -> None:
    """怎样登录、在哪里登录着、有哪些令牌 / How you sign in, where, and your tokens"""
    from assistant.people.own_account import read_account
    from integrations.cli.accounts_tables import show_account

    with opened() as (app, person):
        view = read_account(app, person)
    if as_json:
        print_json(view)
    else:
        show_account(view, app.settings.language, app.clock())


@account.command("token")
def make(
    name: Annotated[str, typer.Argument(help="给哪个程序 / for which program")],
    scope: Annotated[
        list[str], typer.Option("--scope", help="权限，可多个，如 question:ask / permission")
    ],
    days: Annotated[int, typer.Option(help="有效天数 / days")] = 90,
) -> None:
    """给程序发一个有限权限的令牌，只显示这一次 / Make a scoped token for a program, shown once"""
    from assistant.people.own_account import make_token

    with opened() as (app, person):
        typer.echo(make_token(app, person, name=name, scopes=scope, days=days).text)


@account.command("revoke")
def revoke(
    token_id: Annotated[str, typer.Argument(help="令牌编号 / number of the token, K-…")],
) -> None:
    """作废一个令牌 / Revoke a token"""
    from assistant.people.own_account import end_own_token

    with opened() as (app, person):
        end_own_token(app, person, token_id)


@account.command("sign-out")
def sign_out(
    session_id: Annotated[
        str | None, typer.Argument(help="登录编号 W-…；不写为全部 / a session; all if left out")
    ] = None,
) -> None:
    """结束网页登录 / End sessions in browsers"""
    from assistant.people.own_account import end_other_sessions, end_session

    with opened() as (app, person):
        if session_id is None:
            ended = end_other_sessions(app, person)
        else:
            end_session(app, person, session_id)
            ended = 1
    say(f"已结束 {ended} 个登录。", f"{ended} sessions ended.")
