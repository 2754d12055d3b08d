"""Whether everything kept is whole and can be read: `compliance db check`.

Nothing is changed. Every stored file is opened and its hash compared, every sealed value opened with
its key, the audit chain and the register of destruction followed from their first entry.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import and_, func, select, text
from sqlalchemy.orm import Session

from assistant.app import App
from assistant.operations.back_up import JOBS_TABLES, jobs_schema
from assistant.operations.sealed_values import not_opened, opens, sealed_values
from knowledge import index
from knowledge.store import ProvisionRow
from records.database import MIGRATIONS, Database, database_url
from records.dbos_parts import SealedSerializer
from records.errors import ProductError, Unavailable
from records.file_store import FileRow
from records.language import Bilingual
from records.letter_box import FOLDER, PURPOSE, LetterBox
from records.people import Person
from records.permissions import Permission
from records.table_copy import revision_of, tables_of
from records.vault_tables import ClientRow
from tickets.destruction.register import RegisterRow

# Of the tables of jobs.
JOBS_SEALED = {"inputs", "output"}
# So many damaged places are named; the number says how many there are.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing checked: whole or not, how many were looked at, and a sentence.

    `damaged` names rows and files by their numbers, never by what they hold.
    """

    name: str
    whole: bool
    number: int
    text: Bilingual
    damaged: tuple[str, ...] = ()


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


def _said(name: str, bad: Iterable[str], number: int, zh: str, en: str) -> Checked:
    places = tuple(bad)
    zh_end, en_end = "完好", "whole"
    if places:
        more = " …" if len(places) > NAMED else ""
        zh_end = f"有 {len(places)} 处问题：{'、'.join(places[:NAMED])}{more}"
        en_end = f"{len(places)} damaged: {', '.join(places[:NAMED])}{more}"
    text = Bilingual(f"{zh}：{number}，{zh_end}", f"{en}: {number}, {en_end}")
    return Checked(name, not places, number, text, places)


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
    said = list(session.scalars(text("PRAGMA integrity_check")))
    bad = [] if said == ["ok"] else [Path(app.database.engine.url.database or "").name]
    return _said("database", bad, 1, "数据库文件", "Database file")


def _foreign_keys(session: Session) -> Checked:
    bad, number = list[str](), 0
    for table in tables_of(session.connection()):
        for key in table.foreign_key_constraints:
            number += 1
            target = key.referred_table.alias("target")
            pairs = [(one.parent, target.c[one.column.name]) for one in key.elements]
            missing = select(*table.primary_key).select_from(
                table.outerjoin(target, and_(*(own == other for own, other in pairs)))
            )
            wanted = and_(*(own.is_not(None) for own, _ in pairs))
            found = session.execute(missing.where(wanted, pairs[0][1].is_(None)))
            bad += [f"{table.name} {'/'.join(map(str, row))}" for row in found]
    return _said("foreign_keys", bad, number, "表间关系", "Links between tables")


def _audit(app: App, session: Session) -> Checked:
    chain = app.audit.verify(session)
    bad = [] if chain.broken_at is None else [f"audit_events {chain.broken_at}"]
    return _said("audit", bad, chain.events, "操作日志", "Audit events")


def _register(app: App, session: Session) -> Checked:
    entries = session.scalar(select(func.count()).select_from(RegisterRow)) or 0
    broken = list[int | None]()
    if not opens(lambda: broken.append(app.register.check(session).broken_at)):
        bad = ["destruction_register"]
    else:
        bad = [f"destruction_register {one}" for one in broken if one is not None]
    return _said("register", bad, entries, "销毁登记簿", "Register of destruction")


def _files(app: App, session: Session) -> Checked:
    rows = session.scalars(select(FileRow).where(FileRow.erased_at.is_(None))).all()
    bad = [row.id for row in rows if not app.files.is_whole(row)]
    return _said("files", bad, len(rows), "加密文件", "Encrypted files")


def _leftovers(app: App, session: Session) -> Iterator[Checked]:
    """Files whose row was never written or says erased: a crash came between; upkeep removes them."""
    if left := len(app.files.leftovers(session)):
        said = Bilingual(
            f"无主文件：{left}（下次整理时删除）", f"Left-over files: {left} (go at upkeep)"
        )
        yield Checked("leftovers", True, left, said)


def _sealed(app: App, session: Session) -> Checked:
    found = list(sealed_values(app, session))
    bad = dict.fromkeys(place for place, whole in found if not whole)
    return _said("sealed", bad, len(found), "加密记录", "Sealed rows")


def _vault(app: App, session: Session) -> Checked:
    clients = session.scalars(select(ClientRow).where(ClientRow.wrapped_key.is_not(None))).all()
    bad = [row.id for row in clients if not opens(partial(app.vault.opens, session, row.id))]
    return _said("vault", bad, len(clients), "保险库客户", "Clients in the vault")


def _letters(app: App) -> Checked:
    box = LetterBox(app.settings.home / FOLDER, app.keys.derive(PURPOSE))
    waiting, aside = box.waiting(), box.damaged()
    bad = [*aside, *(name for name in waiting if not opens(partial(box.open, name)))]
    return _said(
        "letters", bad, len(waiting) + len(aside), "待处理的 Slack 来信", "Letters of Slack"
    )


def _jobs(app: App) -> Checked:
    """The database of jobs: its file, and what each job was given and gave, by the key of jobs."""
    url = app.settings.jobs_database
    serializer = SealedSerializer(app.keys.derive("jobs"))
    bad, number = dict[str, None](), 0
    place = database_url(url)
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").exists():
        return _said("jobs", bad, 0, "后台任务的记录", "Rows of jobs")
    database = Database(url)
    try:
        with database.reading() as session:
            if not database.is_postgresql:
                said = list(session.scalars(text("PRAGMA integrity_check")))
                bad.update({} if said == ["ok"] else {Path(place.database or "").name: None})
            for table in tables_of(session.connection(), jobs_schema(url)):
                for name in JOBS_SEALED & {*table.c.keys()} if table.name in JOBS_TABLES else ():
                    column = table.c[name]
                    rows = select(table.c.workflow_uuid, column).where(column.is_not(None))
                    for job, value in session.execute(rows):
                        number += 1
                        if not opens(partial(serializer.deserialize, value)):
                            bad[f"{table.name} {job}"] = None
    except Unavailable:
        bad[place.render_as_string(hide_password=True)] = None
    finally:
        database.close()
    return _said("jobs", bad, number, "后台任务的记录", "Rows of jobs")


def _unknown(session: Session) -> Iterator[Checked]:
    """Sealed tables this check does not know how to open: said, not passed over."""
    if sealed := not_opened(session):
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
    return _said("index", sorted(held ^ loaded), len(held), "索引条文", "Provisions in the index")
