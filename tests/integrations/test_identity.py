"""The sign-in link: for its person, for a day, and not to be forged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.app import App
from integrations.identity import LINK_LIFETIME, person_with_code, sign_in_code
from records.people import Person


def test_the_link_signs_its_person_in(app: App, employee: Person) -> None:
    assert person_with_code(app, sign_in_code(app, employee)) == employee


@pytest.mark.parametrize(("late", "signs_in"), [(-1, True), (0, False), (1, False)])
def test_the_link_ends_after_a_day(app: App, employee: Person, late: int, signs_in: bool) -> None:
    code = sign_in_code(app, employee)
    then = app.clock() + LINK_LIFETIME + timedelta(seconds=late)
    later = replace(app, clock=lambda: then)
    assert (person_with_code(later, code) is not None) is signs_in


@pytest.mark.parametrize("forged", ["", ".", "P-1", "P-1.9999999999.", "P-1.x.y", "a.b.c.d"])
def test_a_forged_link_signs_nobody_in(app: App, forged: str) -> None:
    assert person_with_code(app, forged) is None


def test_a_link_cannot_be_turned_to_another_person_or_day(
    app: App, employee: Person, administrator: Person
) -> None:
    person_id, expires_at, seal = sign_in_code(app, employee).split(".")
    assert person_with_code(app, f"{administrator.id}.{expires_at}.{seal}") is None
    assert person_with_code(app, f"{person_id}.{int(expires_at) + 1}.{seal}") is None
