"""Heads of the audit log noted outside: signed lines in a file, against which a cut-off end shows.

The file should lie where whoever can change the database cannot write: another machine, a mount that
only appends, or a mailbox fed by the webhook. A line is one signed statement of how many events there
were and the seal of the last.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.audit import START, AuditRow
from records.signing import BadSignature, Signer, verify

PURPOSE = "audit-head"


@dataclass(frozen=True, slots=True)
class AnchorCheck:
    """How many anchors were looked at, and the first the log does not bear out."""

    anchors: int
    newest_events: int
    broken: str | None

    @property
    def holds(self) -> bool:
        """Whether there is an anchor, and the log bears out each."""
        return self.anchors > 0 and self.broken is None


def anchor_line(session: Session, signer: Signer, at: datetime) -> str:
    """The head of the log as one signed line."""
    last = session.scalar(select(AuditRow).order_by(AuditRow.number.desc()).limit(1))
    body = {
        "at": at.isoformat(timespec="seconds"),
        "events": last.number if last else 0,
        "head": last.seal if last else START,
    }
    return json.dumps(json.loads(signer.sign(PURPOSE, body)), ensure_ascii=False) + "\n"


def check_anchors(session: Session, untrusted_lines: str, public_key: str) -> AnchorCheck:
    """Every line checked: signed by us, and still in the log where it says."""
    number = newest = 0
    for line in untrusted_lines.splitlines():
        if not line.strip():
            continue
        number += 1
        try:
            statement = verify(line, public_key)
            events, head = _stated(statement.purpose, statement.body)
        except BadSignature:
            return AnchorCheck(number, newest, f"#{number}")
        found = session.scalar(select(AuditRow.seal).where(AuditRow.number == events))
        if (found or START) != head or (events and found is None):
            return AnchorCheck(number, newest, str(statement.body.get("at", f"#{number}")))
        newest = max(newest, events)
    return AnchorCheck(number, newest, None)


def _stated(purpose: str, body: Mapping[str, Any]) -> tuple[int, str]:
    if purpose != PURPOSE or not isinstance(body.get("events"), int):
        raise BadSignature("这不是日志锚点。", "This is no anchor of the log.")
    return body["events"], str(body.get("head"))
