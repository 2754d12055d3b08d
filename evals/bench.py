"""`make bench`: every figure with its named baseline, in one run, on this machine."""

from concurrent.futures import ProcessPoolExecutor

from rich.console import Console
from rich.table import Table

from evals import bench_ask, bench_pages, bench_redaction, bench_scan


def main() -> None:
    """Measure and print; nothing is judged here. The tree of 10,000 files takes most of the time."""
    table = Table("what", "figure", "unit")
    for bench in (bench_redaction, bench_pages, bench_scan, bench_ask):
        # Each in a process of its own: memory is that of the largest child a process ever had.
        with ProcessPoolExecutor(max_workers=1) as alone:
            for name, value, unit in alone.submit(bench.run).result():
                table.add_row(name, f"{value:,.3g}", unit)
    Console().print(table)


if __name__ == "__main__":
    main()
