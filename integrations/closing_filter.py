"""Which records of a closing project, as a person writes it at any door."""

from enum import StrEnum
from typing import TypeVar

from records.errors import BadInput
from tickets.closing.decisions import Fate
from tickets.closing.progress import NOTICES
from tickets.closing.records import Filter, client_number
from tickets.retention.facts import RecordKind, Status

Choice = TypeVar("Choice", bound=StrEnum)


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


def _one(choices: type[Choice], text: str | None) -> Choice | None:
    if not text:
        return None
    try:
        return choices(text)
    except ValueError:
        known = ", ".join(choices)
        raise BadInput(f"请从这些里选：{known}。", f"Choose one of: {known}.") from None
