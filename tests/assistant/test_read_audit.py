"""The log as people read it: names beside numbers, pages, days in China."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.app import App
from assistant.operations.read_audit import event_name, read_audit
from records.errors import BadInput, NotPermitted
from records.people import Person, Role

People = Callable[..., Person]


def test_an_event_has_a_name_and_its_person(app: App, person_with: People) -> None:
    officer, auditor = person_with(Role.OFFICER), person_with(Role.AUDITOR)
    app.record(officer, "closing:listed", "projects")
    newest = read_audit(app, auditor).events[0]
    assert (newest.person, newest.name.zh, newest.event.subject) == (
        officer.name,
        "查看注销项目列表",
        "projects",
    )


def test_a_code_nobody_names_any_more_stands_for_itself() -> None:
    assert event_name("bygone:done").zh == "bygone:done"


def test_page_by_page_every_event_is_read_once(app: App, person_with: People) -> None:
    auditor = person_with(Role.AUDITOR)
    for number in range(7):
        app.record(auditor, "overview:read", f"page-{number}")
    seen: list[str] = []
    before = None
    while True:
        trail = read_audit(app, auditor, action="overview", before=before, limit=3)
        seen += [one.event.subject for one in trail.events]
        before = trail.older
        if before is None:
            break
    assert seen == [f"page-{number}" for number in reversed(range(7))]


def test_days_are_days_in_china(app: App, person_with: People) -> None:
    auditor = person_with(Role.AUDITOR)
    day, now = date(2026, 11, 23), app.clock()
    # It is 10:00 in Beijing, so these are 23:00 the day before, then the first and the last hour, then the day after.
    for hours in (-11, -10, 13, 14):
        late = replace(app, clock=lambda at=now + timedelta(hours=hours): at)
        late.record(auditor, "overview:read", f"{hours}")
    found = read_audit(app, auditor, action="overview", since=day, until=day).events
    assert [one.event.subject for one in found] == ["13", "-10"]


def test_days_the_wrong_way_round_are_refused(app: App, person_with: People) -> None:
    with pytest.raises(BadInput):
        read_audit(app, person_with(Role.AUDITOR), since=date(2026, 11, 2), until=date(2026, 11, 1))


def test_reading_is_for_those_permitted_and_on_record(app: App, person_with: People) -> None:
    auditor = person_with(Role.AUDITOR)
    for role in set(Role) - {Role.AUDITOR, Role.ADMINISTRATOR}:
        with pytest.raises(NotPermitted):
            read_audit(app, person_with(role))
    read_audit(app, auditor)
    assert read_audit(app, auditor, action="audit:read").events[0].event.person_id == auditor.id
