"""Notices to the clients of a closing project: written for all of a filter at once, followed to the end.

The notice itself lives with the others (write_notice.py): its elements, two approvals, sending and
ledger. A client is known in it by name and place of delivery, whatever order its list has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.app import App
from assistant.closing.steps import ClosingStep, closing_step
from assistant.notices.write_notice import add_notice
from assistant.redaction.clearing import stated_reason
from records.audit import Detail
from records.errors import BadInput
from records.people import Person
from records.permissions import Permission
from tickets.closing import progress as closing_progress
from tickets.closing.decisions import Fate
from tickets.closing.progress import NOTICES
from tickets.closing.records import Filter, addressee_of
from tickets.notices.data import NoticeKind, Tongue
from tickets.notices.records import Wish
from tickets.retention.rules import rulebook

# Which decisions a notice tells of. One of changed particulars tells of none.
_TELLS_OF = {
    NoticeKind.DESTRUCTION: frozenset({Fate.DESTROY, Fate.RETURN}),
    NoticeKind.TRANSFER: frozenset({Fate.TRANSFER, Fate.KEEP}),
    NoticeKind.PARTICULARS: frozenset[Fate](),
}


@dataclass(frozen=True, slots=True)
class WrittenNotice:
    """A notice written for clients of a project, and whom it cannot reach."""

    number: str
    clients: int
    unreachable: tuple[str, ...]
    """Clients by number whose contact is neither an address nor an e-mail."""


def write_closing_notice(
    app: App,
    person: Person,
    project_id: str,
    wanted: Filter,
    *,
    kind: NoticeKind,
    given: Mapping[str, str] | None = None,
    tongue: Tongue = Tongue.ZH,
) -> WrittenNotice:
    """A draft to every client with a record asked for; two others approve it before it goes.

    Of the records asked for it tells of those decided as its kind says, and they alone count as told.
    The company, each client's kinds of records and a recipient named by all its decisions are filled
    in. Raises NotPermitted, BadInput.
    """
    app.authorise(person, Permission.NOTICE_WRITE)
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        if kind not in _TELLS_OF:
            known = ", ".join(_TELLS_OF)
            raise BadInput(f"注销项目用这些通知：{known}。", f"A closing uses: {known}.")
        about = replace(wanted, fates=_TELLS_OF[kind])
        wanted = about if about.fates else wanted
        numbers = closing_progress.clients_of(at.session, at.id, wanted)
        clients = at.stores.clients.clients(at.session, at.id, numbers)
        filled = {**_filled(at, wanted, kind), **(given or {})}
        own = _own(at, wanted) if about.fates and "data" not in filled else {}
        reached = {one: addressee_of(one, own.get(one.number)) for one in clients}
        people = [found for found in reached.values() if found]
        if not clients:
            raise BadInput(
                "没有符合条件的客户。先决定哪些资料销毁、转移或留存，再告知这些决定。",
                "No client is asked for by this filter. Decide first which records are to be destroyed, "
                "transferred or kept, where that is what they are to be told.",
            )
        if not people:
            raise BadInput(
                "这些客户都没有邮箱或地址，无法送达。请在客户表里补上邮箱或地址一列，再导入一次。",
                "None of these clients has an e-mail or address; add such a column and import again.",
            )
        # One transaction: a draft that no client is known to have would be written twice.
        written = add_notice(app, at.session, person, Wish(kind, filled, tongue), people)
        number = written.summary.number
        told = [one.number for one, found in reached.items() if found]
        closing_progress.set_notice(
            at.session,
            at.id,
            about,
            clients=told,
            state="drafted",
            notice_id=number,
            at=app.clock(),
        )
        counts: dict[str, Detail] = {"notice": number, "clients": len(told)}
        at.keep("notice_written", counts, counts)
    lost = tuple(one.code for one, found in reached.items() if not found)
    return WrittenNotice(number, len(told), lost)


def record_closing_notices(
    app: App,
    person: Person,
    project_id: str,
    wanted: Filter,
    *,
    state: str,
    reference: str,
) -> int:
    """What became of the notice about every record asked for; how many clients.

    `reference`: batch, tracking number, or why no notice is needed.
    """
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        if state not in NOTICES or not state:
            known = ", ".join(one for one in NOTICES if one)
            raise BadInput(f"通知状态请从这些里选：{known}。", f"Choose one of: {known}.")
        stated = stated_reason(app, reference)[:60]
        done = len(closing_progress.clients_of(at.session, at.id, wanted))
        closing_progress.set_notice(
            at.session, at.id, wanted, state=state, notice_id=stated, at=app.clock()
        )
        counts: dict[str, Detail] = {"clients": done, "state": state}
        at.keep("notices_recorded", {**counts, "reference": stated}, counts)
    return done


def _filled(at: ClosingStep, wanted: Filter, kind: NoticeKind) -> dict[str, str]:
    """What the project knows of the notice's elements already."""
    filled = {"handler": at.stores.projects.names(at.session, at.id).company}
    if kind is not NoticeKind.TRANSFER:
        return filled
    records = at.stores.clients.records(at.session, at.id, wanted)
    terms = at.stores.clients.terms(at.session, at.id, {one.decision_id for one in records})
    somebody = {(one.get("somebody", ""), one.get("contact", "")) for one in terms.values()}
    if len(somebody) == 1:
        name, contact = somebody.pop()
        filled |= {"recipient_name": name, "recipient_contact": contact} if name else {}
    return filled


def _own(at: ClosingStep, wanted: Filter) -> dict[int, str]:
    """Each client's kinds of records in words."""
    kinds = rulebook().kinds
    found: dict[int, list[str]] = {}
    for one in at.stores.clients.records(at.session, at.id, wanted):
        name = kinds[one.kind].name.zh
        if name not in found.setdefault(one.client, []):
            found[one.client].append(name)
    return {client: "、".join(names) for client, names in found.items()}
