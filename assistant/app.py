"""The parts, and the one place that wires them."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from assistant.answering.approved import ApprovedAnswers
from assistant.company import with_kind_kept
from assistant.models import Endpoint, Guarded, LanguageModel
from assistant.redaction.rule_book import RuleBook
from assistant.settings import Settings
from knowledge.index import Stores
from knowledge.library import Library
from knowledge.model_embeddings import embedder_from
from pii.allow_list import AllowList, read_allow_list
from pii.detect import Detector, ShippedDetector
from pii.rules import RuledDetector
from records.audit import AuditLog, Detail
from records.beijing import shanghai_day
from records.certificates import CertificateStore
from records.data_root import DataRoot
from records.database import Database
from records.errors import NotPermitted, Unavailable
from records.file_store import FileStore
from records.keys import Keys, keys_from_command, read_keys
from records.people import Person
from records.permissions import Permission, require
from records.redaction_rules import RuleStore
from records.reviews import ReviewStore
from records.signing import Signer
from records.tracing import verb_began, verb_done
from records.vault import Vault
from records.wrapping_keys import (
    MASTER,
    KeySource,
    ServiceKey,
    Wrapping,
    WrappingKey,
    key_in,
    keys_at_hand,
    keys_from_environment,
    keys_from_file,
)
from tickets.destruction.register import Register
from tickets.notices.store import NoticeStore
from tickets.registers.kind_files import load_kinds
from tickets.registers.kinds import FOLDER as KINDS
from tickets.registers.kinds import Kind
from tickets.registers.store import EntryStore
from tickets.store import TicketStore
from tickets.working_days import WorkCalendar, load_calendar

# Below the home folder, while a backup is put back into it.
RESTORING = ".restoring"


@dataclass(frozen=True, slots=True)
class App:
    """Everything a verb may use. Built once; tests build one of fakes."""

    settings: Settings
    root: DataRoot
    keys: Keys
    database: Database
    audit: AuditLog
    files: FileStore
    vault: Vault
    signer: Signer
    certificates: CertificateStore
    detector: Detector
    allow_list: AllowList
    rule_store: RuleStore
    rules: RuleBook
    reviews: ReviewStore
    library: Library
    approved: ApprovedAnswers
    ticket_store: TicketStore
    notices: NoticeStore
    register: Register
    kinds: Mapping[str, Kind]
    entries: EntryStore
    calendar: WorkCalendar
    model: LanguageModel | None
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The date in China, by which law and deadlines go."""
        return date_in_china(self.clock)

    def authorise(self, person: Person, permission: Permission) -> None:
        """Pass, or record the refusal and raise NotPermitted."""
        try:
            require(person, permission)
        except NotPermitted:
            self.record(person, "permission:refused", permission.value)
            raise
        verb_began(permission.value)

    def record(
        self,
        person: Person,
        action: str,
        subject: str,
        details: Mapping[str, Detail] | None = None,
    ) -> None:
        """One audit event by itself, for verbs that change no row."""
        with self.database.transaction() as session:
            self.append(session, person, action, subject, details)

    def append(
        self,
        session: Session,
        person: Person,
        action: str,
        subject: str,
        details: Mapping[str, Detail] | None = None,
    ) -> int:
        """The number of an audit event in the transaction of the change it tells of."""
        verb_done(action)
        return self.audit.append(
            session,
            at=self.clock(),
            person_id=person.id,
            action=action,
            subject=subject,
            details=details or {},
        )

    def close(self) -> None:
        """Give every resource back."""
        self.library.close()
        self.database.close()


def stores_of(settings: Settings) -> Stores:
    """Where vectors are kept and what makes them, as set."""
    key = settings.embedding_api_key
    return Stores(
        embedder=embedder_from(
            folder=settings.embedding_folder,
            model=settings.embedding_model,
            base_url=settings.embedding_base_url,
            api_key=key.get_secret_value() if key else "",
            timeout_seconds=settings.embedding_timeout_seconds,
            kept_in=settings.home / "embedded.db",
        ),
        chroma_url=settings.chroma_url,
        pgvector_url=settings.pgvector_url,
    )


def date_in_china(clock: Callable[[], datetime]) -> date:
    """The date in China at this moment."""
    return shanghai_day(clock())


def now_utc() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def build(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = now_utc,
    detector: Detector | None = None,
) -> App:
    """The product's parts from its settings: folders made, schema up to date, nothing heavy loaded.

    Raises Unavailable where a restore was cut off.
    """
    _make_home(settings)
    settings = with_kind_kept(settings)
    kinds = load_kinds(KINDS, settings.home / "kinds")
    calendar = load_calendar(settings.home / "calendar.yaml")
    database = Database(settings.database)
    database.upgrade()
    root = data_root(settings)
    keys = root.keys(database)
    signer = Signer(keys.derive("signing"))
    listed = settings.allow_list
    allow_list = read_allow_list(listed) if listed else AllowList(entries=())
    rule_store = RuleStore(keys.derive("redaction-rules"))
    rules = RuleBook(database, rule_store, allow_list, lambda: date_in_china(clock))
    library = Library(database, settings.home / "index", stores_of(settings))
    files = FileStore(settings.home / "files", keys.derive("files"))
    tickets = TicketStore()
    return App(
        settings=settings,
        root=root,
        keys=keys,
        database=database,
        audit=AuditLog(keys.derive("audit")),
        files=files,
        vault=Vault(vault_keys(settings), keys.derive("vault-names")),
        signer=signer,
        certificates=CertificateStore(keys.derive("certificates"), signer),
        detector=RuledDetector(detector or ShippedDetector(), rules.current),
        allow_list=allow_list,
        rule_store=rule_store,
        rules=rules,
        reviews=ReviewStore(keys.derive("reviews"), files),
        library=library,
        approved=ApprovedAnswers(database, library),
        ticket_store=tickets,
        notices=NoticeStore(keys.derive("notices")),
        register=Register(keys.derive("destruction-register"), signer),
        kinds=kinds,
        entries=EntryStore(keys.derive("register-entries"), tickets),
        calendar=calendar,
        model=_model(settings, database, clock),
        clock=clock,
    )


def _make_home(settings: Settings) -> None:
    if (settings.home / RESTORING).exists():
        raise Unavailable(
            f"{settings.home} 里的恢复没有做完。请清空这个文件夹（用 PostgreSQL 的，换一个空的数据库），"
            "再运行 compliance db restore。",
            f"A restore into {settings.home} was cut off. Empty that folder (with PostgreSQL, take an "
            "empty database too), then run compliance db restore again.",
        )
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)


def _model(
    settings: Settings, database: Database, clock: Callable[[], datetime]
) -> LanguageModel | None:
    """The configured model within its limits, or None: the product is whole without one."""
    if not settings.model:
        return None
    key = settings.model_api_key.get_secret_value() if settings.model_api_key else "none"
    endpoint = Endpoint(
        settings.model,
        base_url=settings.model_base_url,
        api_key=key,
        timeout_seconds=settings.model_timeout_seconds,
    )
    return Guarded(endpoint, database, clock, settings.model_daily_tokens)


def signer_of(settings: Settings) -> Signer:
    """The signer of this installation, from its keys alone."""
    _make_home(settings)
    database = Database(settings.database)
    try:
        database.upgrade()
        return Signer(data_root(settings).keys(database).derive("signing"))
    finally:
        database.close()


def data_root(settings: Settings) -> DataRoot:
    """What every key derives from, opened with the master key: a setting, a key service, a file.

    The first that is set is the current one; the others may still open what they wrapped.
    """
    file = key_file(settings)
    found: list[Wrapping] = []
    if settings.master_key:
        found.append(WrappingKey(read_keys(settings.master_key.get_secret_value()), MASTER))
    if settings.master_key_command:
        found.append(WrappingKey(keys_from_command(settings.master_key_command), MASTER))
    if settings.master_wrap_command and settings.master_unwrap_command:
        found.append(ServiceKey(settings.master_wrap_command, settings.master_unwrap_command))
    before = settings.master_key_previous
    older = [WrappingKey(read_keys(before.get_secret_value()), MASTER)] if before else []
    if not found:
        return DataRoot(keys_from_file(file, *older, purpose=MASTER))
    in_file = key_in(file, MASTER)
    others = [*found[1:], *older, *([in_file] if in_file else [])]
    return DataRoot(keys_at_hand(found[0], *others, purpose=MASTER))


def key_file(settings: Settings) -> Path:
    """Where the master key lies while it comes from no setting and no service."""
    return settings.master_key_file or settings.home / "keys" / "master.key"


def vault_keys(settings: Settings) -> KeySource:
    """What wraps the keys of clients: a setting, what a command prints, or a file."""
    previous = settings.vault_key_previous
    before = previous.get_secret_value() if previous else ""
    if settings.vault_key:
        return keys_from_environment(settings.vault_key.get_secret_value(), before)
    if settings.vault_key_command:
        master = keys_from_command(settings.vault_key_command).master
        return keys_from_environment(base64.b64encode(master).decode(), before)
    return keys_from_file(settings.vault_key_file or settings.home / "keys" / "vault.key")
