"""Which records of a closing project, as a person writes it at any door."""

import re
from enum import StrEnum
from typing import TypeVar

from records.errors import BadInput
from tickets.closing.decisions import Fate
from tickets.closing.progress import NOTICES
from tickets.closing.records import Filter
from tickets.retention.facts import RecordKind, Status

Choice = TypeVar("Choice", bound=StrEnum)
_CODE = re.compile(r"(?:C-)?0*(\d{1,7})", re.IGNORECASE)


def closing_filter(
    *,
    kind: str | None = None,
    status: str | None = None,
    fate: str | None = None,
    undecided: bool = False,
    client: str | None = None,
    notice: str | None = None,
    sensitive: bool | None = None,
) -> Filter:
    """The filter from texts; empty ones do not matter. Raises BadInput naming what may stand there."""
    if notice and notice not in (*NOTICES, "none"):
        raise BadInput(
            "通知状态不认识。", f"Notice is one of: none, {', '.join(filter(None, NOTICES))}."
        )
    return Filter(
        kind=_one(RecordKind, kind),
        status=_one(Status, status),
        fate=_one(Fate, fate),
        undecided=undecided,
        client=client_number(client) if client else None,
        notice=("" if notice == "none" else notice) if notice else None,
        sensitive=sensitive,
    )


def client_number(text: str) -> int:
    """42 from C-00042. Raises BadInput."""
    found = _CODE.fullmatch(text.strip())
    if found is None:
        raise BadInput("客户编号写成 C-00042 这样。", "Write the client's number like C-00042.")
    return int(found.group(1))


def _one(choices: type[Choice], text: str | None) -> Choice | None:
    if not text:
        return None
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(choices)
        raise BadInput(f"请从这些里选：{known}。", f"Choose one of: {known}.") from None
