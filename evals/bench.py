"""`make bench`: every figure with its named baseline, in one run, on this machine."""

from rich.console import Console
from rich.table import Table

from evals import bench_ask, bench_pages, bench_redaction, bench_scan


def main() -> None:
    """Measure and print; nothing is judged here. The tree of 10,000 files takes most of the time."""
    table = Table("what", "figure", "unit")
    for bench in (bench_redaction, bench_pages, bench_scan, bench_ask):
        for name, value, unit in bench.run():
            table.add_row(name, f"{value:,.3g}", unit)
    Console().print(table)


if __name__ == "__main__":
    main()
