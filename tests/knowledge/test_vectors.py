"""One contract for every store of vectors: in memory, Chroma in a folder, a Chroma server, pgvector."""

import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.embeddings import Vectors, unit
from knowledge.errors import DamagedIndex, VectorsUnavailable
from knowledge.index import Stores, current
from knowledge.ingest import ingest
from knowledge.library import Library
from knowledge.pgvector import PgVectors
from knowledge.vectors import ChromaVectors, ExactVectors, NearestVectors, chroma
from pii.cleared import public_text
from tests.knowledge.conftest import TODAY, empty_database, quiet

EVERYBODY, BOARD = frozenset({"all"}), frozenset({"all", "board"})
NAMES = {"all": "a0", "board": "a1"}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Chroma server on this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("chroma-server")
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(folder)]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(150):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        else:
            pytest.fail("chroma run did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def random_vectors(rows: int) -> Vectors:
    return unit(np.random.default_rng(3).normal(size=(rows, 8)).astype(np.float32))


@pytest.fixture(scope="module")
def pgvector(make_postgresql: Callable[..., str]) -> str:
    """The URL of a PostgreSQL whose role may create the extension."""
    return make_postgresql()


@pytest.fixture(params=["exact", "folder", "server", "pgvector"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> NearestVectors:
    if request.param == "exact":
        return ExactVectors()
    if request.param == "pgvector":
        return PgVectors(request.getfixturevalue("pgvector"), f"g-{uuid.uuid4().hex[:12]}")
    place: Any = tmp_path if request.param == "folder" else request.getfixturevalue("server")
    return ChromaVectors(chroma(place), f"g-{tmp_path.name[-8:].strip('_-')}", NAMES)


def test_the_nearest_come_first(store: NearestVectors) -> None:
    vectors = random_vectors(50)
    store.add("all", np.arange(50), vectors, quiet)
    expected = np.argsort(-(vectors @ vectors[7]))[:5].tolist()
    assert store.nearest(vectors[7], EVERYBODY, 5) == expected
    store.drop()


def test_an_audience_never_pushes_out_what_another_may_read(store: NearestVectors) -> None:
    vectors = random_vectors(60)
    secret = unit(vectors[0] + 0.01 * vectors[:40])
    store.add("board", np.arange(40), secret, quiet)
    store.add("all", np.arange(40, 60), vectors[40:], quiet)
    # Forty secret sections are nearer than anything public, and five are asked for.
    public = store.nearest(vectors[0], EVERYBODY, 5)
    assert len(public) == 5
    assert min(public) >= 40
    assert max(store.nearest(vectors[0], BOARD, 5)) < 40
    assert store.count() == 60
    store.drop()


@pytest.mark.parametrize("store", ["folder", "pgvector"], indirect=True)
def test_a_store_that_was_dropped_is_damaged_for_who_still_reads_it(
    store: NearestVectors,
) -> None:
    store.add("all", np.arange(5), random_vectors(5), quiet)
    store.drop()
    with pytest.raises(DamagedIndex):
        store.nearest(random_vectors(1)[0], EVERYBODY, 1)


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(VectorsUnavailable):
        chroma("http://127.0.0.1:9")
    with pytest.raises(VectorsUnavailable):
        PgVectors("postgresql://nobody@127.0.0.1:9/none", "g-0").count()


def test_the_same_answers_from_every_store_and_never_a_moment_without_an_index(
    server: str, pgvector: str, tmp_path: Path
) -> None:
    """One library, its vectors in the folder, behind a Chroma server and in PostgreSQL."""
    database = empty_database(tmp_path)
    questions = ("个人信息泄露了要通知谁", "怎样删除客户的资料", "处理敏感个人信息的条件")

    def answers(library: Library) -> list[list[str]]:
        found = (library.search(public_text(q, source="test"), as_of=TODAY) for q in questions)
        return [[hit.provision.id for hit in hits] for hits in found]

    def ingested(name: str, stores: Stores, progress: Any = quiet) -> Library:
        only = frozenset({"中华人民共和国个人信息保护法"})
        folder = tmp_path / name
        ingest(
            database,
            folder,
            progress=progress,
            policies=None,
            only=only,
            stores=stores,
            rebuild=True,
        )
        return Library(database, folder, stores)

    expected = answers(ingested("folder", Stores()))
    assert all(expected)
    assert answers(ingested("server", Stores(chroma_url=server))) == expected
    stores, seen = Stores(pgvector_url=pgvector), []
    library = ingested("pg", stores)
    generations = [current(tmp_path / "pg")]
    for _ in range(2):
        ingested("pg", stores, lambda *_: seen.append(answers(library)))
        generations.append(current(tmp_path / "pg"))
    assert [answers(library), *seen] == [expected] * (len(seen) + 1)
    # The generation before stays for those who read it; those before that are gone.
    with pytest.raises(DamagedIndex):
        PgVectors(pgvector, str(generations[0])).count()
    assert PgVectors(pgvector, str(generations[1])).count() > 0
    database.close()
