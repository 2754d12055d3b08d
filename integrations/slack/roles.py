"""Roles from Slack: who is in which user group, as COMPLIANCE_SLACK_ROLES maps groups and users.

Refreshed every hour. A group that cannot be read changes nothing: roles are neither given nor taken
on a guess.
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from assistant.app import App
from assistant.people.follow_groups import follow_groups
from integrations.chat.calls import CallFailed
from integrations.slack.workspaces import Workspaces
from records.errors import BadInput
from records.people import Role

# A Slack administrator decides who is in a group; who administers this product is decided here.
NEVER = frozenset({Role.ADMINISTRATOR})
EVERY = timedelta(hours=1)
_ENTRY = re.compile(r"(?P<id>[SUW][A-Z0-9]{2,20})\s*=\s*(?P<roles>[a-z_]+(?:\s*\+\s*[a-z_]+)*)")

logger = logging.getLogger(__name__)


def parse_roles(text: str) -> dict[str, frozenset[Role]]:
    """Roles by user group or user. Raises BadInput for what cannot be read, and for administrators."""
    found: dict[str, frozenset[Role]] = {}
    for entry in filter(None, (one.strip() for one in text.split(","))):
        match = _ENTRY.fullmatch(entry)
        names = [one.strip() for one in match["roles"].split("+")] if match else []
        known = {one.value for one in Role if one not in NEVER}
        if match is None or not set(names) <= known:
            raise BadInput(
                f"COMPLIANCE_SLACK_ROLES 看不懂“{entry[:60]}”。写法：S0123ABCD=records_officer+approver；"
                f"角色：{'、'.join(sorted(known))}。管理员只能用 compliance people 登记。",
                f"COMPLIANCE_SLACK_ROLES: “{entry[:60]}” cannot be read. Write S0123ABCD=records_officer"
                f"+approver; roles: {', '.join(sorted(known))}. Administrators are registered by "
                "compliance people only.",
            )
        found[match["id"]] = found.get(match["id"], frozenset()) | {Role(one) for one in names}
    return found


class Groups:
    """Keeps people's roles as the groups say."""

    def __init__(
        self, app: App, workspaces: Workspaces, teams: Callable[[], Iterable[str]]
    ) -> None:
        self._app = app
        self._workspaces = workspaces
        self._teams = teams
        self._mapped = parse_roles(app.settings.slack_roles)
        self._last: datetime | None = None

    def turn(self) -> None:
        """Refresh soon after the start, then every hour."""
        now = self._app.clock()
        if self._mapped and (self._last is None or now - self._last >= EVERY):
            self._last = now
            self.refresh()

    def refresh(self) -> None:
        """Ask for the groups now, a workspace at a time."""
        for team in self._teams():
            members = self._members(team)
            if members is not None:
                follow_groups(self._app, team, members, managed=self._managed)

    @property
    def _managed(self) -> frozenset[Role]:
        return frozenset[Role]().union(*self._mapped.values())

    def _members(self, team: str) -> Mapping[str, frozenset[Role]] | None:
        """Roles by user; nothing at all where one group could not be read."""
        found: dict[str, frozenset[Role]] = {}
        for one, roles in self._mapped.items():
            try:
                users: Iterable[str] = (
                    self._workspaces.slack(team).members_of_group(one, team=team)
                    if one.startswith("S")
                    else (one,)
                )
            except CallFailed as error:
                logger.warning("roles were not refreshed: a user group cannot be read (%s)", error)
                return None
            for user in users:
                found[user] = found.get(user, frozenset()) | roles
        return found
