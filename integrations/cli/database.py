"""`compliance db`: schema, backup, restore, check."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integrations.cli.options import AsJson
from integrations.cli.output import print_json, say
from integrations.cli.session import opened, read_settings
from records.errors import BadInput

if TYPE_CHECKING:
    from assistant.settings import Settings

db = typer.Typer(name="db", help="数据库与备份 / Database and backups", no_args_is_help=True)

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="口令文件；不给就询问 / file of the passphrase; asked if not given",
    ),
]


@db.command("upgrade")
def upgrade() -> None:
    """把数据库结构升到最新 / Bring the database schema up to date"""
    with opened() as (app, _person):
        typer.echo(f"ok: {app.database.engine.url.render_as_string(hide_password=True)}")


@db.command("backup")
def backup(
    target: Annotated[Path, typer.Argument(help="新文件 / a new file")],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """把数据库、任务、文件、密钥和导入的文本一并加密备份 / One sealed backup of everything kept"""
    from assistant.operations.back_up import back_up

    with opened() as (app, person):
        passphrase = _passphrase(app.settings, passphrase_file, twice=True)
        report = back_up(app, person, target, passphrase=passphrase)
    if as_json:
        print_json(report)
        return
    size = report.size / 1000
    say(
        f"已备份到 {report.name}（{size:,.0f} kB）：{report.rows} 行，{report.files} 个文件，"
        f"{report.jobs} 个任务。\n请把口令与备份分开保管；日志链头：{report.audit_head}",
        f"Backed up to {report.name} ({size:,.0f} kB): {report.rows} rows, {report.files} files, "
        f"{report.jobs} jobs.\nKeep the passphrase apart from the backup; head of the audit log "
        "as above.",
    )


@db.command("restore")
def restore(
    source: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="备份 / the backup")],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """恢复到空的 COMPLIANCE_HOME 和空数据库，绝不覆盖 / Restore into an empty place

    备份自 SQLite 的也可恢复到 PostgreSQL，反之亦然。 / A backup of either engine goes into the other.
    """
    from assistant.operations.restore_backup import note_restore, restore_backup

    settings = read_settings()
    passphrase = _passphrase(settings, passphrase_file, twice=False)
    report = restore_backup(settings, source, passphrase=passphrase)
    note_restore(settings, report)
    if as_json:
        print_json(report)
        return
    say(
        f"已恢复 {report.made_at} 的备份：{report.rows} 行，{report.files} 个文件，{report.jobs} 个任务。\n"
        "接着请运行 compliance ingest 重建索引，再运行 compliance db check。",
        f"Restored the backup of {report.made_at}: {report.rows} rows, {report.files} files, "
        f"{report.jobs} jobs.\nNow run: compliance ingest, then compliance db check.",
    )
    for name in report.outside:
        variable = f"COMPLIANCE_{name.upper()}"
        say(
            f"{variable} 的内容在 restored/{name} 下，请让该设置指向它。",
            f"What {variable} named is below restored/{name}: let the setting point there.",
        )


@db.command("check")
def check(as_json: AsJson = False) -> None:
    """检查保存的一切是否完好、能读 / Whether all that is kept is whole and can be read

    有损坏时以 1 结束。 / Ends with 1 where something is damaged.
    """
    from assistant.operations.check_records import check_records
    from integrations.cli.terminal import show_checked

    with opened() as (app, person):
        found = check_records(app, person)
    if as_json:
        print_json(found)
    else:
        show_checked(found, app.settings.language)
    if not all(one.whole for one in found):
        raise typer.Exit(1)


def _passphrase(settings: "Settings", file: Path | None, *, twice: bool) -> str:
    """From the file, the setting, or the person at the keyboard."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, ValueError):
            raise BadInput(
                f"口令文件读不了：{file.name}", f"The passphrase file cannot be read: {file.name}"
            ) from None
    if settings.backup_passphrase is not None:
        return settings.backup_passphrase.get_secret_value()
    prompt = "口令 / passphrase"
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=twice))
