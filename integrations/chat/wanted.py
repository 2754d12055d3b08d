"""What a person wants done by a button, shortcut, menu or form, as the payload of a durable job."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.acts import Wish


@dataclass(frozen=True, slots=True)
class Wanted:
    """An act somebody asked for. Without `submitted`, one that has a form shows it first."""

    key: str
    act: str
    team: str
    user: str
    said_at: datetime
    subject: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    submitted: bool = False

    @property
    def wish(self) -> Wish:
        """What the act itself needs to know."""
        return Wish(self.key, self.said_at, self.subject, self.values)

    def payload(self) -> dict[str, str]:
        """The same as the payload of a job."""
        return {
            "key": self.key,
            "act": self.act,
            "team": self.team,
            "user": self.user,
            "said_at": self.said_at.isoformat(),
            "subject": self.subject,
            "values": json.dumps(dict(self.values), ensure_ascii=False),
            "submitted": "1" if self.submitted else "",
        }


def fields_in(payload: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a `Wanted` that a job's payload holds."""
    return {
        **{name: payload[name] for name in ("key", "act", "team", "user", "subject")},
        "said_at": datetime.fromisoformat(payload["said_at"]),
        "values": json.loads(payload["values"]),
        "submitted": bool(payload["submitted"]),
    }
