"""`compliance retention TABLE`: a table of records with what may be done with each."""

from pathlib import Path
from typing import Annotated

import typer

from integrations.cli.options import AsJson
from integrations.cli.output import print_json, say
from integrations.cli.session import opened


def retention(
    table: Annotated[Path, typer.Argument(help="csv 或 xlsx / csv or xlsx")],
    out: Annotated[
        Path | None, typer.Option("--out", help="结果文件 .xlsx 或 .csv / result")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """一张表里每条资料能否销毁 / Keep or destroy, for every row of a table"""
    from assistant.destruction.decide_retention import NAMES, decide_table, table_file
    from integrations.cli.redact_files import read_untrusted, write_files
    from records.errors import BadInput

    target = out or table.with_name(f"{table.stem}-retention.xlsx")
    if target.suffix.lower() not in (".xlsx", ".csv"):
        raise BadInput("结果请写成 .xlsx 或 .csv。", "Write the result as .xlsx or .csv.")
    with opened() as (app, person):
        decided = decide_table(app, person, read_untrusted(table), table.name)
    write_files({target: table_file(decided, xlsx=target.suffix.lower() == ".xlsx")})
    if as_json:
        print_json(decided.counts)
        return
    say(f"{len(decided.rows)} 行，结果：{target}", f"{len(decided.rows)} rows, result: {target}")
    for status, name in NAMES.items():
        if count := decided.counts.get(status.value):
            typer.echo(f"  {name}: {count}")
    if errors := decided.counts.get("error"):
        typer.echo(f"  错误 errors: {errors}")
