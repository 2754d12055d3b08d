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
Out = Annotated[
    Path, typer.Option("--out", help="文件夹，或要写的文件 / a folder, or the file to write")
]
# What a name ends in that is meant as a file; a folder may bear other dots, like 2026.11.
_FILES = frozenset(
    {".apkg", ".csv", ".docx", ".json", ".md", ".pdf", ".txt", ".xlsx", ".xml", ".zip"}
)


def named_file(out: Path) -> str:
    """The ending of a name meant as a file, like ".xlsx"; empty for a folder."""
    ending = out.suffix.lower()
    return ending if ending in _FILES and not out.is_dir() else ""


def file_or_folder(out: Path, ending: str) -> None:
    """Nothing if a file with this ending (".xlsx") can be put there. Raises BadInput."""
    if named_file(out) not in ("", ending):
        raise BadInput(
            f"结果是 {ending} 文件。--out 请写以 {ending} 结尾的文件名，或写一个文件夹。",
            f"The result is a {ending} file. Give --out a name that ends in {ending}, or a folder.",
        )


def place(out: Path, name: str) -> Path:
    """The file named by --out, else the folder with the result's own name. Raises BadInput."""
    file_or_folder(out, Path(name).suffix)
    return out if named_file(out) else out / name


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
