"""Whether everything kept is whole and can be read: `compliance db check`.

Nothing is changed. Every stored file is opened and its hash compared, every sealed row opened with
its key, the audit chain and the register of destruction followed from their first entry.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from cryptography.exceptions import InvalidTag
from sqlalchemy import LargeBinary, and_, func, select, text
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.operations.back_up import JOBS_TABLES, jobs_schema
from knowledge import index
from knowledge.store import ProvisionRow
from records.database import MIGRATIONS, Database, database_url
from records.errors import ProductError, Unavailable
from records.file_store import FileRow
from records.jobs import SealedSerializer
from records.language import Bilingual
from records.letter_box import FOLDER, PURPOSE, LetterBox
from records.people import Person
from records.permissions import Permission
from records.sealing import Sealing
from records.table_copy import revision_of, tables_of
from records.vault_tables import ClientRow
from tickets.destruction.register import RegisterRow

# Sealed columns: the purpose of their key, and what each is bound to. The vault's are opened through it.
SEALED: dict[tuple[str, str], tuple[str, str]] = {
    ("accounts", "totp"): ("authenticators", "{person_id}"),
    ("accounts", "totp_offered"): ("authenticators", "{person_id}"),
    ("closing_clients", "sealed"): ("closing-clients", "{project_id}/{number}"),
    ("closing_decisions", "sealed"): ("closing-clients", "{project_id}/decision/{id}"),
    ("closing_projects", "sealed"): ("closing-projects", "{id}"),
    ("destruction_register", "sealed"): ("destruction-register", "{serial}"),
    ("kept_replies", "sealed"): ("kept-replies", "{id}"),
    ("notice_deliveries", "sealed"): ("notices", "{key}"),
    ("notices", "sealed"): ("notices", "{id}"),
    ("redaction_rules", "sealed"): ("redaction-rules", "{id}"),
    ("reviews", "sealed"): ("reviews", "{id}"),
    ("slack_installations", "sealed"): ("slack-installations", "{team_id}"),
    ("vault_certificates", "sealed"): ("certificates", "{serial}"),
}
# Of the tables of jobs.
JOBS_SEALED = {"inputs", "output"}
VAULT_TABLES = {"vault_clients", "vault_cases", "vault_pages"}


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing checked: whole or not, how many were looked at, and a sentence."""

    name: str
    whole: bool
    number: int
    text: Bilingual


def check_records(app: App, person: Person) -> tuple[Checked, ...]:
    """Everything that was checked. Raises NotPermitted."""
    app.authorise(person, Permission.AUDIT_VERIFY)
    with app.database.reading() as session:
        found = (
            _schema(app, session),
            _pages(app, session),
            _foreign_keys(session),
            _audit(app, session),
            _register(app, session),
            _files(app, session),
            *_leftovers(app, session),
            _sealed(app, session),
            _vault(app, session),
            _jobs(app),
            _letters(app),
            *_unknown(session),
            _index(app, session),
        )
    broken = sum(not one.whole for one in found)
    app.record(person, "records:checked", "records", {"checks": len(found), "broken": broken})
    return found


def _said(name: str, bad: int, number: int, zh: str, en: str) -> Checked:
    zh_end, en_end = ("完好", "whole") if not bad else (f"有 {bad} 处问题", f"{bad} damaged")
    return Checked(
        name, not bad, number, Bilingual(f"{zh}：{number}，{zh_end}", f"{en}: {number}, {en_end}")
    )


def _schema(app: App, session: Session) -> Checked:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    newest = ScriptDirectory.from_config(config).get_current_head()
    stands = revision_of(session.connection())
    return Checked(
        "schema",
        stands == newest,
        int(stands),
        Bilingual(f"数据库结构：{stands}（最新 {newest}）", f"Schema: {stands} (newest {newest})"),
    )


def _pages(app: App, session: Session) -> Checked:
    """The file itself, on SQLite; a server looks after its own pages."""
    if app.database.is_postgresql:
        name = Bilingual("数据库：PostgreSQL，能够读取", "Database: PostgreSQL, readable")
        return Checked("database", True, 1, name)
    said = session.scalars(text("PRAGMA integrity_check")).all()
    bad = 0 if list(said) == ["ok"] else len(said)
    return _said("database", bad, 1, "数据库文件", "Database file")


def _foreign_keys(session: Session) -> Checked:
    bad = number = 0
    for table in tables_of(session.connection()):
        for key in table.foreign_key_constraints:
            number += 1
            target = key.referred_table.alias("target")
            pairs = [(one.parent, target.c[one.column.name]) for one in key.elements]
            missing = select(func.count()).select_from(
                table.outerjoin(target, and_(*(own == other for own, other in pairs)))
            )
            wanted = and_(*(own.is_not(None) for own, _ in pairs))
            bad += session.scalar(missing.where(wanted, pairs[0][1].is_(None))) or 0
    return _said("foreign_keys", bad, number, "表间关系", "Links between tables")


def _audit(app: App, session: Session) -> Checked:
    chain = app.audit.verify(session)
    return _said("audit", int(not chain.whole), chain.events, "操作日志", "Audit events")


def _register(app: App, session: Session) -> Checked:
    entries = session.scalar(select(func.count()).select_from(RegisterRow)) or 0
    bad = _failures(lambda: _must(app.register.check(session).broken_at is None))
    return _said("register", bad, entries, "销毁登记簿", "Register of destruction")


def _files(app: App, session: Session) -> Checked:
    rows = session.scalars(select(FileRow).where(FileRow.erased_at.is_(None))).all()
    bad = sum(not app.files.is_whole(row) for row in rows)
    return _said("files", bad, len(rows), "加密文件", "Encrypted files")


def _leftovers(app: App, session: Session) -> Iterator[Checked]:
    """Files whose row was never written or says erased: a crash came between; upkeep removes them."""
    if left := len(app.files.leftovers(session)):
        said = Bilingual(
            f"无主文件：{left}（下次整理时删除）", f"Left-over files: {left} (go at upkeep)"
        )
        yield Checked("leftovers", True, left, said)


def _sealed(app: App, session: Session) -> Checked:
    bad = number = 0
    tables = {one.name: one for one in tables_of(session.connection())}
    for (table, column), (purpose, bound_to) in SEALED.items():
        sealing = Sealing(app.keys.derive(purpose))
        rows = select(tables[table]).where(tables[table].c[column].is_not(None))
        for row in session.execute(rows).mappings():
            number += 1
            bad += _failures(partial(sealing.open, row[column], row=bound_to.format(**row)))
    return _said("sealed", bad, number, "加密记录", "Sealed rows")


def _vault(app: App, session: Session) -> Checked:
    clients = session.scalars(select(ClientRow).where(ClientRow.wrapped_key.is_not(None))).all()
    bad = sum(_failures(partial(app.vault.opens, session, row.id)) for row in clients)
    return _said("vault", bad, len(clients), "保险库客户", "Clients in the vault")


def _letters(app: App) -> Checked:
    box = LetterBox(app.settings.home / FOLDER, app.keys.derive(PURPOSE))
    waiting, aside = box.waiting(), box.damaged()
    bad = aside + sum(_failures(partial(box.open, name)) for name in waiting)
    return _said("letters", bad, len(waiting) + aside, "待处理的 Slack 来信", "Letters of Slack")


def _jobs(app: App) -> Checked:
    """The database of jobs: its file, and what each job was given and gave, by the key of jobs."""
    url = app.settings.jobs_database
    serializer = SealedSerializer(app.keys.derive("jobs"))
    bad = number = 0
    place = database_url(url)
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").exists():
        return _said("jobs", 0, 0, "后台任务的记录", "Rows of jobs")
    database = Database(url)
    try:
        with database.reading() as session:
            if not database.is_postgresql:
                bad += list(session.scalars(text("PRAGMA integrity_check"))) != ["ok"]
            for table in tables_of(session.connection(), jobs_schema(url)):
                for name in JOBS_SEALED & {*table.c.keys()} if table.name in JOBS_TABLES else ():
                    column = table.c[name]
                    for value in session.scalars(select(column).where(column.is_not(None))):
                        number += 1
                        bad += _failures(partial(serializer.deserialize, value))
    except Unavailable:
        bad += 1
    finally:
        database.close()
    return _said("jobs", bad, number, "后台任务的记录", "Rows of jobs")


def _unknown(session: Session) -> Iterator[Checked]:
    """Sealed tables this check does not know how to open: said, not passed over."""
    # Without the data root the product would not have started.
    known = {table for table, _ in SEALED} | VAULT_TABLES | {"data_root"}
    sealed = sorted(
        table.name
        for table in tables_of(session.connection())
        if table.name not in known and any(isinstance(c.type, LargeBinary) for c in table.columns)
    )
    if sealed:
        names = ", ".join(sealed)
        said = Bilingual(f"没有逐行打开的加密表：{names}", f"Sealed tables not opened: {names}")
        yield Checked("not_opened", True, len(sealed), said)


def _index(app: App, session: Session) -> Checked:
    folder = app.settings.home / "index"
    name = index.current(folder)
    loaded = set(session.scalars(select(ProvisionRow.id)))
    if name is None:
        said = Bilingual(
            "索引：还没有建立：compliance ingest", "Index: not built: compliance ingest"
        )
        return Checked("index", not loaded, 0, said)
    try:
        held = set(index.open_generation(folder, name, app.library.stores).ids)
    except ProductError as error:
        return Checked("index", False, 0, error.message)
    return _said("index", len(held ^ loaded), len(held), "索引条文", "Provisions in the index")


def _failures(open_it: Callable[[], object]) -> int:
    try:
        open_it()
    except (Unavailable, ProductError, InvalidTag, ValueError):
        return 1
    return 0


def _must(holds: bool) -> None:
    if not holds:
        raise Unavailable("登记簿的链条已断。", "The chain of the register is broken.")
