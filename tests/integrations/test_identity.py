"""Who is asking: by a link that opens once, by a program's token within its scopes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.app import App
from assistant.people.own_account import end_own_token, make_token
from assistant.people.sign_in import LINK_LIFETIME, new_link, person_with_link
from integrations.identity import person_with_token, program_with_token
from records.accounts import LinkPurpose
from records.errors import NotPermitted
from records.people import Person
from records.permissions import Permission, allowed

SIGN_IN = LinkPurpose.SIGN_IN


def test_the_link_signs_its_person_in_once(app: App, employee: Person) -> None:
    link = new_link(app, employee)
    assert person_with_link(app, link, SIGN_IN) == employee
    assert person_with_link(app, link, SIGN_IN) is None


@pytest.mark.parametrize(("late", "signs_in"), [(-1, True), (0, False), (1, False)])
def test_the_link_ends_after_a_day(app: App, employee: Person, late: int, signs_in: bool) -> None:
    link = new_link(app, employee)
    then = app.clock() + LINK_LIFETIME + timedelta(seconds=late)
    later = replace(app, clock=lambda: then)
    assert (person_with_link(later, link, SIGN_IN) is not None) is signs_in


def test_a_newer_link_voids_the_one_before(app: App, employee: Person) -> None:
    first, second = new_link(app, employee), new_link(app, employee)
    assert person_with_link(app, first, SIGN_IN) is None
    assert person_with_link(app, second, SIGN_IN) == employee


def test_a_link_to_sign_in_chooses_no_password_and_the_other_way_round(
    app: App, employee: Person
) -> None:
    assert person_with_link(app, new_link(app, employee), LinkPurpose.WELCOME) is None
    welcome = new_link(app, employee, LinkPurpose.WELCOME)
    assert person_with_link(app, welcome, SIGN_IN) is None


@pytest.mark.parametrize("forged", ["", ".", "P-1", "é" * 50])
def test_a_forged_link_signs_nobody_in(app: App, forged: str) -> None:
    assert person_with_link(app, forged, SIGN_IN) is None


def test_a_programs_token_allows_what_it_is_for_and_nothing_else(
    app: App, administrator: Person
) -> None:
    made = make_token(app, administrator, name="归档", scopes=["question:ask"])
    program = program_with_token(app, made.text)
    assert program.id == administrator.id
    assert {one for one in Permission if allowed(program, one)} == {Permission.QUESTION_ASK}
    with pytest.raises(NotPermitted, match="令牌"):
        app.authorise(program, Permission.AUDIT_VERIFY)


def test_a_programs_token_signs_nobody_in_at_the_console(app: App, administrator: Person) -> None:
    made = make_token(app, administrator, name="归档", scopes=["question:ask"])
    with pytest.raises(NotPermitted):
        person_with_token(app, made.text)


def test_a_programs_token_ends_when_revoked_or_past_its_days(app: App, employee: Person) -> None:
    made = make_token(app, employee, name="归档", scopes=["question:ask"], days=1)
    tomorrow = replace(app, clock=lambda: app.clock() + timedelta(days=1))
    with pytest.raises(NotPermitted):
        program_with_token(tomorrow, made.text)
    end_own_token(app, employee, made.id)
    with pytest.raises(NotPermitted):
        program_with_token(app, made.text)


@pytest.mark.parametrize(
    "scopes", [[], ["audit:verify"], ["people:manage"], ["account:own"], ["x"]]
)
def test_a_token_goes_no_further_than_its_maker_and_never_makes_tokens(
    app: App, employee: Person, scopes: list[str]
) -> None:
    from records.errors import BadInput

    with pytest.raises(BadInput):
        make_token(app, employee, name="归档", scopes=scopes)
