"""Form fields made from a kind's file: what the page shows, and what was typed into it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from records.beijing import SHANGHAI
from tickets.registers.kinds import FieldOf, FieldType, Kind
from tickets.registers.values import Values
from tickets.ticket import Json


@dataclass(frozen=True, slots=True)
class FormField:
    """One field on a page with what stands in it."""

    field: FieldOf
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        """What stands in a field that holds one thing."""
        return self.texts[0] if self.texts else ""


def form_fields(
    kind: Kind,
    values: Values,
    typed: Mapping[str, list[str]],
    *,
    without: Iterable[str] = (),
) -> tuple[FormField, ...]:
    """The fields of a kind but files, with what was typed, or else what is kept."""
    left_out = set(without)
    return tuple(
        FormField(one, tuple(typed[one.id]) if one.id in typed else as_typed(one, values))
        for one in kind.fields
        if one.type is not FieldType.FILE and one.id not in left_out
    )


def typed_values(
    kind: Kind, typed: Mapping[str, list[str]], *, before: Values | None = None
) -> dict[str, Json]:
    """What a form holds, as values; with `before`, only what is different from it."""
    found: dict[str, Json] = {}
    for one in kind.fields:
        if one.type is FieldType.FILE or one.id not in typed:
            continue
        texts = [text for text in typed[one.id] if text.strip()]
        kept = as_typed(one, before or {})
        if before is not None and tuple(texts) == kept:
            continue
        if before is None and not texts:
            continue
        found[one.id] = list(texts) if one.many else (texts[-1] if texts else None)
    return found


def as_typed(field: FieldOf, values: Values) -> tuple[str, ...]:
    """A kept value as a form shows it."""
    value = values.get(field.id)
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if field.type is FieldType.MOMENT:
        local = datetime.fromisoformat(str(value)).astimezone(SHANGHAI)
        return (f"{local:%Y-%m-%dT%H:%M}",)
    return (str(value),)
