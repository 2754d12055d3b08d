"""`python -m evals.bench_scan [FILES]`: a tree of office files, a process a core against one."""

import resource
import sys
import tempfile
import time
from pathlib import Path

from evals.datasets.office_tree import office_tree
from pii.cores import usable_cores
from pii.inventory import State
from pii.scan import scan
from pii.scan_state import Manifest
from pii.scan_workers import Setup

FILES = 10_000
ALONE = 1_000
"""The one process is measured on a part of the tree, or the bench would take all night."""


def run(files: int = FILES) -> list[tuple[str, float, str]]:
    """Rows of (what, figure, unit)."""
    cores = usable_cores()
    with tempfile.TemporaryDirectory() as folder:
        tree, part = Path(folder) / "tree", Path(folder) / "part"
        size = office_tree(tree, files)
        began = _worked()
        part_size = office_tree(part, min(ALONE, files))
        seconds = _seconds(tree, Path(folder) / "all.jsonl", cores, files)
        worked = _worked() - began
        again = _seconds(tree, Path(folder) / "all.jsonl", cores, files)
        alone = _seconds(part, Path(folder) / "part.jsonl", 1, min(ALONE, files))
    speed, speed_alone = files / seconds, min(ALONE, files) / alone
    return [
        (f"scan: {files:,} office files, {cores} processes", speed, "files/s"),
        ("scan: the same", size / seconds / 1e6, "MB/s"),
        ("scan: one process", speed_alone, "files/s"),
        ("scan: one process", part_size / alone / 1e6, "MB/s"),
        ("scan: a second of one core's work", files / worked, "files"),
        ("scan: memory of the largest process", _memory() / 1e6, "MB"),
        (f"scan: {cores} processes against one", speed / speed_alone, "times"),
        ("scan: again, nothing changed", files / again, "files/s"),
    ]


def _worked() -> float:
    """Seconds of computing the processes that have ended took, however busy the machine was."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory() -> int:
    """Bytes the largest process that has ended held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit


def _seconds(tree: Path, manifest: Path, workers: int, files: int) -> float:
    kept = Manifest(manifest, "bench")
    started = time.perf_counter()
    done = scan(tree, kept, Setup(b"k" * 32), workers=workers, progress=lambda *_: None)
    seconds = time.perf_counter() - started
    kept.close()
    assert len(done.entries) == files
    assert all(one.contents.state is State.READ for one in done.entries)
    return seconds


def main() -> None:
    """Measure and print."""
    for what, figure, unit in run(int(sys.argv[1]) if len(sys.argv) > 1 else FILES):
        print(f"{what:55} {figure:10,.2f} {unit}")


if __name__ == "__main__":
    main()
