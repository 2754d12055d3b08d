"""What operators do interrupted: texts taken in, the index built, a backup put back, a person erased."""

import contextlib
import shutil
from datetime import date
from functools import partial
from pathlib import Path

from assistant.app import build
from assistant.law.import_texts import import_texts
from assistant.law.ingest_knowledge import bring_up_to_date
from assistant.operations.back_up import back_up
from assistant.operations.check_records import check_records
from assistant.operations.restore_backup import restore_backup
from assistant.people.erase_person import erase_person
from assistant.redaction.cases import open_case
from assistant.redaction.redact_file import redact_file
from assistant.redaction.review_file import start_review
from assistant.settings import Settings
from knowledge.ingest import ingest
from knowledge.particulars import Given
from pii.cleared import public_text
from records.errors import Conflict, Unavailable
from tests.faults.world import PHONE, Scenario, World, tolerant

PASSPHRASE = "correct horse battery"
NO_LAWS = frozenset[str]()
NAME = "示例管理办法"
RULES = "第一条 门店钥匙由店长保管。\n\n第二条 登记本至少保存三年。\n"
FIVE = RULES.replace("三年", "五年")
QUESTION = public_text("登记本保存多久", source="a question of a test")


def quiet(_stage: str, _done: int, _total: int) -> None:
    """No bar."""


def policy(world: World, said: str) -> None:
    folder = world.folder / "policies"
    folder.mkdir(exist_ok=True)
    (folder / "门店办法.md").write_text(f"# 门店办法\n\n{said}", encoding="utf-8")


def take_in(world: World, *, rebuild: bool = False) -> None:
    ingest(
        world.app.database, world.folder / "home" / "index", policies=world.folder / "policies",
        progress=quiet, only=NO_LAWS, rebuild=rebuild,
    )  # fmt: skip


def with_rules(world: World) -> None:
    """An index, and a policy that changed since."""
    policy(world, RULES)
    take_in(world)
    policy(world, FIVE)


def answered(world: World) -> str:
    """What the index in use finds, whichever it is."""
    found = world.app.library.search(QUESTION, as_of=world.app.today())
    return found[0].provision.text if found else ""


def take_in_again(world: World, *, rebuild: bool = False) -> None:
    # Whatever died in the middle, the index before serves until there is another.
    assert "登记本" in answered(world)
    take_in(world, rebuild=rebuild)


def generations(world: World) -> int:
    return len(list((world.folder / "home" / "index").glob("g-*")))


def imported(world: World, said: str) -> None:
    folder = world.folder / "came"
    folder.mkdir(exist_ok=True)
    path = folder / f"{NAME}(2020-01-01).md"
    path.write_text(f"# {NAME}\n\n{said}", encoding="utf-8")
    given = Given(adopted=date(2020, 1, 1), effective=date(2020, 3, 1))
    update = partial(bring_up_to_date, only=NO_LAWS)
    import_texts(world.app, world.people["admin"], [path], given=given, update=update)


def imported_again(world: World) -> None:
    """An ingest that comes by first, as every night, loses nothing of what was there."""
    bring_up_to_date(world.app, progress=quiet, only=NO_LAWS)
    assert one_version(world)
    imported(world, FIVE)


def one_version(world: World) -> bool:
    loaded = world.app.library.loaded()
    return [(one.name, one.effective_from) for one in loaded] == [(NAME, date(2020, 3, 1))]


def saved(world: World) -> None:
    """A backup of a home with a client in the vault and a file, to be put back elsewhere."""
    open_case(world.app, world.people["admin"], "清和-注销", client="清和")
    redact_file(world.app, world.people["admin"], b"text", "a.txt")
    back_up(world.app, world.people["admin"], world.folder / "a.backup", passphrase=PASSPHRASE)


def put_back(world: World) -> None:
    settings = Settings(home=world.folder / "again")
    restore_backup(settings, world.folder / "a.backup", passphrase=PASSPHRASE)


def put_back_again(world: World) -> None:
    """As the sentence says: what was cut off does not start, and goes into an empty place again."""
    place = world.folder / "again"
    if not starts(place):
        with contextlib.suppress(Conflict):
            put_back(world)
    if not starts(place):
        shutil.rmtree(place)
        put_back(world)


def starts(place: Path) -> bool:
    """Whether the product starts in what a restore left; if so, all of it must be there."""
    if not place.exists():
        return False
    try:
        build(Settings(home=place)).close()
    except Unavailable:
        return False
    return True


def put_back_whole(world: World) -> dict[str, bool]:
    again = build(Settings(home=world.folder / "again"), clock=world.app.clock)
    try:
        found = {one.name: one for one in check_records(again, world.people["admin"])}
        return {
            "everything is whole": all(one.whole for one in found.values()),
            "with the client": found["vault"].number == 1,
            "with its copy and its report": found["files"].number == 2,
        }
    finally:
        again.close()


def leaving(world: World) -> None:
    """Somebody with a stored file and a held original."""
    data = f"手机：{PHONE}\n".encode()
    redact_file(world.app, world.people["officer"], data, "a.txt")
    start_review(world.app, world.people["officer"], data, "b.txt")


def let_go(world: World) -> None:
    number = world.people["officer"].id
    erase_person(world.app, world.people["admin"], number, confirmation=number)


def gone(world: World) -> dict[str, bool]:
    number = world.people["officer"].id
    return {
        "the name": world.count(f"SELECT count(*) FROM people WHERE name = '{number}'") == 1,
        "every file": world.count("SELECT count(*) FROM files WHERE erased_at IS NULL") == 0,
        "what a review held": world.count("SELECT count(sealed) FROM reviews") == 0,
        "on record": world.count("SELECT count(*) FROM audit_events WHERE action = 'people:erased'")
        > 0,
    }


OPERATING = {
    "ingest": Scenario(
        with_rules,
        take_in,
        take_in_again,
        lambda w: {"the new text": "五年" in answered(w), "no more than two": generations(w) <= 2},
    ),
    "rebuild": Scenario(
        with_rules,
        partial(take_in, rebuild=True),
        partial(take_in_again, rebuild=True),
        lambda w: {"the new text": "五年" in answered(w), "no more than two": generations(w) <= 2},
    ),
    "import": Scenario(
        lambda w: imported(w, RULES),
        lambda w: imported(w, FIVE),
        imported_again,
        lambda w: {"the new text": "五年" in answered(w), "one version": one_version(w)},
    ),
    "restore": Scenario(saved, put_back, put_back_again, put_back_whole),
    "erase_person": Scenario(leaving, let_go, tolerant(let_go), gone),
}
