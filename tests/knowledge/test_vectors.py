"""One contract for every store of vectors: in memory, Chroma in a folder, a Chroma server."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.embeddings import Vectors, unit
from knowledge.errors import DamagedIndex, VectorsUnavailable
from knowledge.vectors import ChromaVectors, ExactVectors, NearestVectors, chroma
from tests.knowledge.conftest import quiet

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


@pytest.fixture(params=["exact", "folder", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> NearestVectors:
    if request.param == "exact":
        return ExactVectors()
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


def test_a_store_that_was_dropped_is_damaged_for_who_still_reads_it(tmp_path: Path) -> None:
    store = ChromaVectors(chroma(tmp_path), "gen", {"all": "a0"})
    store.add("all", np.arange(5), random_vectors(5), quiet)
    store.drop()
    with pytest.raises(DamagedIndex):
        store.nearest(random_vectors(1)[0], EVERYBODY, 1)


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(VectorsUnavailable):
        chroma("http://127.0.0.1:9")
