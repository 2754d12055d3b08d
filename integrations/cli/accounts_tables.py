"""One's account as tables on a terminal."""

from datetime import datetime

from rich.console import Console
from rich.table import Table

from assistant.people.own_account import AccountView
from records.beijing import to_the_minute
from records.language import Language


def show_account(view: AccountView, language: Language, now: datetime) -> None:
    """How one signs in, sessions, tokens."""

    def say(zh: str, en: str) -> str:
        return zh if language is Language.ZH else en

    def moment(at: datetime | None) -> str:
        return to_the_minute(at) if at else "–"

    account = view.account
    on, off = say("已启用", "on"), say("未启用", "off")
    console = Console()
    console.print(
        f"{account.person_id}  {account.sign_in_name or '–'}  "
        f"{say('密码', 'password')}: {moment(account.password_set_at)}  "
        f"{say('两步验证', 'two-step')}: {on if account.has_totp else off}",
        markup=False,
    )
    sessions = Table(
        "", say("设备", "device"), say("方式", "by"), say("最近使用", "last used"), box=None
    )
    for one in view.sessions:
        sessions.add_row(one.id, one.device, one.by.label.pick(language), moment(one.seen_at))
    tokens = Table(
        "", say("名称", "name"), say("权限", "permissions"), say("有效至", "until"), box=None
    )
    for token in view.tokens:
        ends = moment(token.expires_at) if token.good(now) else say("已失效", "over")
        tokens.add_row(token.id, token.name, ", ".join(sorted(token.scopes)), ends)
    for table in (sessions, tokens):
        if table.row_count:
            console.print(table)
