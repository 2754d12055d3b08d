"""What becomes of clients' records: decided many at once, carried out, requested for destruction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.app import App
from assistant.closing.close_company import check_somebody
from assistant.closing.steps import ClosingStep, closing_step
from assistant.destruction.destroy_data import free_key, open_destruction
from assistant.destruction.record_choice import mark_served
from assistant.redaction.clearing import stated_reason
from records.audit import Detail
from records.errors import BadInput, Conflict
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission
from tickets.closing import progress as closing_progress
from tickets.closing.decisions import BreaksRetention, Fate, may_become, why_not
from tickets.closing.records import Filter, Record, Shared
from tickets.retention.facts import RecordFacts
from tickets.retention.rules import rulebook


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision does, or would do."""

    records: int
    refused: int
    reasons: tuple[tuple[int, Bilingual], ...]
    """Why not, and for how many."""
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Requested:
    """Destruction tickets opened, or to be opened: number (empty in a dry run), kind, records."""

    tickets: tuple[tuple[str, Bilingual, int], ...]
    dry_run: bool


def decide_closing(
    app: App,
    person: Person,
    project_id: str,
    wanted: Filter,
    *,
    fate: Fate,
    somebody: str = "",
    contact: str = "",
    reason: str = "",
    lawful_only: bool = False,
    dry_run: bool = False,
) -> Decided:
    """One decision for every record asked for. If one may not be decided so, none is.

    `lawful_only` leaves those out and decides the rest, if there is any. Raises BreaksRetention with the article,
    Conflict for records already requested or settled, BadInput without recipient or custodian.
    """
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        who, how = check_somebody(at, somebody, contact) if fate.needs_somebody else ("", "")
        stated = stated_reason(app, reason) if reason.strip() else ""
        _check_free(at, wanted)
        shared = at.stores.clients.shared(at.session, at.id, wanted)
        refused = _refused(at, fate, shared)
        total, stopped = sum(one.count for one in shared), sum(one.count for one, _ in refused)
        found = Decided(
            total if dry_run or not lawful_only else total - stopped, stopped,
            _reasons(refused), dry_run,
        )  # fmt: skip
        if dry_run:
            counts: dict[str, Detail] = {"records": total, "refused": stopped, "fate": fate.value}
            app.append(at.session, person, "closing:decision_tried", at.id, counts)
            return found
        if refused and (not lawful_only or stopped == total):
            raise BreaksRetention(stopped, refused[0][1])
        _write(at, _narrowed(wanted, shared, refused), fate, [who, how, stated])
    return found


def settle_closing(app: App, person: Person, project_id: str, wanted: Filter, *, note: str) -> int:
    """Records handed over, returned or taken into custody: how many are settled now.

    What is to be destroyed is settled by its certificate alone.
    """
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id) as at:
        if wanted.fate not in (Fate.TRANSFER, Fate.RETURN, Fate.KEEP):
            raise BadInput(
                "请指明转移、返还或留存；销毁以证明为准，自动办结。",
                "Say transfer, return or keep; destruction is settled by its certificate.",
            )
        stated = stated_reason(app, note)
        open_ones = replace(wanted, settled=False)
        chosen = replace(open_ones, decisions=at.chosen())
        theirs = at.stores.clients.records(at.session, at.id, chosen)
        done = closing_progress.settle(at.session, at.id, open_ones, at=app.clock(), note=stated)
        mark_served(at, theirs)
        counts: dict[str, Detail] = {"records": done, "fate": wanted.fate.value}
        at.keep("settled", {**counts, "note": stated}, counts)
    return done


def request_closing_destruction(
    app: App,
    person: Person,
    project_id: str,
    *,
    dry_run: bool = False,
    over: frozenset[str] | None = None,
) -> Requested:
    """One destruction ticket for each kind and set of periods, not one for each client.

    The ticket counts from the latest day among its records, so what is lawful for it is lawful for
    all. Cut short, it is called again: the same records lead to the same ticket. `over`: not what was
    decided for destruction, but what a custodian kept until its day, by the facts it shares; that may
    be asked for after the project ended, too.
    """
    app.authorise(person, Permission.DESTRUCTION_REQUEST)
    kept = over is not None
    with closing_step(app, person, Permission.CLOSING_MANAGE, project_id, change=not kept) as at:
        wanted = closing_progress.free_to_destroy()
        if kept:
            wanted = Filter(fate=Fate.KEEP, ticketed=False, weighed=over)
        records = at.stores.clients.records(at.session, at.id, wanted)
        groups = _grouped(at, records)
        if dry_run:
            app.append(at.session, person, "closing:request_tried", at.id, {"groups": len(groups)})
    if dry_run:
        return Requested(tuple(("", _kind(facts), len(of)) for facts, of in groups), dry_run)
    opened = []
    for facts, of in groups:
        with app.database.reading() as session:
            key, _ = free_key(app, session, _key(project_id, of))
        said = _description(project_id, facts, of)
        ticket, _ = open_destruction(app, person, facts, said, key=key, closing=at.id)
        with closing_step(
            app, person, Permission.CLOSING_MANAGE, project_id, change=not kept
        ) as at:
            numbers = [one.number for one in of]
            closing_progress.assign_ticket(at.session, at.id, numbers, ticket.id)
            counts: dict[str, Detail] = {"ticket": ticket.id, "records": len(of)}
            at.keep("destruction_requested", counts, counts)
        opened.append((ticket.id, _kind(facts), len(of)))
    if not opened:
        app.record(person, "closing:request_tried", project_id.strip().upper(), {"groups": 0})
    return Requested(tuple(opened), dry_run)


def _refused(
    at: ClosingStep, fate: Fate, shared: Sequence[Shared]
) -> list[tuple[Shared, Bilingual]]:
    stopped = [one for one in shared if not may_become(fate, one.status, bound=one.bound)]
    weighed = ((one, why_not(fate, at.engine(one.facts))) for one in stopped)
    return [(one, said) for one, said in weighed if said is not None]


def _reasons(refused: Sequence[tuple[Shared, Bilingual]]) -> tuple[tuple[int, Bilingual], ...]:
    sums: dict[Bilingual, int] = {}
    for one, said in refused:
        sums[said] = sums.get(said, 0) + one.count
    return tuple((count, said) for said, count in sorted(sums.items(), key=lambda s: -s[1]))


def _narrowed(
    wanted: Filter, shared: Sequence[Shared], refused: Sequence[tuple[Shared, Bilingual]]
) -> Filter:
    if not refused:
        return wanted
    stopped = {one.weighed for one, _ in refused}
    return replace(wanted, weighed=frozenset(one.weighed for one in shared) - stopped)


def _write(at: ClosingStep, wanted: Filter, fate: Fate, terms: Sequence[str]) -> None:
    if not at.stores.clients.count(at.session, at.id, wanted):
        raise BadInput("没有符合条件的资料。", "No record is asked for by this filter.")
    who, how, reason = terms
    done = at.stores.clients.decide(
        at.session,
        at.id,
        wanted,
        fate=fate,
        terms={"somebody": who, "contact": how, "reason": reason},
        by=at.person.id,
        at=at.app.clock(),
    )
    counts: dict[str, Detail] = {"records": done, "fate": fate.value}
    at.keep("decided", counts, counts)


def _check_free(at: ClosingStep, wanted: Filter) -> None:
    """Nothing, or Conflict: what goes by a ticket or is settled is not decided anew."""
    count = at.stores.clients.count
    begun = count(at.session, at.id, replace(wanted, ticketed=True))
    begun += count(at.session, at.id, replace(wanted, settled=True, ticketed=False))
    if begun:
        raise Conflict(
            f"其中 {begun} 份已开销毁单或已办结，不能再改。请缩小范围，或先驳回销毁单。",
            f"{begun} of them go by a destruction ticket or are settled; narrow the filter, or "
            "refuse the ticket first.",
        )
    chosen = count(at.session, at.id, replace(wanted, decisions=at.chosen()))
    if chosen:
        raise Conflict(
            f"其中 {chosen} 份按客户在销毁单里的选择返还或转移。客户改变选择的，在销毁单里登记（destroy choice）。",
            f"{chosen} of them are returned or transferred as the client chose; where the client "
            "chooses otherwise, put that on record in the destruction ticket (destroy choice).",
        )


def _grouped(at: ClosingStep, records: Sequence[Record]) -> list[tuple[RecordFacts, list[Record]]]:
    """Records that one ticket can hold: of one kind, holder, flags and dated by the same events."""
    alike: dict[tuple[object, ...], list[Record]] = {}
    for one in records:
        facts = one.facts
        key = (facts.kind, facts.holder, tuple(sorted(facts.flags.items())), *_events(facts))
        alike.setdefault(key, []).append(one)
    found = []
    for of in alike.values():
        merged = _latest([one.facts for one in of])
        if why_not(Fate.DESTROY, at.engine(merged)) is None:
            found.append((merged, of))
            continue
        # What each allows alone need not be allowed together: then one ticket for each set.
        by_facts: dict[str, list[Record]] = {}
        for one in of:
            by_facts.setdefault(one.weighed, []).append(one)
        found += [(group[0].facts, group) for group in by_facts.values()]
    return [(facts, of) for facts, of in found if why_not(Fate.DESTROY, at.engine(facts)) is None]


def _events(facts: RecordFacts) -> tuple[object, ...]:
    return (
        tuple(sorted(facts.dates)),
        tuple(sorted(facts.happened)),
        tuple(sorted(facts.not_happened)),
        facts.approximate,
        facts.also,
    )


def _latest(facts: Sequence[RecordFacts]) -> RecordFacts:
    days = {event: max(one.dates[event] for one in facts) for event in facts[0].dates}
    return replace(facts[0], dates=days)


def _kind(facts: RecordFacts) -> Bilingual:
    return rulebook().kinds[facts.kind].name


def _description(project_id: str, facts: RecordFacts, of: Sequence[Record]) -> str:
    clients = len({one.client for one in of})
    kind = _kind(facts)
    return (
        f"注销项目 {project_id.strip().upper()}：{kind.zh}，{clients} 位客户 {len(of)} 份，"
        f"名单以客户编号记在项目里。 Closing project: {kind.en}, {len(of)} records."
    )


def _key(project_id: str, of: Sequence[Record]) -> str:
    numbers = ",".join(str(one.number) for one in of)
    digest = hashlib.sha256(f"{project_id.strip().upper()}:{numbers}".encode()).hexdigest()
    return f"closing-{digest[:40]}"
