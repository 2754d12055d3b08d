"""Invented people's data that no log, error, figure, index, column or post may show."""

import pytest

from integrations.logs import Discreet

PHONE, IDENTITY, MAIL = "13911223344", "330106199003070011", "zhoumx@marked.example"
NAME = "周明轩"
MARKS = (PHONE, IDENTITY, MAIL, NAME)
SAID = f"客户{NAME}，身份证{IDENTITY}，手机{PHONE}，邮箱{MAIL}"


def written(caplog: pytest.LogCaptureFixture) -> str:
    """What our handlers would have written of the lines caught, in both forms."""
    forms = [Discreet("text"), Discreet("json")]
    # httpx is the client of the tests and tells what it asked for.
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    return "\n".join(form.format(record) for record in ours for form in forms)


def assert_clean(texts: dict[str, str]) -> None:
    """None of these texts, by their names, holds a mark, also not escaped as JSON would."""
    found = [(where, mark) for where, text in texts.items() for mark in MARKS if mark in text]
    escaped = NAME.encode("unicode_escape").decode()
    found += [(where, escaped) for where, text in texts.items() if escaped in text]
    assert found == []
