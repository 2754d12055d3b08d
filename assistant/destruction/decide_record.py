"""Keep or destroy for one kind of record, as of today. Nothing is opened and nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistant.app import App
from records.people import Person
from records.permissions import Permission
from tickets.retention.decision import decide
from tickets.retention.facts import Decision, Flag, HolderType, RecordFacts, RecordKind, StartEvent


@dataclass(frozen=True, slots=True)
class DecidedRecord:
    """What was asked about, and what may be done with it."""

    kind: RecordKind
    holder: HolderType | None
    today: date
    decision: Decision


def decide_record(
    app: App,
    person: Person,
    kind: RecordKind,
    *,
    holder: HolderType | None = None,
    dates: Mapping[StartEvent, date] | None = None,
    hold: bool = False,
    dispute: bool = False,
    flags: Mapping[Flag, bool] | None = None,
) -> DecidedRecord:
    """The earliest lawful day of destruction and the latest of keeping, with rule and article.

    Raises NotPermitted.
    """
    app.authorise(person, Permission.RETENTION_DECIDE)
    company = holder or app.settings.holder
    facts = RecordFacts(
        kind=kind,
        holder=company,
        dates=dict(dates or {}),
        hold=hold,
        dispute=dispute,
        flags=dict(flags or {}),
    )
    decision = decide(facts, today=app.today())
    app.record(person, "retention:decided", kind.value, {"status": decision.status.value})
    return DecidedRecord(kind, company, app.today(), decision)
