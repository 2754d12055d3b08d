"""A closing project from its start to its end: route, days, items with evidence, custodian."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import PurePath

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.closing.board import counts_of
from assistant.closing.steps import PREFIX, ClosingStep, closing_step, closing_stores
from assistant.redaction.clearing import stated_reason
from records.audit import Detail
from records.errors import BadInput, Conflict
from records.people import Person, colleague
from records.permissions import Permission
from tickets.closing.data import Entity, KnownDay, Route, closing_data
from tickets.closing.project import (
    STEP,
    Blocker,
    Item,
    ItemState,
    Project,
    blockers,
    check_days,
    check_item_move,
)
from tickets.closing.store import ItemEvidence, Names
from tickets.errors import StepMissing

LONGEST_NAME = 200
LARGEST_EVIDENCE = 25 * 1024 * 1024
_FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_SHORTEST_NOTE = 2


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A project as the list shows it."""

    project: Project
    company: str = field(repr=False)


class StillBlocked(Conflict):
    """Something stands in the way of ending the project."""

    def __init__(self, found: tuple[Blocker, ...]) -> None:
        zh = "；".join(one.said.zh for one in found)
        en = "; ".join(one.said.en for one in found)
        super().__init__(
            f"还不能结束：{zh}。有权的审批人可以写明理由后结束，理由留在记录里。",
            f"It cannot end yet: {en}. An approver may end it for a reason, which stays on record.",
        )


def start_closing(
    app: App, person: Person, company: str, *, route: Route, entity: Entity | None = None
) -> Project:
    """A new project on the route a person chose; a company, where that route is for companies.

    Raises NotPermitted, BadInput.
    """
    app.authorise(person, Permission.CLOSING_MANAGE)
    name = " ".join(company.split())
    if not 2 <= len(name) <= LONGEST_NAME:
        raise BadInput("请写公司全称。", "Give the company's full name.")
    allowed = closing_data().routes[route].entities
    entity = entity or (Entity.COMPANY if Entity.COMPANY in allowed else allowed[0])
    if entity not in allowed:
        zh = "、".join(f"{one.label.zh}（{one.value}）" for one in allowed)
        en = ", ".join(f"{one.label.en} ({one.value})" for one in allowed)
        raise BadInput(f"“{route.label.zh}”只适用于：{zh}。", f"{route.label.en} is for: {en}.")
    with app.database.transaction() as session:
        projects = closing_stores(app).projects
        fresh = Project("", route, entity, opened_by=person.id, opened_at=app.clock())
        opened = projects.open(session, fresh, Names(name))
        details: dict[str, Detail] = {"route": route.value, "entity": entity.value}
        projects.note(
            session, opened.id, at=app.clock(), person_id=person.id, what=f"{PREFIX}started",
            details=details,
        )  # fmt: skip
        app.append(session, person, f"{PREFIX}started", opened.id, details)
    return opened


def under_way(app: App, session: Session) -> tuple[ListedProject, ...]:
    """The projects that have not ended, the newest first."""
    projects = closing_stores(app).projects
    running = [one for one in projects.all(session) if one.ended_at is None]
    return tuple(ListedProject(one, projects.names(session, one.id).company) for one in running)


def list_closings(app: App, person: Person) -> list[ListedProject]:
    """Every project, the newest first. Raises NotPermitted."""
    app.authorise(person, Permission.CLOSING_READ)
    with app.database.transaction() as session:
        projects = closing_stores(app).projects
        found = [
            ListedProject(one, projects.names(session, one.id).company)
            for one in projects.all(session)
        ]
        app.append(session, person, f"{PREFIX}listed", "projects", {"projects": len(found)})
    return found


def set_closing_days(
    app: App, person: Person, project_id: str, days: Mapping[KnownDay, date]
) -> Project:
    """The days known, added or corrected; the plan follows. Raises MoveNotAllowed for days to come."""
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        if not days:
            raise BadInput("请写明是哪一天。", "Say which day.")
        _keep_days(at, days)
        return at.project


def move_closing_item(
    app: App,
    person: Person,
    project_id: str,
    item_id: str,
    to: ItemState,
    *,
    note: str = "",
    reason: str = "",
    day: date | None = None,
) -> Project:
    """A step or section moved on; done with a note of its evidence, left out for a listed reason.

    `day`: when it happened, for a step that others are counted from. Raises MoveNotAllowed,
    StepMissing.
    """
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        item = at.project.item(item_id)
        check_item_move(at.project, item, to, reason=reason)
        said = at.cleared(note)
        if to is ItemState.DONE:
            if len(said) < _SHORTEST_NOTE and not _has_evidence(at, item_id):
                raise StepMissing(
                    "请写明依据，例如公告编号、文件名称，或先上传证据。",
                    "Say what proves it, such as a number or a document, or add evidence first.",
                )
            if item_id.startswith(STEP):
                _check_step_done(at, item_id.removeprefix(STEP), day)
        moved = replace(item, state=to, note=said, reason=reason, by=person.id, at=app.clock())
        at.stores.projects.keep_item(at.session, at.id, moved)
        at.keep(
            "item_moved",
            {"item": item_id, "to": to.value, "note": said, "reason": reason},
            {"item": item_id, "to": to.value},
        )
        return at.project


def assign_closing_item(
    app: App, person: Person, project_id: str, item_id: str, owner: str
) -> Project:
    """The item with an owner, by the number or account of a person who uses the product."""
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        item: Item = at.project.item(item_id)
        found = colleague(at.session, owner)
        if found is None:
            raise BadInput(
                "没有这个人。请填写其人员编号或本机账号。",
                "No such person. Give their number, or their account on the machine.",
            )
        at.stores.projects.keep_item(at.session, at.id, replace(item, owner=found.id))
        at.keep("item_assigned", {"item": item_id, "owner": found.id}, {"item": item_id})
        return at.project


def add_closing_evidence(
    app: App,
    person: Person,
    project_id: str,
    item_id: str,
    untrusted_data: bytes,
    untrusted_name: str,
    *,
    what: str,
) -> Project:
    """A file of evidence of an item, hashed and kept encrypted; its name is not kept."""
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        at.project.item(item_id)
        if not 0 < len(untrusted_data) <= LARGEST_EVIDENCE:
            raise BadInput("证据文件为空或超过 25 MB。", "The evidence is empty or over 25 MB.")
        now, digest = app.clock(), hashlib.sha256(untrusted_data).hexdigest()
        file_id = app.files.keep(
            at.session,
            untrusted_data,
            name=f"{at.id}-evidence",
            owner_id=at.id,
            keep_until=_FOR_EVER,
            now=now,
        )
        said = at.cleared(what)
        kept = ItemEvidence(
            file_id, item_id, digest, len(untrusted_data), _suffix(untrusted_name), said,
            person.id, now,
        )  # fmt: skip
        at.stores.projects.add_evidence(at.session, at.id, kept)
        details: dict[str, Detail] = {
            "item": item_id,
            "sha256": digest,
            "size": len(untrusted_data),
        }
        at.keep("evidence_added", {**details, "what": said}, details)
        return at.project


def name_custodian(
    app: App, person: Person, project_id: str, *, custodian: str, contact: str
) -> Project:
    """Who keeps the accounting archives once the company is gone (会计档案管理办法 20); sealed."""
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        who = check_somebody(at, custodian, contact)
        names = at.stores.projects.names(at.session, at.id)
        kept = replace(names, custodian=who[0], custodian_contact=who[1])
        at.stores.projects.keep_names(at.session, at.id, kept)
        at.keep("custodian_named")
        return at.project


def end_closing(
    app: App, person: Person, project_id: str, *, reason: str = "", dry_run: bool = False
) -> Project:
    """The project ended. What blocks it stops that, unless an approver gives a reason.

    With `dry_run` all is checked and the project goes on. Raises StillBlocked; NotPermitted where a
    reason is given by somebody who may not.
    """
    permission = Permission.CLOSING_END_ANYWAY if reason.strip() else Permission.CLOSING_MANAGE
    with closing_step(app, person, permission, project_id) as at:
        found = blockers(at.project, counts_of(at), today=app.today())
        if found and not reason.strip():
            raise StillBlocked(found)
        stated = stated_reason(app, reason) if found else ""
        open_points: dict[str, Detail] = {one.kind: one.count for one in found}
        if dry_run:
            app.append(at.session, person, f"{PREFIX}end_tried", at.id, open_points)
            return at.project
        at.stores.projects.end(at.session, at.id, by=person.id, at=app.clock(), why=stated)
        at.keep("ended", {"because": stated, **open_points}, open_points)
        return at.project


def check_somebody(at: ClosingStep, name: str, contact: str) -> tuple[str, str]:
    """A recipient or custodian with a contact, who is not the company that goes. Raises BadInput."""
    who, how = " ".join(name.split())[:LONGEST_NAME], " ".join(contact.split())[:LONGEST_NAME]
    if len(who) < 2 or len(how) < 4:
        raise BadInput(
            "请写明接收方或保管人的名称和联系方式。",
            "Name the recipient or custodian and how to reach them.",
        )
    company = at.stores.projects.names(at.session, at.id).company
    if who == company and at.project.route.ends_the_holder:
        raise BadInput(
            "公司注销后不能再保管资料，请另写保管人。",
            "The company will be gone and cannot keep anything; name somebody else.",
        )
    return who, how


def _keep_days(at: ClosingStep, days: Mapping[KnownDay, date]) -> None:
    check_days(days, today=at.app.today())
    merged = {**at.project.days, **days}
    at.stores.projects.keep_days(at.session, at.id, merged)
    told: dict[str, Detail] = {name.value: day.isoformat() for name, day in days.items()}
    at.keep("days_set", told, told)


def _check_step_done(at: ClosingStep, step_id: str, day: date | None) -> None:
    """What a step needs to count as done: its own day, and a period that has run out."""
    step = next(one.step for one in at.project.plan() if one.step.id == step_id)
    if day is not None and step.gives is None:
        raise BadInput("这一步不需要日期。", "This step takes no day.")
    if step.gives is not None and day is None and step.gives not in at.project.days:
        raise StepMissing(
            f"请写明{step.gives.label.zh}（--on 日期），后面的期限从这一天起算。",
            f"Give {step.gives.label.en} (--on DATE): later periods run from it.",
        )
    if day is not None and step.gives is not None:
        _keep_days(at, {step.gives: day})
    line = next(one for one in at.project.plan() if one.step.id == step_id)
    if step.start is not None and line.due is None:
        raise StepMissing(
            f"还不知道{step.start.label.zh}，请先填写。", f"{step.start.label.en} is not known yet."
        )
    if line.waits(at.app.today()):
        raise StepMissing(
            f"期间还没有届满：{line.said.zh}。", f"The period has not run out: {line.said.en}."
        )


def _has_evidence(at: ClosingStep, item_id: str) -> bool:
    kept = at.stores.projects.evidence(at.session, at.id)
    return any(one.item_id == item_id for one in kept)


def _suffix(untrusted_name: str) -> str:
    """The kind of a file by its name, where it is a plain one."""
    suffix = PurePath(untrusted_name).suffix.lower()
    return suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 6 else ""
