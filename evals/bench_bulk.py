"""`python -m evals.bench_bulk [FILES] [ENGINE]`: inventory and redaction of many files, 1 against N.

The projected cost is files by the second of one process, over ten million files of this mix.
"""

import sys
import tempfile
import time
from pathlib import Path

from assistant.redaction.engines import chosen_engine
from evals.datasets.office_tree import office_tree
from pii.bulk import run as run_all
from pii.bulk_redaction import BulkRedaction, Copy
from pii.cores import usable_cores
from pii.inventory import Contents
from pii.places import Folder
from pii.policy import load_policy
from pii.scan_state import Manifest
from pii.scan_workers import Setup

FILES, MANY = 400, 10_000_000
KEY = b"k" * 32


def run(files: int = FILES, engine: str = "local") -> list[tuple[str, float, str]]:
    """Rows of (what, figure, unit)."""
    rows = []
    cores = usable_cores()
    with tempfile.TemporaryDirectory() as folder:
        place, out = Folder(Path(folder) / "in"), Folder(Path(folder) / "out")
        size = office_tree(place.root, files)
        jobs = {
            "inventory": (Setup(KEY), Contents),
            "redaction": (BulkRedaction(KEY, policy=load_policy(), target=out), Copy),
        }
        for name, (setup, kind) in jobs.items():
            seconds = {}
            for workers in sorted({1, cores}):
                kept = Manifest(Path(folder) / f"{name}{workers}.jsonl", "bench", kind)
                seconds[workers] = _seconds(place, kept, setup, workers, engine)
                speed = files / seconds[workers]
                rows.append((f"{name}, {engine}, {workers} processes", speed, "files/s"))
            rows.append((f"{name}, {cores} against 1", seconds[1] / seconds[cores], "times"))
            kept = Manifest(Path(folder) / f"{name}1.jsonl", "bench", kind)
            again = _seconds(place, kept, setup, 1, engine)
            rows.append((f"{name}, again, nothing changed", files / again, "files/s"))
            hours = MANY / (files / seconds[1]) / 3600
            rows.append(
                (f"{name}, ten million files of {size / files / 1e3:.0f} kB", hours, "core h")
            )
    return rows


def _seconds(place: Folder, kept: Manifest, setup: Setup, workers: int, engine: str) -> float:
    """From the first result to the last: starting processes is paid once, whatever the number."""
    began = last = 0.0
    spread = chosen_engine(engine)
    done = run_all(place, kept, setup, workers=workers, progress=lambda *_: None, engine=spread)
    for _ in done:
        last = time.perf_counter()
        began = began or last
    kept.close()
    return last - began


def main() -> None:
    """Measure and print."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    for what, figure, unit in run(files, *sys.argv[2:3]):
        print(f"{what:55} {figure:12,.2f} {unit}")


if __name__ == "__main__":
    main()
