"""A program that dies at every durable step of a verb in turn, starts again, and is looked over.

`python -m tests.faults.dying FOLDER SCENARIO:STRIDE:MOST …` prints one line of JSON per death, MOST at most
for a scenario. Each child works on a copy of the home folder and is killed (SIGKILL) before its n-th step:
a writing statement or commit of the database, a file opened for writing, renamed or removed. Another child
then does what the next start and the same person would do. A program of its own, because a test process has
threads and cannot fork.
"""

import importlib
import json
import os
import pickle
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, event

from assistant.operations.check_records import check_records
from assistant.operations.upkeep import upkeep
from knowledge.duties import load_duties
from knowledge.embeddings import built_in, built_in_senses
from knowledge.precedents import built_in_precedents
from knowledge.topics import built_in_subjects
from records import database
from records.database import Database
from records.people import Person
from tests.faults.scenarios import SCENARIOS
from tests.faults.world import PHONE, Scenario, World
from tests.statements import compiled_once
from tickets.incidents.grading_data import grading_data
from tickets.incidents.text import facts_from_text
from tickets.playbooks.data import playbooks
from tickets.retention.record_text import first_kind
from tickets.retention.rules import rulebook

MOST_STEPS = 600
# What children would otherwise load each for itself, less what starts threads when it is loaded.
LOADED = (
    *("bm25s", "chromadb.api.rust", "dbos", "onnxruntime", "phonenumbers", "presidio_anonymizer"),
    *("rjieba", "scipy.sparse", "sqlalchemy.dialects.sqlite", "tokenizers", "typer"),
    *("knowledge.index_build", "knowledge.model_embeddings"),
)
T = TypeVar("T")


UPGRADE = Database.upgrade


def upgraded(database: Database, *revision: str) -> None:
    """Migrations have tests of their own: every start finds the schema of its home up to date, and
    they are no steps where something is put back elsewhere."""
    if "/place/home/" not in str(database.engine.url):
        COUNTING.pop("on", None)
        UPGRADE(database, *revision)
        COUNTING["on"] = True


COUNTING = {"on": True}


def load() -> None:
    """What every child would otherwise load and read for itself, and what bears a fork."""
    for name in LOADED:
        importlib.import_module(name)
    for read in (built_in, built_in_senses, built_in_subjects, built_in_precedents, load_duties):
        read()


def prepared(place: Path) -> dict[str, Person]:
    """The people of a new home, made once."""
    load()
    for read in (rulebook, grading_data, playbooks):
        read()
    facts_from_text("")
    first_kind("")
    database._engine = compiled_once()
    world = World(place / "place")
    world.add_people()
    world.app.close()
    # What the product's own files say stays read, and a statement compiled here is compiled for the children.
    shutil.copytree(place / "place", place / "rehearsal")
    rehearsal = World(place / "rehearsal")
    check_records(rehearsal.app, world.people["admin"])
    upkeep(rehearsal.app)
    rehearsal.app.close()
    return world.people


def common(world: World) -> dict[str, bool]:
    """What holds after every death: nothing broken, nothing left over, nothing in clear."""
    world.moment += timedelta(hours=2)
    upkeep(replace(world.app, clock=lambda: datetime.now(UTC) + timedelta(hours=2)))
    found = check_records(world.app, world.people["admin"])
    clear = [
        path
        for path in world.folder.rglob("*")
        if path.is_file() and path.parent.name != "clients" and PHONE.encode() in path.read_bytes()
    ]
    return {
        **{one.name: one.whole for one in found},
        "no file left over": not any(one.name == "leftovers" for one in found),
        "nothing in clear": not clear,
    }


def dies_at(
    step: int, folder: Path, scenario: Scenario, people: dict[str, Person], at: datetime
) -> bool:
    """Whether a child that does it is killed before that step; it ends by itself if it has fewer."""
    child = os.fork()
    if not child:
        status = 1
        try:
            world = World(folder, at)
            world.people = people
            arm(step)
            scenario.act(world)
            status = 0
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        return os.WTERMSIG(ended) == signal.SIGKILL
    assert os.WEXITSTATUS(ended) == 0, "the verb failed by itself"
    return False


def arm(step: int) -> None:
    """From here on, death before the step of that number."""
    left = step

    def count(*_: object, **__: object) -> None:
        nonlocal left
        if not COUNTING:
            return
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    def execute(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            count()

    def audit(what: str, arguments: tuple[Any, ...]) -> None:
        writing = (
            what == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa+")
        )
        if writing or what in ("os.rename", "os.remove", "os.link", "os.truncate"):
            count()

    event.listen(Engine, "before_cursor_execute", execute)
    event.listen(Engine, "commit", count)
    sys.addaudithook(audit)


def looked_over(
    folder: Path, scenario: Scenario, people: dict[str, Person], at: datetime
) -> dict[str, bool]:
    """What holds after the next start did the same again."""
    world = World(folder, at)
    world.people = people
    try:
        upkeep(world.app)
        scenario.after(world)
        return {**scenario.holds(world), **common(world)}
    finally:
        world.app.close()


def begun(
    place: Path, scenario: Scenario, people: dict[str, Person]
) -> tuple[dict[str, Person], datetime]:
    """What is there before, its people and its moment."""
    start = World(place)
    start.people = people
    scenario.before(start)
    start.app.close()
    return start.people, start.moment


def in_child(work: Callable[[], T]) -> T:
    """What another process makes of it: an index that was opened leaves threads, which bear no fork."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(read)
            with os.fdopen(write, "wb") as pipe:
                pickle.dump(work(), pipe)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    assert os.waitpid(child, 0)[1] == 0, "it failed by itself"
    # What our own child wrote.
    found: T = pickle.loads(said)
    return found


def main(given: Path, everybody: dict[str, Person], wanted: str) -> None:
    """Die at each step, or each so many, look, print."""
    name, _, numbers = wanted.partition(":")
    stride, most = (int(one) for one in numbers.split(":"))
    scenario, folder = SCENARIOS[name], given / name
    folder.mkdir()
    # The same place each time: a destruction knows its files by their paths.
    place, kept = folder / "place", folder / "kept"
    shutil.copytree(given / "place", place)
    people, moment = in_child(lambda: begun(place, scenario, everybody))
    place.rename(kept)
    Database.upgrade = upgraded  # type: ignore[method-assign]
    try:
        # From the middle of the first stretch: before the first step there is little to lose.
        for step in range(stride // 2, MOST_STEPS, stride)[:most]:
            shutil.copytree(kept, place)
            died = dies_at(step, place, scenario, people, moment)
            held = in_child(lambda: looked_over(place, scenario, people, moment))
            line = {"scenario": name, "step": step, "died": died, "held": held}
            print(json.dumps(line), flush=True)  # noqa: T201
            shutil.rmtree(place)
            if not died:
                return
        if most == MOST_STEPS:
            raise SystemExit("more steps than expected")
    finally:
        Database.upgrade = UPGRADE  # type: ignore[method-assign]


if __name__ == "__main__":
    those = prepared(Path(sys.argv[1]))
    for told in sys.argv[2:]:
        main(Path(sys.argv[1]), those, told)
