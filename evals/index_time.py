"""How long the index of a large library takes, and how much memory: `python -m evals.index_time`.

The statutes are multiplied, each copy with its clauses in another order and some left out, until
the number of provisions is reached.
"""

import argparse
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from rich.progress import Progress

from knowledge import index_build
from knowledge.ingest import entries_of
from knowledge.provisions import Provision
from knowledge.statutes import read_statutes

_SEED = 20260101
_KEPT = 0.9


def multiplied(provisions: Sequence[Provision]) -> Iterator[Provision]:
    """The provisions, then copies of them under other names, without end."""
    yield from provisions
    copies = 0
    while True:
        copies += 1
        for one in provisions:
            yield replace(
                one,
                id=f"{copies}-{one.id}",
                instrument=f"{one.instrument}（{copies}）",
                text=_disturbed(one.text, random.Random(f"{_SEED}{copies}{one.id}")),
            )


def _disturbed(text: str, chance: random.Random) -> str:
    clauses = re.findall(r"[^；。\n]+[；。\n]?", text)
    kept = [clause for clause in clauses if chance.random() < _KEPT] or clauses
    chance.shuffle(kept)
    return "".join(kept)


def measure(size: int) -> tuple[float, float]:
    """Seconds to build an index of that many provisions, and the peak memory in megabytes."""
    provisions = [one for version in read_statutes() for one in version.provisions]
    entries = entries_of(list(islice(multiplied(provisions), size)), None)
    with tempfile.TemporaryDirectory() as folder, Progress() as bar:
        tasks = {stage: bar.add_task(stage, total=size) for stage in ("words", "shape", "vectors")}

        def progress(stage: str, done: int, total: int) -> None:
            bar.update(tasks[stage], completed=done, total=total)

        begun = time.perf_counter()
        index_build.build(Path(folder), entries, "bench", progress)
        taken = time.perf_counter() - begun
    return taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--provisions", type=int, default=60_000)
    size = parser.parse_args().provisions
    taken, memory = measure(size)
    print(f"index of {size:,} provisions: {taken:.1f} s, peak memory {memory:.0f} MB")


if __name__ == "__main__":
    main()
