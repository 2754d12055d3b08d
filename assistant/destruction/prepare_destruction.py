"""Before anything is destroyed: appraisal, notice and choices, backup, approvals; holds at any time."""

import hashlib
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from assistant.app import App
from assistant.destruction.destroy_data import facts_of
from assistant.destruction.steps import OPEN, Destruction, at_most, step, too_late
from assistant.destruction.targets import file_target, key_target
from assistant.destruction.told_by_notice import told_by
from assistant.redaction.clearing import clear_text, stated_reason
from records.errors import BadInput, Conflict
from records.people import Person
from records.permissions import Permission, allowed
from tickets.destruction.data import destruction_data
from tickets.destruction.dossier import Target, check_notice_over
from tickets.destruction.order import appraise, approve, lift_hold, notify, place_hold, refuse
from tickets.errors import MoveNotAllowed, OnHold, TicketNotFound
from tickets.retention.decision import decide
from tickets.retention.given import with_facts
from tickets.ticket import Json, State

# How long clients have by default to choose. A house rule: no statute names a period.
WAIT_DAYS = 15
LONGEST_WAIT = 365
MOST_CLIENTS = 10_000_000
LONGEST_LINE = 200
_BLOCK = 1024 * 1024


def state_facts(
    app: App, person: Person, ticket_id: str, *, given: Mapping[str, str]
) -> Destruction:
    """Facts the retention decision asked for, given before the appraisal; it is made anew with them.

    By whoever requested the destruction, or prepares such. `given`: by the names of the facts that
    are missing, as `with_facts` reads them. Raises NotPermitted, TicketNotFound for anybody else's,
    BadInput, MoveNotAllowed.
    """
    with step(app, person, Permission.DESTRUCTION_REQUEST, ticket_id) as at:
        if at.ticket.opened_by != person.id and not allowed(person, Permission.DESTRUCTION_PREPARE):
            raise TicketNotFound(at.ticket.id)
        if at.order.state is not State.REQUESTED:
            raise MoveNotAllowed(
                "鉴定之后不能再补充事实；不对的请驳回，重新申请。",
                "Nothing is added after the appraisal; if it is wrong, refuse it and request anew.",
            )
        if not given:
            raise BadInput("请写明要补充什么。", "Say which fact you give.")
        at.restate(with_facts(facts_of(at.ticket), given), given)
        return at.result()


def appraise_destruction(
    app: App,
    person: Person,
    ticket_id: str,
    *,
    media: Sequence[str],
    protection: int = 3,
    files: Sequence[Path] = (),
    vault_clients: Sequence[str] = (),
) -> Destruction:
    """The order appraised: which media, which protection class, what the program is to erase.

    Raises NotPermitted, TicketNotFound, BadInput, NotLawfulYet, OnHold, MoveNotAllowed.
    """
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        targets = [file_target(app, at.ticket.id, n, path) for n, path in enumerate(files, 1)]
        targets += [key_target(app, at.session, name) for name in vault_clients]
        own = str(at.ticket.facts.get("own") or "")
        targets += [asdict(Target(own, "own"))] if own else []
        details: dict[str, Json] = {
            "media": list(_media(media, files, vault_clients, own)),
            "protection": _protection(protection),
            "targets": [dict(one) for one in targets],
        }
        at.keep(appraise(at.order, today=at.today), "appraised", details)
        return at.result()


def give_notice(
    app: App,
    person: Person,
    ticket_id: str,
    *,
    clients: int = 0,
    channel: str = "",
    wait_days: int = WAIT_DAYS,
    without: str = "",
    notice: str = "",
) -> Destruction:
    """The notice on record with its waiting time, or the reason why none is needed.

    With the number of a notice (N-2026-0001), clients and channel come from its ledger, and the
    waiting time is no shorter than the time it gave them to reply; nothing goes before the day of
    destruction it named. Raises StepMissing, NotFound.
    """
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        if at.order.on_hold:
            raise OnHold
        if at.order.state is not State.APPRAISED:
            raise MoveNotAllowed(
                "通知在鉴定之后、批准之前进行。", "Notice comes after appraisal, before approval."
            )
        until, planned = at.today + timedelta(days=at_most(wait_days, LONGEST_WAIT)), None
        if notice:
            told = told_by(at, notice)
            clients, channel = told.clients, told.channel
            until, planned = max(until, told.reply_by or until), told.planned
        if not without and (clients < 1 or not channel.strip()):
            raise BadInput(
                "请写明通知了多少位客户、用什么方式，或写明不通知的理由。",
                "Say how many clients were told and how, or why none was.",
            )
        details: dict[str, Json] = {
            "clients": at_most(clients, MOST_CLIENTS),
            "channel": _line(app, channel),
            "wait_until": None if without else until.isoformat(),
            "without": stated_reason(app, without) if without else None,
            "planned": planned.isoformat() if planned and not without else None,
        }
        at.keep(at.order, "noticed", details)
        return at.result()


def close_notice(app: App, person: Person, ticket_id: str) -> Destruction:
    """The order on to approval, once the clients were told and their time is over."""
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        order = notify(at.order)
        check_notice_over(at.dossier, today=at.today)
        at.keep(order, "notified")
        return at.result()


def record_backup(
    app: App,
    person: Person,
    ticket_id: str,
    untrusted_file: BinaryIO,
    *,
    expected_sha256: str,
) -> Destruction:
    """The backup on record after it was read back whole: the hash is the one stated.

    A zip is tested member by member besides. Raises Conflict when it is not what was stated.
    """
    app.authorise(person, Permission.DESTRUCTION_PREPARE)
    digest, size = _hashed(untrusted_file)
    if digest != expected_sha256.strip().lower():
        raise Conflict(
            "备份的校验值与登记的不一致，请重新备份后再试。",
            "The backup's hash is not the one stated; take the backup anew.",
        )
    if size == 0 or not _zip_is_whole(untrusted_file):
        raise Conflict("备份是空的或已损坏。", "The backup is empty or damaged.")
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        if at.order.state not in OPEN:
            raise OnHold if at.order.on_hold else too_late()
        at.keep(at.order, "backed_up", {"sha256": digest, "size": size})
        return at.result()


def waive_backup(app: App, person: Person, ticket_id: str, *, reason: str) -> Destruction:
    """Why there is no backup, on record: what must be deleted is not to live on in one."""
    with step(app, person, Permission.DESTRUCTION_PREPARE, ticket_id) as at:
        if at.order.state not in OPEN:
            raise OnHold if at.order.on_hold else too_late()
        at.keep(at.order, "backed_up", {"without": stated_reason(app, reason)})
        return at.result()


def approve_destruction(app: App, person: Person, ticket_id: str) -> Destruction:
    """One more approval; the law is asked again on the day. Raises SamePerson, NotLawfulYet."""
    with step(app, person, Permission.DESTRUCTION_APPROVE, ticket_id) as at:
        order = approve(at.order, by=person.id, today=at.today)
        check_notice_over(at.dossier, today=at.today)
        at.keep(order, "approved", {"approvals": len(order.approvers)})
        return at.result()


def refuse_destruction(app: App, person: Person, ticket_id: str, *, reason: str) -> Destruction:
    """The order refused for good, with its reason."""
    with step(app, person, Permission.DESTRUCTION_APPROVE, ticket_id) as at:
        stated = stated_reason(app, reason)
        at.keep(refuse(at.order, reason=stated), "refused", {"reason": stated})
        return at.result()


def hold_destruction(app: App, person: Person, ticket_id: str, *, reason: str) -> Destruction:
    """Every step stopped until the hold is lifted; approvals given before no longer count."""
    with step(app, person, Permission.DESTRUCTION_HOLD, ticket_id) as at:
        held = place_hold(at.order)
        resume = (held.resume or at.order.state).value
        details: dict[str, Json] = {"reason": stated_reason(app, reason), "resume": resume}
        at.keep(held, "held", details, record={"hold": True})
        return at.result()


def release_destruction(app: App, person: Person, ticket_id: str, *, reason: str) -> Destruction:
    """The order where it was before the hold, weighed anew without it.

    `reason` says what became of the dispute, inspection or preservation order.
    """
    with step(app, person, Permission.DESTRUCTION_HOLD, ticket_id) as at:
        stated = stated_reason(app, reason)
        free = at.facts_without_hold()
        order = lift_hold(at.order, decide(free, today=at.today))
        record: dict[str, Json] = {"hold": False, "dispute": False}
        at.keep(order, "released", {"reason": stated}, record=record)
        return at.result()


def _media(
    names: Sequence[str], files: Sequence[Path], keys: Sequence[str], own: str
) -> tuple[str, ...]:
    """The media named, and those of what the program erases: they are never named without it."""
    known = destruction_data().media
    unnamed = {"computer_file": bool(files), "vault_key": bool(keys), "own_record": bool(own)}
    wanted = dict.fromkeys([*names, *(name for name, there in unnamed.items() if there)])
    alone = [name for name in wanted if not unnamed.get(name, True)]
    if not wanted or set(wanted) - set(known) or alone:
        raise BadInput(
            f"请写明介质，可多选：{'、'.join(known)}；电子文件和保险库客户要逐一列出。",
            f"Name the media: {', '.join(known)}; files and vault clients are listed one by one.",
        )
    return tuple(wanted)


def _protection(protection: int) -> int:
    # Classes of ISO/IEC 21964-1; client information is never class 1 (public).
    if protection not in (2, 3):
        raise BadInput("保护等级为 2 或 3。", "The protection class is 2 or 3.")
    return protection


def _line(app: App, text: str) -> str:
    return clear_text(app, text, LONGEST_LINE).cleared.text if text.strip() else ""


def _hashed(file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while block := file.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def _zip_is_whole(file: BinaryIO) -> bool:
    """True for what is no zip; a zip must give every member with its own checksum."""
    file.seek(0)
    if not zipfile.is_zipfile(file):
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError):
        return False
