"""What must be gone by its date is gone, and the log says so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.app import App
from assistant.operations.upkeep import upkeep
from assistant.redaction.redact_file import redact_file
from assistant.redaction.redacted_copies import KEPT_FOR, fetch_redacted
from records.audit import latest_events
from records.errors import NotFound
from records.people import Person


@pytest.mark.parametrize(("late", "erased"), [(-1, 0), (0, 1), (1, 1)])
def test_a_redacted_copy_is_erased_on_its_day(
    app: App, employee: Person, late: int, erased: int
) -> None:
    file = redact_file(app, employee, "姓名:周明轩".encode(), "a.txt")
    then = app.clock() + KEPT_FOR + timedelta(seconds=late)
    later = replace(app, clock=lambda: then)
    assert upkeep(later) == erased
    with app.database.reading() as session:
        newest = latest_events(session, 1)[0]
    assert (newest.action == "file:erased") is bool(erased)
    if erased:
        with pytest.raises(NotFound):
            fetch_redacted(later, employee, file.file_id)
        assert not list((app.settings.home / "files").rglob("*.bin"))


def test_a_turn_with_nothing_due_leaves_no_event(app: App) -> None:
    assert upkeep(app) == 0
    with app.database.reading() as session:
        assert latest_events(session, 1) == []
