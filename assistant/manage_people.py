"""Register people, give them roles and access tokens."""

from collections.abc import Iterable

from assistant.app import App
from records.audit import Detail
from records.errors import BadInput
from records.people import Person, Role, add_person, all_people, give_token
from records.permissions import Permission


def everybody(app: App, person: Person) -> list[Person]:
    """All registered people. Raises NotPermitted."""
    app.authorise(person, Permission.PEOPLE_MANAGE)
    with app.database.reading() as session:
        people = all_people(session)
    app.record(person, "people:listed", "people", {"people": len(people)})
    return people


def register(
    app: App,
    person: Person,
    *,
    name: str,
    roles: Iterable[Role],
    login: str | None = None,
    slack_id: str | None = None,
) -> Person:
    """A new person. Raises NotPermitted, BadInput, or Conflict where an account is taken."""
    app.authorise(person, Permission.PEOPLE_MANAGE)
    chosen = frozenset(roles)
    if not name.strip() or not chosen:
        raise BadInput("请给出姓名和至少一个角色。", "Give a name and at least one role.")
    with app.database.transaction() as session:
        added = add_person(
            session,
            name=name.strip(),
            roles=chosen,
            login=login,
            slack_id=slack_id,
            language=app.settings.language,
            now=app.clock(),
        )
        details: dict[str, Detail] = {"roles": ",".join(sorted(chosen))}
        app.append(session, person, "people:registered", added.id, details)
    return added


def new_token(app: App, person: Person, person_id: str) -> str:
    """A new access token for somebody, shown this once. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.PEOPLE_MANAGE)
    with app.database.transaction() as session:
        token = give_token(session, person_id)
        app.append(session, person, "people:token-given", person_id)
    return token
