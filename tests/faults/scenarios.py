"""What is interrupted, on what, and what must hold after the next start did the same again."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from assistant.destruction.carry_out_destruction import carry_out_destruction
from assistant.destruction.destroy_data import request_destruction
from assistant.destruction.prepare_destruction import (
    appraise_destruction,
    approve_destruction,
    close_notice,
    give_notice,
    waive_backup,
)
from assistant.destruction.shred_client import complete_certificates, shred_client
from assistant.incidents.report_incident import report_incident
from assistant.operations.back_up import back_up
from assistant.operations.rotate_master_key import rotate_master_key
from assistant.operations.rotate_vault_key import rotate_vault_key
from assistant.quizzes.items import Difficulty, Item, ItemKind, MadeFrom, Option
from assistant.quizzes.store import (
    Rules,
    add_attempt,
    add_items,
    add_quiz,
    assign,
    assignments,
    items_of,
)
from assistant.redaction.cases import open_case
from assistant.redaction.redact_file import redact_file
from assistant.redaction.redacted_copies import fetch_redacted
from assistant.training.take_quiz import submit_attempt
from tests.faults.closing_scenarios import CLOSING
from tests.faults.kept_scenarios import KEPT
from tests.faults.operating_scenarios import OPERATING
from tests.faults.turn_scenarios import TURNS
from tests.faults.world import PHONE, Scenario, World, tolerant
from tickets.retention.facts import HolderType, RecordKind, StartEvent

CLIENT_FILE = f"手机：{PHONE}\n备用：138 0013 8000\n".encode()


DES = "DES-2026-0001"


PASSPHRASE = "correct horse battery"


def nothing(_: World) -> None:
    """Nothing is needed before."""


def redact(world: World) -> str:
    return redact_file(world.app, world.people["admin"], CLIENT_FILE, "a.txt").file_id


def redact_again(world: World) -> None:
    _, data = fetch_redacted(world.app, world.people["admin"], redact(world))
    assert PHONE.encode() not in data


def report(world: World) -> None:
    report_incident(world.app, world.people["requester"], "笔记本电脑丢失", key="slack-1")


def approved(world: World) -> None:
    """A destruction of two files and a client's key, approved by two others."""
    app, people = world.app, world.people
    (world.folder / "clients").mkdir()
    for name in ("a", "b"):
        (world.folder / "clients" / name).write_bytes(CLIENT_FILE * 100)
    case = open_case(app, people["officer"], "清和-注销", client="清和")
    noticed(world, files=tuple(world.clients()), keys=(case.client_id,))
    tell(world)
    world.moment += timedelta(days=16)
    close_notice(app, people["officer"], DES)
    waive_backup(app, people["officer"], DES, reason="应当删除的资料不留备份")
    approve_destruction(app, people["first"], DES)
    approve_destruction(app, people["second"], DES)


def noticed(world: World, files: tuple[Path, ...] = (), keys: tuple[str, ...] = ()) -> None:
    """A destruction that waits for its notice."""
    request_destruction(
        world.app,
        world.people["requester"],
        "2021年解约客户的身份证复印件86份",
        record_kind=RecordKind.IDENTITY_COPY,
        holder=HolderType.COMPANY,
        dates={StartEvent.RELATIONSHIP_ENDED: date(2021, 6, 30)},
    )
    media = [] if files or keys else ["paper"]
    officer = world.people["officer"]
    appraise_destruction(world.app, officer, DES, media=media, files=files, vault_clients=keys)


def tell(world: World) -> None:
    give_notice(world.app, world.people["officer"], DES, clients=86, channel="挂号信")


def tell_unless_told(world: World) -> None:
    """Whoever looks at the ticket sees whether the notice is on record."""
    if not world.count(events("destruction:noticed")):
        tell(world)


def destroy(world: World) -> None:
    witness = world.people["requester"].id
    carry_out_destruction(world.app, world.people["first"], DES, witness=witness)


def with_case(world: World) -> None:
    open_case(world.app, world.people["officer"], "清和-注销", client="清和")


def shred(world: World) -> None:
    shred_client(world.app, world.people["first"], "清和", confirmation="清和", reason="合同终止")


def shred_again(world: World) -> None:
    tolerant(shred)(world)
    complete_certificates(world.app, world.people["first"])


def rotate(world: World) -> None:
    rotate_vault_key(world.app, world.people["admin"])


def rekey(world: World) -> None:
    rotate_master_key(world.app, world.people["admin"])


def save(world: World) -> None:
    target = world.folder / "a.backup"
    back_up(world.app, world.people["admin"], target, passphrase=PASSPHRASE)


def sat(world: World) -> None:
    """An exam of two items, answered right and not handed in."""
    now, learner = world.moment, world.people["requester"].id
    with world.app.database.transaction() as session:
        numbers = add_items(session, [item(n) for n in range(2)], now)
        quiz = add_quiz(session, Rules("季度考试", pass_percent=60, minutes=30, attempts=1), numbers,
                        by=world.people["admin"].id, now=now)  # fmt: skip
        assign(session, quiz, [learner], due_at=None, by=world.people["admin"].id, now=now)
        given = assignments(session, quiz_id=quiz)[0]
        paper = [one.item for one in items_of(session, numbers)]
        add_attempt(session, given, number=1, paper=paper, now=now, ends_at=None)


def item(number: int) -> Item:
    options = tuple(Option(word, word == "三年", "法定的是三年。") for word in ("两年", "三年"))
    return Item(
        kind=ItemKind.SINGLE, made_from=MadeFrom.PERIOD, stem=f"第 {number} 题：至少保存多久？",
        options=options, rationale="至少三年。", cites=(), duties=("OB-056",), topic=2,
        difficulty=Difficulty.MEDIUM,
    )  # fmt: skip


def attempt(world: World) -> str:
    with world.app.database.reading() as session:
        return str(session.scalar(text("SELECT id FROM quiz_attempts")))


def hand_in(world: World) -> None:
    right = {0: frozenset({1}), 1: frozenset({1})}
    submit_attempt(world.app, world.people["requester"], attempt(world), right)


def events(what: str) -> str:
    return f"SELECT count(*) FROM ticket_events WHERE what = '{what}'"


SCENARIOS = {
    "redact": Scenario(nothing, redact, redact_again, lambda _: {}),
    "report": Scenario(
        nothing,
        report,
        report,
        lambda w: {
            "one ticket": w.count("SELECT count(*) FROM tickets") == 1,
            "clocks run": w.count("SELECT count(*) FROM ticket_deadlines") > 0,
            "one opening": w.count(events("opened")) == 1,
        },
    ),
    "notice": Scenario(
        noticed,
        tell,
        tell_unless_told,
        lambda w: {"one notice": w.count(events("destruction:noticed")) == 1},
    ),
    "destroy": Scenario(
        approved,
        destroy,
        destroy,
        lambda w: {
            "carried out once": w.count(events("destruction:carried_out")) == 1,
            "each erasure on record once": w.count(events("destruction:erased")) == 3,
            "files gone": not w.clients(),
            "told as erased": w.count(
                "SELECT count(*) FROM ticket_events WHERE CAST(details AS TEXT) LIKE '%\"gone\"%'"
            )
            <= 1,
            "key gone": w.count("SELECT count(wrapped_key) FROM vault_clients") == 0,
            "one certificate": w.count("SELECT count(issued_at) FROM vault_certificates") == 1,
        },
    ),
    "shred": Scenario(
        with_case,
        shred,
        shred_again,
        lambda w: {
            "key gone": w.count("SELECT count(wrapped_key) FROM vault_clients") == 0,
            "one certificate": w.count("SELECT count(issued_at) FROM vault_certificates") == 1,
        },
    ),
    "rotate": Scenario(
        with_case,
        rotate,
        rotate,
        lambda w: {"client opens": w.count("SELECT count(wrapped_key) FROM vault_clients") == 1},
    ),
    "rekey": Scenario(
        with_case,
        rekey,
        rekey,
        lambda w: {
            "one root": w.count("SELECT count(*) FROM data_root WHERE key_id <> ''") == 1,
            "one key": [p.name for p in (w.folder / "home" / "keys").glob("master*")]
            == ["master.key"],
        },
    ),
    "hand_in": Scenario(
        sat,
        hand_in,
        hand_in,
        lambda w: {
            "one result": w.count("SELECT count(*) FROM training_results") == 1,
            "with every mark": w.count("SELECT points FROM training_results") == 2,
            "closed": w.count("SELECT count(*) FROM quiz_attempts WHERE closed_at IS NULL") == 0,
        },
    ),
    "backup": Scenario(
        with_case, save, tolerant(save), lambda w: {"kept": (w.folder / "a.backup").exists()}
    ),
    **CLOSING,
    **KEPT,
    **TURNS,
    **OPERATING,
}
