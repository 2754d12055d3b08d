"""Forms: what a person fills in, whichever door shows it, and what is wrong with what came back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from integrations.replies.model import Choice
from records.language import Bilingual, Language

# Clocks of two computers differ a little.
SKEW = timedelta(minutes=5)
LONGEST_TEXT = 3000


class FieldKind(StrEnum):
    """How a field is filled in. A moment comes as seconds since 1970, a day as 2026-11-23, several
    choices with commas between."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    MANY = "many"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked for. `most` counts characters, or is the largest number."""

    id: str
    label: str
    kind: FieldKind
    required: bool = True
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = LONGEST_TEXT
    value: str = ""
    # A day or moment that may lie in the future.
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What an act needs to know before it is done."""

    language: Language
    title: str
    fields: tuple[Field, ...]
    lead: str = ""

    def filled(self, **values: str) -> "Form":
        """The form with these values standing in it, cut to what a field takes."""
        fields = (
            replace(one, value=values[one.id][: one.most]) if values.get(one.id) else one
            for one in self.fields
        )
        return replace(self, fields=tuple(fields))

    def offering(self, field: str, choices: tuple[Choice, ...]) -> "Form":
        """The form with the choices of one field."""
        fields = (replace(one, choices=choices) if one.id == field else one for one in self.fields)
        return replace(self, fields=tuple(fields))


_EMPTY = Bilingual("请填写这一项。", "Please fill this in.")
_FUTURE = Bilingual("不能晚于现在。", "This cannot be in the future.")
_NO_NUMBER = Bilingual("请填整数，例如 1200。", "A whole number, such as 1200.")
_NO_DAY = Bilingual("请填日期，例如 2026-11-23。", "A date, such as 2026-11-23.")
_UNKNOWN = Bilingual("请从列表中选择。", "Please choose from the list.")


def problems(form: Form, values: Mapping[str, str], now: datetime) -> dict[str, str]:
    """What is wrong, by field; empty where all may go on. Asks no database and no network."""
    found = {one.id: _problem(one, values.get(one.id, "").strip(), now) for one in form.fields}
    return {name: said.pick(form.language) for name, said in found.items() if said}


def _problem(field: Field, value: str, now: datetime) -> Bilingual | None:
    if not value:
        return _EMPTY if field.required else None
    match field.kind:
        case FieldKind.NUMBER:
            return _number_problem(field, value)
        case FieldKind.DAY:
            return _day_problem(value, None if field.ahead else now)
        case FieldKind.MOMENT:
            return _moment_problem(value, None if field.ahead else now)
        case FieldKind.CHOICE | FieldKind.MANY:
            known = {one.id for one in field.choices}
            chosen = set(value.split(",")) if field.kind is FieldKind.MANY else {value}
            return _UNKNOWN if known and not chosen <= known else None
        case _:
            return _length_problem(field, value)


def _length_problem(field: Field, value: str) -> Bilingual | None:
    if len(value) < field.least:
        return Bilingual(f"请至少写 {field.least} 个字。", f"At least {field.least} characters.")
    if len(value) > field.most:
        return Bilingual(f"请不超过 {field.most} 字。", f"At most {field.most} characters.")
    return None


def _number_problem(field: Field, value: str) -> Bilingual | None:
    if not (value.isascii() and value.isdecimal() and len(value) <= 12):
        return _NO_NUMBER
    if not field.least <= int(value) <= field.most:
        return Bilingual(
            f"请填 {field.least} 到 {field.most} 之间的整数。",
            f"A whole number from {field.least} to {field.most}.",
        )
    return None


def _day_problem(value: str, latest: datetime | None) -> Bilingual | None:
    try:
        given = date.fromisoformat(value)
    except ValueError:
        return _NO_DAY
    # The day may have begun in China already.
    return _FUTURE if latest and given > (latest + timedelta(hours=8)).date() else None


def _moment_problem(value: str, latest: datetime | None) -> Bilingual | None:
    given = moment_of(value)
    if given is None:
        return _NO_NUMBER
    return _FUTURE if latest and given > latest + SKEW else None


def moment_of(value: str) -> datetime | None:
    """The moment a field of that kind holds; None for nothing, or for what is none."""
    if not (value.isascii() and value.isdecimal() and len(value) <= 11):
        return None
    return datetime.fromtimestamp(int(value), UTC)
