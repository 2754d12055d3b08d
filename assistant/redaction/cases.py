"""Cases and the vault they are kept in: opened by name, extended as files are redacted, listed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from assistant.app import App
from assistant.errors import EmptyText, TextTooLong
from pii.case import Case, StandIn
from pii.documents import survey_document
from pii.kinds import Kind
from pii.policy import Treatment
from pii.propagate import Known
from records.errors import Conflict, NotFound, ProductError
from records.people import Person
from records.permissions import Permission
from records.vault import CaseMoved, CaseSummary, ClientSummary, KeptCase

LONGEST_NAME = 80
Result = TypeVar("Result")
_ATTEMPTS = 3


class OpenCase:
    """A case at work: its stand-ins, and up to which page the vault holds them."""

    def __init__(self, kept: KeptCase) -> None:
        self.id = kept.id
        self.client_id = kept.client_id
        self._read(kept, learnt=())

    def keep(self, app: App, session: Session) -> None:
        """What is fresh goes into the vault, in the transaction that releases the copy.

        A copy whose stand-ins were lost could never be restored. Raises CaseMoved when somebody
        else was quicker.
        """
        stand_ins, known = self.case.fresh()
        if not stand_ins and not known:
            return
        content = {
            "stand_ins": [[s.kind, s.treatment, s.text, s.original] for s in stand_ins],
            "known": [[k.kind, k.value, k.score] for k in known],
        }
        app.vault.extend(
            session,
            self.id,
            page=self._pages + 1,
            content=content,
            entries=len(stand_ins) + len(known),
            now=app.clock(),
        )

    def kept(self) -> None:
        """The transaction is through."""
        if any(self.case.fresh()):
            self._pages += 1
            self.case.mark_kept()

    def read_again(self, app: App) -> None:
        """The case as the vault has it now; what was learnt from the files at hand stays known."""
        _, learnt = self.case.fresh()
        with app.database.reading() as session:
            kept = app.vault.find_case(session, self.id)
        if kept is None:
            raise _no_case()
        self._read(kept, learnt)

    def _read(self, kept: KeptCase, learnt: Iterable[Known]) -> None:
        self._pages = len(kept.pages)
        self.case = Case(
            kept.key,
            stand_ins=[_stand_in(one) for page in kept.pages for one in page["stand_ins"]],
            known=[_known(one) for page in kept.pages for one in page["known"]],
        )
        self.case.learn_known(learnt)


@dataclass(frozen=True, slots=True)
class VaultView:
    """Clients with their cases, and the certificates of those whose key was destroyed."""

    clients: tuple[ClientSummary, ...]
    certificates: dict[str, str] = field(default_factory=dict)
    """Serial by number of client."""


def open_case(app: App, person: Person, name: str, *, client: str = "") -> OpenCase:
    """The case of that name, made at first use; without a client's name it is its own client.

    Raises NotPermitted, EmptyText, TextTooLong, or Conflict where it is another client's.
    """
    app.authorise(person, Permission.CASE_USE)
    name, client = _checked(name), _checked(client or name)
    with app.database.transaction() as session:
        kept = app.vault.find_case(session, name)
        action = "case:opened" if kept else "case:created"
        if kept is None:
            kept = app.vault.create_case(session, name=name, client=client, now=app.clock())
        elif client != name and app.vault.client_id_of(session, client) != kept.client_id:
            raise Conflict(
                "这个案卷属于另一个客户。请核对案卷名，或换一个名字。",
                "This case belongs to another client. Check its name, or choose another.",
            )
        app.append(session, person, action, kept.id, {"client": kept.client_id})
    return OpenCase(kept)


def until_kept(app: App, case: OpenCase | Case | None, attempt: Callable[[], Result]) -> Result:
    """What the attempt gives; made again where somebody else extended the case meanwhile.

    What somebody else named must be named the same here.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return attempt()
        except CaseMoved:
            if not isinstance(case, OpenCase):
                raise
            case.read_again(app)
    return attempt()


def survey_files(
    app: App,
    person: Person,
    untrusted_files: Iterable[tuple[bytes, str]],
    case: Case,
    *,
    passwords: Sequence[str] = (),
) -> int:
    """How many files the case has learnt from; one that cannot be read is told when it is redacted.

    Raises NotPermitted.
    """
    app.authorise(person, Permission.FILE_REDACT)
    read = refused = 0
    for data, name in untrusted_files:
        try:
            survey_document(data, name, app.detector, case, passwords=passwords)
            read += 1
        except ProductError:
            refused += 1
    app.record(person, "case:surveyed", "files", {"read": read, "refused": refused})
    return read


def list_vault(app: App, person: Person) -> VaultView:
    """Every client with its cases. Raises NotPermitted."""
    app.authorise(person, Permission.VAULT_READ)
    with app.database.transaction() as session:
        view = VaultView(tuple(app.vault.clients(session)), app.certificates.issued(session))
        app.append(session, person, "vault:listed", "vault", {"clients": len(view.clients)})
    return view


def case_named(app: App, session: Session, name: str) -> KeptCase:
    """A case by name or number. Raises NotFound."""
    kept = app.vault.find_case(session, name.strip())
    if kept is None:
        raise _no_case()
    return kept


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise EmptyText
    if len(name) > LONGEST_NAME:
        raise TextTooLong(LONGEST_NAME)
    return name


def _stand_in(stored: list[Any]) -> StandIn:
    kind, treatment, text, original = stored
    return StandIn(Kind(kind), Treatment(treatment), text, original)


def _known(stored: list[Any]) -> Known:
    kind, value, score = stored
    return Known(Kind(kind), value, score)


def _no_case() -> NotFound:
    return NotFound(
        "没有这个案卷。请在“保险库”页或用 compliance vault list 核对名称。",
        "There is no such case. See its name on the page Vault or by: compliance vault list.",
    )


__all__ = [
    "CaseSummary", "ClientSummary", "OpenCase", "VaultView", "case_named", "list_vault",
    "open_case", "survey_files", "until_kept",
]  # fmt: skip
