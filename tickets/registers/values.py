"""What a field may hold: what people typed, as a value that can be kept, or why not."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from records.beijing import SHANGHAI, shanghai_day, to_the_minute
from records.errors import BadInput
from records.language import Bilingual
from tickets.registers.kinds import Condition, FieldOf, FieldType, Kind
from tickets.ticket import Json

LONGEST_TEXT = 4000
_YES = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}

Values = Mapping[str, Json]


def value_of(field: FieldOf, untrusted: Json, *, now: datetime) -> Json:
    """The value as it is kept; None clears the field. Raises BadInput naming the field.

    Persons, links and the masking of text are the verb's concern: they take a database.
    """
    if untrusted is None or untrusted in ("", []):
        return None
    try:
        return _READERS[field.type](field, untrusted, now)
    except (ValueError, TypeError, LookupError, OverflowError):
        raise _unfit(field) from None


def filled(values: Values, name: str) -> bool:
    """Whether a field holds something; "no" is an answer, too."""
    return values.get(name) not in (None, "", [])


def holds(condition: Condition, values: Values) -> bool:
    """Whether every named field has one of its answers. What names nothing always holds."""
    return all(_answers(values.get(name)) & set(wanted) for name, wanted in condition.items())


def unmet(kind: Kind, condition: Condition, values: Values) -> Bilingual:
    """What a condition asks for and the values do not say, in words: fields and their answers."""
    zh, en = [], []
    for name, wanted in condition.items():
        field = kind.field(name)
        if field is None or holds({name: wanted}, values):
            continue
        answers = [
            shown(field, _YES.get(one, False) if field.type is FieldType.YES_NO else one)
            for one in wanted
        ]
        zh.append(f"“{field.name.zh}”须为{'或'.join(f'“{one.zh}”' for one in answers)}")
        en.append(f"{field.name.en} ({name}) must be {' or '.join(one.en for one in answers)}")
    return Bilingual("，".join(zh), ", ".join(en))


def missing(kind: Kind, values: Values) -> tuple[FieldOf, ...]:
    """The fields that must be filled now and are not; a file comes later, by the move that needs it."""
    return tuple(
        one
        for one in kind.fields
        if one.type is not FieldType.FILE
        and (one.required or (one.required_when and holds(one.required_when, values)))
        and not filled(values, one.id)
    )


def shown(field: FieldOf, value: Json) -> Bilingual:
    """A value in words."""
    if value is None:
        return Bilingual("", "")
    if field.type is FieldType.YES_NO:
        return Bilingual("是", "yes") if value else Bilingual("否", "no")
    if field.type is FieldType.CHOICE:
        names = [field.options[str(o)] for o in _list(value) if str(o) in field.options]
        return Bilingual("、".join(n.zh for n in names), ", ".join(n.en for n in names))
    if field.type is FieldType.MOMENT:
        local = to_the_minute(datetime.fromisoformat(str(value)))
        return Bilingual(local, local)
    return Bilingual(str(value), str(value))


def _answers(value: Json) -> set[str]:
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    return {str(one) for one in _list(value)}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(_field: FieldOf, value: Json, _now: datetime) -> Json:
    if not isinstance(value, str):
        raise TypeError
    if len(value) > LONGEST_TEXT:
        raise ValueError
    return value.encode("utf-8", "replace").decode().strip() or None


def _choice(field: FieldOf, value: Json, _now: datetime) -> Json:
    named = {text: option for option, name in field.options.items() for text in (name.zh, name.en)}
    chosen = [named.get(str(one), str(one)) for one in _list(value)]
    if not set(chosen) <= field.options.keys() or (len(chosen) > 1 and not field.many):
        raise ValueError
    return list(dict.fromkeys(chosen)) if field.many else chosen[0]


def _date(field: FieldOf, value: Json, now: datetime) -> Json:
    day = date.fromisoformat(_typed(value))
    if field.past and day > shanghai_day(now):
        raise ValueError
    if not 1950 <= day.year <= 2200:
        raise ValueError
    return day.isoformat()


def _moment(field: FieldOf, value: Json, now: datetime) -> Json:
    at = datetime.fromisoformat(_typed(value))
    at = (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    if (field.past and at > now) or not 1950 <= at.year <= 2200:
        raise ValueError
    return at.isoformat(timespec="seconds")


def _number(field: FieldOf, value: Json, _now: datetime) -> Json:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    number = int(str(value).replace(",", "").strip())
    low = 0 if field.least is None else field.least
    if number < low or number > (2_000_000_000 if field.most is None else field.most):
        raise ValueError
    return number


def _yes_no(_field: FieldOf, value: Json, _now: datetime) -> Json:
    return value if isinstance(value, bool) else _YES[_typed(value).strip().lower()]


def _name(_field: FieldOf, value: Json, _now: datetime) -> Json:
    if len(_typed(value)) > 80:
        raise ValueError
    return _typed(value).strip() or None


def _file(_field: FieldOf, _value: Json, _now: datetime) -> Json:
    raise ValueError  # files come by attach_evidence, with their bytes


def _typed(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


_READERS = {
    FieldType.TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.DATE: _date,
    FieldType.MOMENT: _moment,
    FieldType.NUMBER: _number,
    FieldType.YES_NO: _yes_no,
    FieldType.PERSON: _name,
    FieldType.LINK: _name,
    FieldType.FILE: _file,
}
_WANTED = {
    FieldType.TEXT: Bilingual("最多 4000 字的文字", "text of at most 4,000 characters"),
    FieldType.CHOICE: Bilingual("所列选项", "one of the options listed"),
    FieldType.DATE: Bilingual("日期，如 2026-11-23", "a date such as 2026-11-23"),
    FieldType.MOMENT: Bilingual(
        "北京时间，如 2026-11-23T09:30", "a time in China such as 2026-11-23T09:30"
    ),
    FieldType.NUMBER: Bilingual("范围内的整数", "a whole number within its bounds"),
    FieldType.YES_NO: Bilingual("是或否", "yes or no"),
    FieldType.PERSON: Bilingual("人员编号", "the number of a person"),
    FieldType.LINK: Bilingual("编号", "a number"),
    FieldType.FILE: Bilingual("另行上传的文件", "a file, sent separately"),
}


def _unfit(field: FieldOf) -> BadInput:
    wanted = _WANTED[field.type]
    past_zh, past_en = ("，不能晚于现在", ", not in the future") if field.past else ("", "")
    zh = "、".join(f"{option}（{name.zh}）" for option, name in field.options.items())
    en = ", ".join(f"{option} ({name.en})" for option, name in field.options.items())
    listed_zh, listed_en = (f"：{zh}", f": {en}") if field.options else ("", "")
    return BadInput(
        f"“{field.name.zh}”须为{wanted.zh}{past_zh}{listed_zh}。",
        f"“{field.name.en}” must be {wanted.en}{past_en}{listed_en}.",
    )
