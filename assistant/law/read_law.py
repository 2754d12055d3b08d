"""The full text behind a citation: an instrument with its provisions, or one provision."""

from dataclasses import dataclass
from datetime import date

from assistant.app import App
from knowledge.lookup import Lookup
from knowledge.provisions import PUBLIC, Level, Provision, Standing
from records.errors import NotFound
from records.people import Person
from records.permissions import Permission


@dataclass(frozen=True, slots=True)
class InstrumentText:
    """One law, regulation or company policy in full, in its own order."""

    name: str
    level: Level
    standing: Standing
    effective_from: date | None
    date_certain: bool
    source: str
    provisions: tuple[Provision, ...]


def list_instruments(app: App, person: Person) -> dict[str, Level]:
    """Everything that can be opened, by full name. Raises NotPermitted."""
    app.authorise(person, Permission.KNOWLEDGE_READ)
    found = app.library.instruments(readable(person))
    app.record(person, "knowledge:listed", "library", {"instruments": len(found)})
    return found


def read_instrument(app: App, person: Person, name: str) -> InstrumentText:
    """The whole text under its full name or abbreviation. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.KNOWLEDGE_READ)
    provisions = app.library.instrument(name, audience=readable(person))
    if not provisions:
        raise NotFound(
            "这部法规或制度的正文没有装入。请核对名称，或请管理员导入。",
            "The text of that instrument is not loaded. Check the name, or ask for its import.",
        )
    first = provisions[0]
    app.record(person, "knowledge:read", first.instrument)
    return InstrumentText(
        name=first.instrument,
        level=first.level,
        standing=first.standing(app.today()),
        effective_from=first.effective_from,
        date_certain=first.date_certain,
        source=first.source,
        provisions=tuple(provisions),
    )


def read_provision(app: App, person: Person, provision_id: str) -> Provision:
    """One provision by the id an answer gave. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.KNOWLEDGE_READ)
    provision = app.library.provision_by_id(provision_id)
    if provision is None or not may_read(person, provision):
        raise NotFound(
            "没有这一条，或它所在的文本已更新。请重新提问。",
            "No such provision, or its text was replaced. Please ask again.",
        )
    app.record(person, "knowledge:read", provision.id)
    return provision


def readable(person: Person) -> frozenset[str]:
    """Whose texts this person may read: everybody's, and those for one of their roles."""
    return PUBLIC | {role.value for role in person.roles}


def may_read(person: Person, provision: Provision) -> bool:
    """Whether a policy section is for this person."""
    return provision.audience in readable(person)


def read_address(
    app: App, person: Person, text: str, *, as_of: date | None = None
) -> tuple[Lookup, ...]:
    """What each address in the text leads to on that day; none where it names no article.

    Raises NotPermitted.
    """
    app.authorise(person, Permission.KNOWLEDGE_READ)
    day, seen = as_of or app.today(), readable(person)
    found = tuple(app.library.look_up_all(text, as_of=day, audience=seen))
    app.record(person, "knowledge:looked_up", "library", {"addresses": len(found)})
    return found
