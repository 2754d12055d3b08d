"""`compliance scan DIR`: an inventory of a folder, with rate and remaining time."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import Lang
from integrations.cli.session import opened

if TYPE_CHECKING:
    from assistant.redaction.scan_folder import Inventory
    from pii.scan import Progress
    from records.language import Language


def scan(
    folder: Annotated[
        str, typer.Argument(help="要清点的文件夹，或 s3://… / folder to look through, or s3://…")
    ],
    workers: Annotated[
        int, typer.Option("--workers", min=0, max=256, help="进程数，0 为每核一个 / 0: one a core")
    ] = 0,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, max=3600, help="单个文件的时限 / time for one file")
    ] = 120,
    hide_names: Annotated[
        bool, typer.Option("--hide-names", help="路径中的姓名号码也遮盖 / hide names in paths too")
    ] = False,
    engine: Annotated[
        str, typer.Option("--engine", help="local 或 ray（集群） / local, or ray for a cluster")
    ] = "local",
    out: Annotated[
        Path | None, typer.Option("--out", help="清单另存到此文件夹 / a folder for the lists")
    ] = None,
    lang: Lang = None,
) -> None:
    """清点文件夹：种类、敏感程度、年龄、重复；中断后再运行会接着做 / Inventory of a folder; run again to go on"""
    from assistant.redaction.scan_folder import scan_folder

    with opened() as (app, person):
        language = lang or app.settings.language
        with rate_bar() as progress:
            done = scan_folder(
                app,
                person,
                folder,
                progress=progress,
                engine=engine,
                workers=workers,
                seconds=seconds,
                hide_names=hide_names,
                language=language,
            )
        _show(done, _put(done.folder, out), language)


@contextmanager
def rate_bar() -> Iterator["Progress"]:
    """Progress with rate and remaining time, on the error stream."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        *(BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}")),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task("", total=None, rate="")

        def show(done: int, total: int, size: int) -> None:
            spent = bars.tasks[0].elapsed or 0.001
            rate = f"{done / spent:,.0f}/s  {size / spent / 1e6:,.2f} MB/s"
            bars.update(task, completed=done, total=total, rate=rate)

        yield show


def _put(made_in: Path, out: Path | None) -> list[Path]:
    """Where the lists lie: in the home folder, or copied to the folder asked for."""
    lists = sorted(made_in.glob("inventory.*"))
    if out is None:
        return lists
    out.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copy(one, out / one.name)) for one in lists]


def _show(done: "Inventory", lists: list[Path], language: "Language") -> None:
    from rich.console import Console
    from rich.table import Table

    from pii.inventory import STATES
    from pii.inventory_files import CLASSES
    from records.language import Language

    zh = language is Language.ZH
    console, sums = Console(), done.totals
    table = Table("项目" if zh else "What", "文件" if zh else "Files", "处数" if zh else "Places")
    table.add_row("全部" if zh else "All", f"{sums.files:,}", "")
    for name, count in sums.by_class.items():
        table.add_row(CLASSES[name].pick(language), f"{count:,}", "")
    for kind, places in sums.places_by_kind.items():
        files = f"{sums.files_by_kind[kind]:,}"
        table.add_row(f"  {kind.display.pick(language)}", files, f"{places:,}")
    for state, count in list(sums.by_state.items()):
        table.add_row(STATES[state].pick(language), f"{count:,}", "")
    table.add_row("重复" if zh else "Repeats", f"{sums.repeats:,}", "")
    console.print(table)
    for path in lists:
        console.print(f"→ {path}", markup=False, highlight=False, soft_wrap=True)
    console.print(
        f"清点编号 {done.scan_id}" if zh else f"Inventory {done.scan_id}", highlight=False
    )
