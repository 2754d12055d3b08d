"""A closing project interrupted: its table taken in, clients written to, destruction asked for, its end."""

from assistant.closing.bundle import make_closing_bundle
from assistant.closing.client_table import import_clients
from assistant.closing.close_company import end_closing, start_closing
from assistant.closing.decide_closing import decide_closing, request_closing_destruction
from assistant.closing.notices import write_closing_notice
from tests.faults.world import Scenario, World, tolerant
from tickets.closing.data import Route
from tickets.closing.decisions import Fate
from tickets.closing.records import Filter
from tickets.notices.data import NoticeKind
from tickets.retention.facts import HolderType

CLO = "CLO-2026-0001"


CLIENTS = """客户编号,姓名,邮箱,资料种类,解约日期,会计附件
A-1,周明轩,a@client.example,身份证件复印件,2018-06-30,否
A-1,周明轩,a@client.example,客户合同,2018-06-30,否
A-2,何雨桐,b@client.example,身份证件复印件,2018-07-30,否
A-2,何雨桐,b@client.example,客户合同,2018-07-30,否
A-3,孙思远,c@client.example,身份证件复印件,2018-08-30,否
A-3,孙思远,c@client.example,客户合同,2018-08-30,否
""".encode()


def closing(world: World) -> None:
    """A closing project of three clients with nothing decided."""
    with_project(world)
    take_in(world)


def with_project(world: World) -> None:
    start_closing(world.app, world.people["admin"], "清和信息咨询有限公司", route=Route.GENERAL)


def take_in(world: World) -> None:
    import_clients(
        world.app, world.people["admin"], CLO, CLIENTS, "clients.csv", holder=HolderType.COMPANY
    )


def decided(world: World) -> None:
    closing(world)
    decide_closing(world.app, world.people["admin"], CLO, Filter(), fate=Fate.DESTROY)


def ask_for_destruction(world: World) -> None:
    request_closing_destruction(world.app, world.people["admin"], CLO)


def write_to_clients(world: World) -> None:
    """Whoever looks at the clients sees whether they have a draft already."""
    if not world.count("SELECT count(*) FROM closing_records WHERE notice <> ''"):
        kind = NoticeKind.DESTRUCTION
        write_closing_notice(world.app, world.people["admin"], CLO, Filter(), kind=kind)


def end(world: World) -> None:
    end_closing(world.app, world.people["admin"], CLO, reason="法院要求先行结束")


def pack(world: World) -> None:
    make_closing_bundle(world.app, world.people["admin"], CLO)


CLOSING = {
    "take_in": Scenario(
        with_project,
        take_in,
        take_in,
        lambda w: {
            "three clients": w.count("SELECT count(*) FROM closing_clients") == 3,
            "each record once": w.count("SELECT count(*) FROM closing_records") == 6,
        },
    ),
    "ask_for_destruction": Scenario(
        decided,
        ask_for_destruction,
        ask_for_destruction,
        lambda w: {
            "a ticket for each kind": w.count("SELECT count(*) FROM tickets") == 2,
            "no record without": w.count(
                "SELECT count(*) FROM closing_records WHERE ticket_id IS NULL"
            )
            == 0,
            "each ticket holds three": w.count(
                "SELECT min(n) FROM (SELECT count(*) AS n FROM closing_records GROUP BY ticket_id)"
            )
            == 3,
        },
    ),
    "write_to_clients": Scenario(
        decided,
        write_to_clients,
        write_to_clients,
        lambda w: {
            "one draft": w.count("SELECT count(*) FROM notices") == 1,
            "everybody has it": w.count(
                "SELECT count(DISTINCT client) FROM closing_records WHERE notice = 'drafted'"
            )
            == 3,
        },
    ),
    "end": Scenario(
        decided,
        end,
        tolerant(end),
        lambda w: {
            "ended once": w.count(
                "SELECT count(*) FROM closing_events WHERE what = 'closing:ended'"
            )
            == 1,
        },
    ),
    "pack": Scenario(
        decided,
        pack,
        pack,
        lambda w: {"nothing changed": w.count("SELECT count(*) FROM closing_records") == 6},
    ),
}
