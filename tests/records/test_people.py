"""People, roles and what each may do."""

from datetime import UTC, datetime

import pytest

from records.database import Database
from records.errors import Conflict, NotPermitted
from records.people import (
    Person,
    Role,
    add_person,
    give_token,
    person_by_account,
    person_by_login,
    person_by_token,
)
from records.permissions import Permission, allowed, require

NOW = datetime(2026, 11, 23, tzinfo=UTC)

pytestmark = pytest.mark.both_engines


def test_a_person_is_found_by_each_account(database: Database) -> None:
    with database.transaction() as session:
        person = add_person(
            session,
            name="林晓",
            roles={Role.RESPONDER, Role.EMPLOYEE},
            login="lin",
            slack_id="T1:U1",
            now=NOW,
        )
        token = give_token(session, person.id)
    with database.reading() as session:
        assert person_by_login(session, "lin") == person
        assert person_by_account(session, "slack", "T1:U1") == person
        assert person_by_token(session, token) == person
        assert person_by_token(session, token + "x") is None


def test_a_new_token_ends_the_one_before(database: Database) -> None:
    with database.transaction() as session:
        person = add_person(session, name="林晓", roles={Role.EMPLOYEE}, now=NOW)
        first = give_token(session, person.id)
        second = give_token(session, person.id)
        assert person_by_token(session, first) is None
        assert person_by_token(session, second) == person


def test_an_account_belongs_to_one_person(database: Database) -> None:
    with database.transaction() as session:
        add_person(session, name="林晓", roles={Role.EMPLOYEE}, login="lin", now=NOW)
        with pytest.raises(Conflict):
            add_person(session, name="何凡", roles={Role.EMPLOYEE}, login="lin", now=NOW)


@pytest.mark.parametrize(
    ("role", "permission", "may"),
    [
        (Role.EMPLOYEE, Permission.QUESTION_ASK, True),
        (Role.EMPLOYEE, Permission.INCIDENT_REPORT, True),
        (Role.EMPLOYEE, Permission.INCIDENT_READ, False),
        (Role.EMPLOYEE, Permission.AUDIT_VERIFY, False),
        (Role.RESPONDER, Permission.INCIDENT_READ, True),
        (Role.RESPONDER, Permission.KNOWLEDGE_INGEST, False),
        (Role.OFFICER, Permission.KNOWLEDGE_INGEST, True),
        (Role.AUDITOR, Permission.AUDIT_VERIFY, True),
        (Role.AUDITOR, Permission.PEOPLE_MANAGE, False),
        (Role.ADMINISTRATOR, Permission.PEOPLE_MANAGE, True),
    ],
)
def test_a_role_may_do_its_own_things_only(role: Role, permission: Permission, may: bool) -> None:
    assert allowed(Person("P-1", "林晓", frozenset({role})), permission) is may


def test_without_a_role_nothing_is_allowed() -> None:
    nobody = Person("P-1", "林晓", frozenset())
    assert not any(allowed(nobody, permission) for permission in Permission)


def test_a_refusal_names_who_could_and_not_who_asked() -> None:
    with pytest.raises(NotPermitted) as refusal:
        require(Person("P-1", "林晓"), Permission.AUDIT_VERIFY)
    assert "审计人员" in refusal.value.message.zh
    assert "林晓" not in str(refusal.value)
