"""A closing project (注销项目): its items and the moves allowed, what blocks its end, what is next.

Items are the statutory steps of the route and the twenty sections. An item is done with a note of
its evidence, and left out only for a reason its file allows; a statutory step never, unless it
depends on a condition. A project ends when nothing blocks it, or when a person with that right says
why not; the reason stays on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from records.beijing import shanghai_day
from records.language import Bilingual
from tickets.closing.data import Entity, KnownDay, Route, Section, closing_data
from tickets.closing.plan import PlanLine, plan, steps_of
from tickets.errors import MoveNotAllowed, StepMissing

STEP, SECTION = "step:", "section:"


class ItemState(StrEnum):
    """How far an item is."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    SKIPPED = "skipped"

    @property
    def label(self) -> Bilingual:
        """The state in both languages."""
        return _ITEM_STATES[self]


_ITEM_STATES = {
    ItemState.OPEN: Bilingual("未开始", "open"),
    ItemState.DOING: Bilingual("进行中", "under way"),
    ItemState.DONE: Bilingual("已完成", "done"),
    ItemState.SKIPPED: Bilingual("不适用", "left out"),
}
_MOVES = {
    ItemState.OPEN: {ItemState.DOING, ItemState.DONE, ItemState.SKIPPED},
    ItemState.DOING: {ItemState.OPEN, ItemState.DONE, ItemState.SKIPPED},
    ItemState.DONE: {ItemState.OPEN},
    ItemState.SKIPPED: {ItemState.OPEN},
}


@dataclass(frozen=True)
class Item:
    """A step or section on a project, as it stands."""

    id: str
    state: ItemState = ItemState.OPEN
    owner: str = ""
    note: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def settled(self) -> bool:
        """Done, or left out with a reason."""
        return self.state in (ItemState.DONE, ItemState.SKIPPED)


@dataclass(frozen=True)
class Project:
    """A closing project as a plain value; the company's name is not part of it."""

    id: str
    route: Route
    entity: Entity
    opened_by: str
    opened_at: datetime
    days: Mapping[KnownDay, date] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_because: str = ""

    def item(self, item_id: str) -> Item:
        """An item, new where nothing was done with it yet. Raises StepMissing for none of ours."""
        if item_id not in item_ids(self.route, self.entity):
            raise StepMissing(
                "这个项目没有这一项。编号见 compliance close plan 和 close sections。",
                "This project has no such item; see the ids with: compliance close plan, and close sections",
            )
        return self.items.get(item_id, Item(item_id))

    def plan(self) -> tuple[PlanLine, ...]:
        """The statutory steps with their days."""
        return plan(
            self.route,
            self.entity,
            self.days,
            done=self._those(ItemState.DONE),
            skipped=self._those(ItemState.SKIPPED),
        )

    def sections(self) -> tuple[tuple[Section, Item], ...]:
        """The twenty sections, each with how far it is."""
        return tuple(
            (one, self.items.get(section_id(one.number), Item(section_id(one.number))))
            for one in closing_data().sections
        )

    def _those(self, state: ItemState) -> frozenset[str]:
        return frozenset(
            one.id.removeprefix(STEP)
            for one in self.items.values()
            if one.state is state and one.id.startswith(STEP)
        )


def section_id(number: int) -> str:
    """The id of a section's item."""
    return f"{SECTION}{number:02d}"


def item_ids(route: Route, entity: Entity) -> tuple[str, ...]:
    """Every item of a project."""
    steps = [f"{STEP}{one.id}" for one in steps_of(route, entity)]
    return (*steps, *(section_id(one.number) for one in closing_data().sections))


def skip_reasons(project: Project, item_id: str) -> Mapping[str, Bilingual]:
    """The reasons for which the item may be left out; a step only where its condition is not so."""
    data = closing_data()
    if item_id.startswith(STEP):
        step = next(
            one for one in steps_of(project.route, project.entity) if one.id == item_id[len(STEP) :]
        )
        if step.when is None:
            return {}
        return {"not_so": Bilingual(f"没有这种情形：{step.when.zh}", f"not so: {step.when.en}")}
    section = data.sections[int(item_id.removeprefix(SECTION)) - 1]
    closes = project.route.ends_the_holder
    return {one: data.skips[one] for one in section.skips if not (one == "continues" and closes)}


def how_settled(project: Project, item: Item) -> Bilingual | None:
    """On which day an item was done, or why it was left out; None while it is open."""
    if not item.settled or item.at is None:
        return None
    entered = shanghai_day(item.at)
    if item.state is ItemState.SKIPPED:
        why = skip_reasons(project, item.id).get(item.reason, Bilingual(item.reason, item.reason))
        return Bilingual(f"{entered} 登记不适用：{why.zh}", f"left out on {entered}: {why.en}")
    gives = None
    if item.id.startswith(STEP):
        steps = steps_of(project.route, project.entity)
        gives = next((one.gives for one in steps if one.id == item.id[len(STEP) :]), None)
    happened = project.days.get(gives) if gives else None
    if happened is None:
        # When it was done is not on record, only when that was entered.
        return Bilingual(f"{entered} 登记完成", f"entered as done on {entered}")
    return Bilingual(
        f"{happened} 完成（{entered} 登记）", f"done on {happened} (entered {entered})"
    )


def check_item_move(project: Project, item: Item, to: ItemState, *, reason: str) -> None:
    """Nothing if the move is allowed, otherwise MoveNotAllowed or StepMissing saying why."""
    if project.ended_at is not None:
        raise MoveNotAllowed("项目已经结束。", "The project has ended.")
    if to not in _MOVES[item.state]:
        raise MoveNotAllowed(
            f"这一项现在是“{item.state.label.zh}”，不能变为“{to.label.zh}”。",
            f"The item is “{item.state.label.en}” and cannot become “{to.label.en}”.",
        )
    if to is not ItemState.SKIPPED:
        return
    reasons = skip_reasons(project, item.id)
    if reason not in reasons:
        zh = "；".join(f"{key}（{said.zh}）" for key, said in reasons.items()) or "没有，必须完成"
        en = (
            "; ".join(f"{key} ({said.en})" for key, said in reasons.items())
            or "none, it must be done"
        )
        raise StepMissing(f"可以不做的理由：{zh}。", f"Reasons to leave it out: {en}.")


def check_days(days: Mapping[KnownDay, date], *, today: date) -> None:
    """Nothing, or MoveNotAllowed: what has not happened yet is not known."""
    for name, day in days.items():
        if day > today and not name.may_lie_ahead:
            raise MoveNotAllowed(
                f"“{name.label.zh}”还没有到，不能先填。",
                f"{name.label.en} has not come yet; give it once it has happened.",
            )


@dataclass(frozen=True)
class Blocker:
    """Something that must be settled before the project may end."""

    kind: str
    count: int
    said: Bilingual


@dataclass(frozen=True)
class Counts:
    """What stands open among clients, notices, tickets and incidents."""

    records: int = 0
    undecided: int = 0
    broken: int = 0
    """Decided once, and by the facts of today no longer allowed."""
    notices: int = 0
    """Clients who must be told and were not, or whose notice failed."""
    unapproved: int = 0
    """Notices drafted and not yet approved or sent."""
    unsettled: int = 0
    """Decisions not carried out: nothing handed over, returned, or certified."""
    incidents: int = 0
    requests: int = 0
    """Rights requests still open."""
    disputes: int = 0
    """Disputes still open: what they concern may be evidence."""
    custodian: bool = False
    """Somebody is named to keep the accounting archives."""


def blockers(project: Project, counts: Counts, *, today: date) -> tuple[Blocker, ...]:
    """Everything that stands in the way of ending the project, weightiest first."""
    found = [*_client_blockers(project, counts), *_around(project, counts)]
    lines = [one for one in project.plan() if not one.settled and not one.step.later]
    early = [one for one in project.plan() if one.done and one.waits(today) and not one.step.later]
    sections = [one for one, item in project.sections() if not item.settled]
    if lines:
        found.append(_blocker("steps", len(lines), "个法定步骤未完成", "statutory steps open"))
    if early:
        found.append(_blocker("early", len(early), "个期间尚未届满", "periods not run out yet"))
    if sections:
        found.append(_blocker("sections", len(sections), "个工作项未完成", "sections open"))
    return tuple(found)


def _client_blockers(project: Project, counts: Counts) -> list[Blocker]:
    if project.route is Route.ADDRESS_CHANGE:
        return []
    found = []
    if not counts.records:
        found.append(Blocker("clients", 1, Bilingual("还没有导入客户", "no clients imported yet")))
    for kind, count, zh, en in (
        ("undecided", counts.undecided, "份资料还没有决定去向", "records undecided"),
        ("broken", counts.broken, "份资料的决定已不合法，须重新决定", "decisions no longer lawful"),
        ("notices", counts.notices, "位客户应当告知而没有告知", "clients not told as they must be"),
        ("unapproved", counts.unapproved, "份通知尚未批准或发出", "notices not approved or sent"),
        ("unsettled", counts.unsettled, "份资料的决定尚未执行完", "decisions not carried out"),
    ):
        if count:
            found.append(_blocker(kind, count, zh, en))
    return found


def _around(project: Project, counts: Counts) -> list[Blocker]:
    found = []
    if counts.incidents:
        found.append(_blocker("incidents", counts.incidents, "起事件未了结", "incidents open"))
    if counts.requests:
        found.append(
            _blocker("requests", counts.requests, "件客户请求未办结", "rights requests open")
        )
    if counts.disputes:
        found.append(_blocker("disputes", counts.disputes, "件争议未了结", "disputes open"))
    if project.route.ends_the_holder and not counts.custodian:
        nobody = Bilingual("会计凭证没有具名保管人", "nobody named to keep accounting records")
        found.append(Blocker("custodian", 1, nobody))
    return found


def _blocker(kind: str, count: int, zh: str, en: str) -> Blocker:
    return Blocker(kind, count, Bilingual(f"{count} {zh}", f"{count} {en}"))


@dataclass(frozen=True)
class NextThing:
    """What to do now, and where: an item by its id, or a blocker by its kind."""

    where: str
    said: Bilingual


def next_things(
    project: Project, found: Sequence[Blocker], *, today: date, most: int = 3
) -> tuple[NextThing, ...]:
    """What to do now: what is overdue, then what has the nearest day, then what blocks."""
    lines = [one for one in project.plan() if not one.settled and not one.waits(today)]
    dated = sorted(
        (one for one in lines if one.due and one.step.bound != "wait"),
        key=lambda one: one.due or date.max,
    )
    # What has no day, and what waited for one that has come; then what still lacks its start.
    undated = [one for one in lines if one not in dated and (one.step.start is None or one.due)]
    unknown = [one for one in lines if one not in dated and one not in undated]
    said = [_line_said(one, today) for one in dated]
    said += [
        NextThing(one.kind, one.said)
        for one in found
        if one.kind not in ("steps", "sections", "early")
    ]
    said += [_line_said(one, today) for one in undated]
    said += [
        NextThing(item.id, section.name) for section, item in project.sections() if not item.settled
    ]
    said += [_line_said(one, today) for one in unknown]
    return tuple(said[:most])


def _line_said(line: PlanLine, today: date) -> NextThing:
    late = line.overdue(today)
    zh, en = ("已逾期，", "overdue, ") if late else ("", "")
    said = Bilingual(
        f"{line.step.name.zh}（{zh}{line.said.zh}）", f"{line.step.name.en} ({en}{line.said.en})"
    )
    return NextThing(f"{STEP}{line.step.id}", said)
