"""Periods of keeping that are over, interrupted: told, asked for, kept on, emptied; and what decides them."""

from datetime import UTC, date, datetime

from assistant.closing.client_table import import_clients
from assistant.closing.close_company import end_closing, start_closing
from assistant.closing.decide_closing import decide_closing, settle_closing
from assistant.closing.notices import record_closing_notices
from assistant.destruction.carry_out_destruction import carry_out_destruction
from assistant.destruction.prepare_destruction import (
    appraise_destruction,
    approve_destruction,
    close_notice,
    give_notice,
    waive_backup,
)
from assistant.keeping.act import destroy_kept, extend_kept
from assistant.keeping.tell import tell_periods_over
from assistant.registers.work_register import attach_evidence, move_entry, open_entry
from tests.faults.closing_scenarios import CLO
from tests.faults.turn_scenarios import CLAIM_OVER, Out, out
from tests.faults.world import Scenario, World, tolerant
from tickets.closing.data import Route
from tickets.closing.decisions import Fate
from tickets.closing.records import Filter
from tickets.retention.facts import HolderType

ENTRY, DES = "RR-2026-0001", "DES-2030-0001"
LATER = datetime(2030, 1, 7, 1, tzinfo=UTC)


def later(world: World) -> None:
    world.moment = LATER


def with_entry(world: World) -> None:
    """A rights request with a sealed name and a file, closed in 2026."""
    app, officer = world.app, world.people["officer"]
    example = {
        name: officer.id if value == "PERSON" else value
        for name, value in app.kinds["rights_request"].example.items()
    }
    number = open_entry(app, officer, "rights_request", example).id
    attach_evidence(app, officer, number, "proof", b"receipt", what="凭证")
    move_entry(app, officer, number, "withdrawn", reason="客户撤回")


def tell(world: World) -> None:
    later(world)
    tell_periods_over(world.app, {"mail": Out(world.folder)})


def tell_again(world: World) -> None:
    later(world)
    world.moment += CLAIM_OVER
    for _ in range(2):
        tell_periods_over(world.app, {"mail": Out(world.folder)})


def ask(world: World) -> None:
    later(world)
    destroy_kept(world.app, world.people["officer"], ENTRY)


def asked(world: World) -> None:
    """Its destruction approved by two others."""
    with_entry(world)
    ask(world)
    app, officer = world.app, world.people["officer"]
    appraise_destruction(app, officer, DES, media=[])
    give_notice(app, officer, DES, without="登记簿期满，无须另行通知")
    close_notice(app, officer, DES)
    waive_backup(app, officer, DES, reason="期满资料不留备份")
    for approver in ("first", "second"):
        approve_destruction(app, world.people[approver], DES)


def empty(world: World) -> None:
    later(world)
    carry_out_destruction(
        world.app, world.people["first"], DES, witness=world.people["requester"].id
    )


HEAD = "客户编号,客户姓名,邮箱,资料种类,解约日期,资料日期,是否会计凭证附件"
TAX = "\n".join(
    (HEAD, *(f"A-{n},客户{n},c{n}@client.example,涉税资料,,2016-06-30," for n in range(3)))
)


def with_papers(world: World) -> None:
    """A closing project with tax papers of three clients, free from 2027-01-01."""
    app, admin = world.app, world.people["admin"]
    start_closing(app, admin, "清和信息咨询有限公司", route=Route.GENERAL)
    import_clients(app, admin, CLO, TAX.encode(), "clients.csv", holder=HolderType.COMPANY)


def keep(world: World) -> None:
    decide_closing(
        world.app, world.people["admin"], CLO, Filter(), fate=Fate.KEEP,
        somebody="清河档案服务公司", contact="010-60000001",
    )  # fmt: skip


def kept(world: World) -> None:
    with_papers(world)
    keep(world)


def told(world: World) -> None:
    record_closing_notices(
        world.app, world.people["admin"], CLO, Filter(), state="sent", reference="挂号信 2026-17"
    )


def settle(world: World) -> None:
    wanted = Filter(fate=Fate.KEEP)
    settle_closing(world.app, world.people["admin"], CLO, wanted, note="交接单 2026-11-23")


def left(world: World) -> None:
    """The project ended, the papers with a custodian."""
    kept(world)
    settle(world)
    end_closing(world.app, world.people["admin"], CLO, reason="其余事项另案处理，先行结束")


def keep_on(world: World) -> None:
    later(world)
    until = date(2031, 1, 7)
    extend_kept(world.app, world.people["admin"], CLO, until, reason="诉讼还在进行")


def ask_for_left(world: World) -> None:
    later(world)
    destroy_kept(world.app, world.people["admin"], CLO)


def events_of(what: str) -> str:
    return f"SELECT count(*) FROM ticket_events WHERE what = '{what}'"


KEPT = {
    "tell_kept": Scenario(
        with_entry,
        tell,
        tell_again,
        lambda w: {
            "told, at most twice and under one key": list(out(w).values()) in ([1], [2]),
            "nothing waits": w.count("SELECT count(*) FROM keeping_told WHERE told_at IS NULL")
            == 0,
        },
    ),
    "ask_for_kept": Scenario(
        with_entry,
        ask,
        ask,
        lambda w: {
            "one ticket": w.count("SELECT count(*) FROM tickets WHERE kind = 'destruction'") == 1
        },
    ),
    "empty_kept": Scenario(
        asked,
        empty,
        empty,
        lambda w: {
            "emptied once": w.count(events_of("entry:destroyed")) == 1,
            "carried out once": w.count(events_of("destruction:carried_out")) == 1,
            "erased on record once": w.count(events_of("destruction:erased")) == 1,
            "its file is gone": w.count("SELECT count(*) FROM files WHERE erased_at IS NULL") == 0,
        },
    ),
    "decide": Scenario(
        with_papers,
        keep,
        keep,
        lambda w: {
            "each is decided": w.count(
                "SELECT count(decision_id) FROM closing_records WHERE fate = 'keep'"
            )
            == 3
        },
    ),
    "tell_clients": Scenario(
        kept,
        told,
        told,
        lambda w: {
            "each is told": w.count("SELECT count(*) FROM closing_records WHERE notice = 'sent'")
            == 3
        },
    ),
    "settle": Scenario(
        kept,
        settle,
        settle,
        lambda w: {
            "each is settled": w.count("SELECT count(settled_at) FROM closing_records") == 3
        },
    ),
    "keep_on": Scenario(
        left,
        keep_on,
        tolerant(keep_on),
        lambda w: {"longer once": w.count("SELECT count(*) FROM keeping_extensions") == 1},
    ),
    "ask_for_left": Scenario(
        left,
        ask_for_left,
        tolerant(ask_for_left),
        lambda w: {
            "one ticket": w.count("SELECT count(*) FROM tickets") == 1,
            "no record without": w.count(
                "SELECT count(*) FROM closing_records WHERE ticket_id IS NULL"
            )
            == 0,
        },
    ),
}
