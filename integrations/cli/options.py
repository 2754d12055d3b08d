"""Options the commands share, and what is read from the text given to them."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from records.beijing import SHANGHAI
from records.errors import BadInput
from records.language import Language
from records.people import Role
from tickets.retention.facts import HolderType, RecordKind
from tickets.retention.table import named, names_of

Choice = TypeVar("Choice", bound=StrEnum)

PublicKey = Annotated[
    str,
    typer.Option(
        "--key",
        help="出具方的公钥，或存有它的文件 / the issuer's public key, or a file; else our own",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="只看会怎样，不改动 / show what would happen, change nothing"),
]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")]
Lang = Annotated[Language | None, typer.Option("--lang", help="zh 或 en / answer language")]


def day(text: str | None) -> date | None:
    """A date written 2026-11-23. Raises BadInput."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("日期请写成 2026-11-23 这样。", "Write the date like 2026-11-23.") from None


def moment(text: str | None) -> datetime | None:
    """A moment in China unless it names its own zone. Raises BadInput."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            "时间请写成 2026-11-20T20:15 这样（北京时间）。",
            "Write the time like 2026-11-20T20:15 (time in China).",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def holder_type(text: str | None) -> HolderType | None:
    """The kind of company by its name. Raises BadInput."""
    return None if text is None else _by_name(text, HolderType)


def record_kind(text: str) -> RecordKind:
    """The kind of record by its id or its name in either language. Raises BadInput."""
    return _by_name(text, RecordKind)


def _by_name(text: str, choices: type[Choice]) -> Choice:
    if (found := named(choices, text)) is None:
        known = names_of(choices)
        raise BadInput(f"请从这些里选：{known.zh}。", f"Choose one of: {known.en}.")
    return found


def key_given(text: str) -> str:
    """A public key as it was typed, or out of the file that was named."""
    file = Path(text)
    return file.read_text("utf-8", "replace") if text and file.is_file() else text


def facts_given(texts: list[str]) -> dict[str, str]:
    """Facts written name=value. Raises BadInput."""
    if any("=" not in one for one in texts):
        raise BadInput("请写成 名称=内容。", "Write name=value.")
    return dict(one.split("=", 1) for one in texts)


def roles(texts: list[str]) -> frozenset[Role]:
    """Roles by their names. Raises BadInput."""
    return frozenset(choice(text, Role) for text in texts)


def choice(text: str, choices: type[Choice]) -> Choice:
    """One of a closed set by its name. Raises BadInput naming them all."""
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(choices)
        raise BadInput(f"请从这些里选：{known}。", f"Choose one of: {known}.") from None
