"""The moment of awareness corrected, and the second person's decision where that gives more time."""

from datetime import datetime

from assistant.app import App
from assistant.incidents.report_incident import moment_given
from assistant.incidents.work_incident import LONGEST_NOTE, working
from assistant.redaction.clearing import clear_reason
from records.beijing import to_the_minute
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.incidents.awareness_correction import Corrected, correct, decide
from tickets.incidents.work import check_open


def correct_awareness(
    app: App, person: Person, ticket_id: str, *, aware_at: datetime, reason: str
) -> Corrected:
    """The clocks counted from the corrected moment beside those that run.

    Earlier counts at once; later waits for a second person. Raises NotPermitted, TicketNotFound,
    ReasonMissing, TextTooLong, MoveNotAllowed once closed, BadInput for the future or the same moment.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    said, moment = clear_reason(app, reason, LONGEST_NOTE), moment_given(aware_at, app.clock())
    with working(app, person, ticket_id, "incident:awareness-corrected") as work:
        check_open(work.ticket)
        found = correct(work.ticket, moment, by=person.id)
        work.ticket, work.text = found.ticket, said
        shown = to_the_minute(moment)
        earlier = found.correction.earlier
        work.about = Bilingual(
            f"{shown}（{'较早，立即生效' if earlier else '较晚，待第二人核准，原时限照常'}）",
            f"{shown} ({'earlier, counts at once' if earlier else 'later, waits for approval'})",
        )
        work.details = {"added": len(found.added), "earlier": earlier}
    return found


def decide_awareness(
    app: App, person: Person, ticket_id: str, *, approve: bool, reason: str
) -> Corrected:
    """A later moment approved, which ends the earlier clocks; or declined.

    Raises NotPermitted, SamePerson for whoever entered it, MoveNotAllowed where none waits,
    and as `correct_awareness` does.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    said = clear_reason(app, reason, LONGEST_NOTE)
    with working(app, person, ticket_id, "incident:awareness-decided") as work:
        check_open(work.ticket)
        found = decide(work.ticket, approve=approve, now=work.now, by=person.id)
        work.ticket, work.text = found.ticket, said
        zh, en = ("核准", "approved") if approve else ("不核准", "not approved")
        work.about = Bilingual(
            f"{zh}；了结 {len(found.ended)} 项时限", f"{en}; {len(found.ended)} clocks ended"
        )
        work.details = {"approved": approve, "ended": len(found.ended)}
    return found
