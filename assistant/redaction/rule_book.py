"""The rules every door obeys: the company's allow list and what reviewers decided, in force today."""

import threading
from collections.abc import Callable
from datetime import date

from pii.allow_list import AllowList
from pii.kinds import Kind
from pii.rules import Effect, Rule, Rules
from records.database import Database
from records.redaction_rules import KeptRule, RuleStore


class RuleBook:
    """Reads the rules again only when one was added, withdrawn, or the day has changed."""

    def __init__(
        self,
        database: Database,
        store: RuleStore,
        allow_list: AllowList,
        today: Callable[[], date],
    ) -> None:
        self._database = database
        self._store = store
        self._allow_list = allow_list
        self._today = today
        self._lock = threading.Lock()
        self._read: tuple[tuple[date, tuple[int, int]], Rules] | None = None

    def current(self) -> Rules:
        """The rules in force now."""
        today = self._today()
        with self._lock, self._database.reading() as session:
            state = (today, self._store.revision(session))
            if self._read is None or self._read[0] != state:
                kept = [as_rule(rule) for rule in self._store.active(session, today)]
                self._read = state, Rules((*self._allow_list.in_force(today), *kept))
            return self._read[1]


def as_rule(kept: KeptRule) -> Rule:
    """A stored decision as the detector applies it."""
    return Rule(Effect(kept.effect), Kind(kept.kind), kept.text, after=kept.after)
