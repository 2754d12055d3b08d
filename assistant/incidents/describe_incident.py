"""What reports and notices of an incident must say and no other fact holds: written down once, used by each.

个人信息保护法 57 wants kinds of data, cause, harm, remedies, self-help and contact; the reports of 国家网络安全事件
报告管理办法 7, 8 the organisation, harm, cause and who is responsible. The remedies are the steps taken, the contact is
the officer of the settings: a number typed here would be masked.
"""

from collections.abc import Mapping
from dataclasses import replace

from assistant.app import App
from assistant.incidents.work_incident import cleared, working
from records.errors import BadInput
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.drafts.filling import DESCRIBED, described
from tickets.incidents.work import check_open
from tickets.ticket import Json, Ticket


def describe_incident(
    app: App, person: Person, ticket_id: str, *, described_as: Mapping[str, str]
) -> Ticket:
    """The incident with what was said of it; an empty text takes one back. Personal data is taken out.

    Raises NotPermitted, TicketNotFound, BadInput for a name nobody knows of or where nothing is new,
    TextTooLong, MoveNotAllowed once closed.
    """
    app.authorise(person, Permission.INCIDENT_HANDLE)
    if set(described_as) - set(DESCRIBED):
        known = ", ".join(f"{name} ({said.zh})" for name, said in DESCRIBED.items())
        raise BadInput(
            f"可以写的有：{known}。", f"What can be written down: {', '.join(DESCRIBED)}."
        )
    said = {name: cleared(app, text) if text.strip() else "" for name, text in described_as.items()}
    with working(app, person, ticket_id, "incident:described") as work:
        check_open(work.ticket)
        before = described(work.ticket)
        new = {name: text for name, text in said.items() if before.get(name, "") != text}
        if not new:
            raise BadInput("没有新的内容。", "Nothing new was written.")
        kept: dict[str, Json] = {k: v for k, v in {**before, **new}.items() if v}
        work.ticket = replace(work.ticket, facts={**work.ticket.facts, "described": kept})
        work.about = Bilingual(
            "、".join(DESCRIBED[name].zh for name in new),
            ", ".join(DESCRIBED[name].en for name in new),
        )
        work.text = "\n".join(f"{DESCRIBED[name].zh}：{text or '—'}" for name, text in new.items())
        work.details = {"fields": len(new)}
    return work.ticket
