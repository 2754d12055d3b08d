"""Roles as the groups of a chat workspace say, for the roles that are managed there and no others."""

from collections.abc import Mapping

from assistant.app import App
from assistant.operations.upkeep import SYSTEM
from records.people import Role, add_person, people_in_chat, set_roles


def follow_groups(
    app: App, team: str, members: Mapping[str, frozenset[Role]], *, managed: frozenset[Role]
) -> int:
    """How many people's roles changed. Of `managed` roles everybody has what the groups give.

    `members`: roles by user of this workspace. Roles given otherwise stay; who is in a group and was
    never seen is registered. Who has no role left comes back by an administrator alone. Done by the
    schedule, not by a person.
    """
    given = {f"{team}:{user}": roles & managed for user, roles in members.items()}
    default = app.settings.slack_default_role
    first = frozenset({default} if default else ())
    changed = added = 0
    with app.database.transaction() as session:
        known = {
            slack_id: person
            for person, slack_id in people_in_chat(session, "slack")
            if slack_id.partition(":")[0] == team
        }
        for slack_id, person in known.items():
            if not person.roles:
                continue
            # Without any role left, one is what a newcomer is.
            roles = (person.roles - managed) | given.get(slack_id, frozenset()) or first
            if roles != person.roles:
                set_roles(session, person.id, roles)
                changed += 1
        for slack_id in sorted(given.keys() - known.keys()):
            roles = given[slack_id] | first
            add_person(session, name=slack_id, slack_id=slack_id, roles=roles, now=app.clock())
            added += 1
        if changed or added:
            counts = {"changed": changed, "registered": added}
            app.append(session, SYSTEM, "people:groups-followed", team, counts)
    return changed + added
