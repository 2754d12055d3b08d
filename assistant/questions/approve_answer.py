"""An officer's answer approved for all who ask the same; listed, used, withdrawn."""

from dataclasses import dataclass, replace
from datetime import date

from assistant.answering import handovers
from assistant.answering.answers import Approval
from assistant.answering.approved import (
    Approved,
    Content,
    State,
    all_approved,
    cited_as,
    keep_approved,
    state_of,
    withdraw_approved,
)
from assistant.answering.citations import check
from assistant.answering.drafts import Draft, Point
from assistant.answering.material import Material
from assistant.answering.sources import approved_sources
from assistant.app import App
from assistant.errors import NotCarried, NotCitable
from assistant.redaction.clearing import clear_text
from knowledge.provisions import EVERYONE, PUBLIC, Provision, Standing
from pii.cleared import public_text
from records.language import Bilingual, Language
from records.people import Person, Role, all_people
from records.permissions import Permission
from tickets.retention.facts import HolderType

LONGEST_ANSWER, LONGEST_QUESTION = 2000, 300
MOST_QUESTIONS, MOST_CITATIONS = 10, 6


@dataclass(frozen=True, slots=True)
class Cite:
    """A provision as the officer names it, and words of it to quote."""

    address: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer wants approved, as typed."""

    questions: tuple[str, ...]
    zh: str
    cites: tuple[Cite, ...]
    en: str = ""
    audience: Role | None = None
    holder: HolderType | None = None
    valid_until: date | None = None
    # The question handed over that it replies to.
    handover_id: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """An approved answer, whether it is used today, and whose it is."""

    answer: Approved
    state: State
    owner: str


def approve_answer(app: App, person: Person, wish: Wish) -> str:
    """The number of the approved answer, in use at once.

    Texts are cleared of personal data; what it cites must be in force, and carry its words as
    those of any draft. Raises NotPermitted, NotFound, NotCitable, NotCarried, EmptyText, TextTooLong.
    """
    app.authorise(person, Permission.ANSWER_APPROVE)
    readers = PUBLIC | ({wish.audience.value} if wish.audience else set())
    provisions = tuple(_provision(app, one, readers) for one in wish.cites[:MOST_CITATIONS])
    if not provisions:
        raise NotCitable("")
    content = _cleared(app, wish, provisions)
    _must_carry(app, content, provisions)
    with app.database.transaction() as session:
        if wish.handover_id:
            handovers.read_handover(session, wish.handover_id)
        number = keep_approved(
            session,
            content,
            person_id=person.id,
            handover_id=wish.handover_id,
            now=app.clock(),
        )
        details = {"citations": len(provisions), "questions": len(content.questions)}
        app.append(session, person, "answer:approved", number, details)
    return number


def list_approved(app: App, person: Person) -> tuple[Listed, ...]:
    """Every approved answer not withdrawn; those to be reviewed first. Raises NotPermitted."""
    app.authorise(person, Permission.ANSWER_APPROVE)
    with app.database.transaction() as session:
        kept = all_approved(session)
        names = {one.id: one.name for one in all_people(session)}
        app.append(session, person, "answer:listed", "approved", {"answers": len(kept)})
    today = app.today()
    listed = [
        Listed(one, state_of(app.library, one, today), names.get(one.approved_by, one.approved_by))
        for one in kept
    ]
    return tuple(sorted(listed, key=lambda one: one.state is State.IN_USE))


def withdraw_answer(app: App, person: Person, answer_id: str) -> None:
    """The approved answer is used no more. Raises NotPermitted, NotFound."""
    app.authorise(person, Permission.ANSWER_APPROVE)
    with app.database.transaction() as session:
        withdraw_approved(session, answer_id, app.clock())
        app.append(session, person, "answer:withdrawn", answer_id.strip())


def _provision(app: App, cite: Cite, readers: frozenset[str]) -> Provision:
    """The one provision an address or id names, in force today, open to whoever will read the
    answer. Raises NotCitable.
    """
    today, text = app.today(), cite.address.strip()
    found = app.library.provision_by_id(text)
    if found is None:
        addresses = app.library.addresses(text, readers)
        if len(addresses) == 1:
            found = app.library.look_up(addresses[0], as_of=today, audience=readers).provision
    if (
        found is None
        or found.audience not in readers
        or found.standing(today) is not Standing.IN_FORCE
    ):
        raise NotCitable(text)
    return found


def _cleared(app: App, wish: Wish, provisions: tuple[Provision, ...]) -> Content:
    def clear(text: str, limit: int) -> str:
        return clear_text(app, text, limit).cleared.text

    asked = [one for one in wish.questions if one.strip()][:MOST_QUESTIONS]
    cites = zip(wish.cites, provisions, strict=False)
    return Content(
        questions=tuple(clear(one, LONGEST_QUESTION) for one in asked or [""]),
        text=Bilingual(
            clear(wish.zh, LONGEST_ANSWER),
            clear(wish.en, LONGEST_ANSWER) if wish.en.strip() else "",
        ),
        citations=tuple(cited_as(one, cite.words.strip()) for cite, one in cites),
        audience=wish.audience.value if wish.audience else EVERYONE,
        holder=wish.holder,
        valid_until=wish.valid_until,
    )


def _must_carry(app: App, content: Content, provisions: tuple[Provision, ...]) -> None:
    """The check of any draft: figures, articles and quoted words stand in what is cited.

    Each citation's words are looked for in that provision. Raises NotCarried.
    """
    today = app.today()
    approval = Approval("", "", today)
    for text, language in ((content.text.zh, Language.ZH), (content.text.en, Language.EN)):
        if not text:
            continue
        # Its own words carry nothing: only what the provisions say counts.
        silent = replace(content, text=Bilingual("", ""))
        sources = approved_sources("A", silent, provisions, approval)
        keys = tuple(source.key for source in sources)
        points = [Point(text, keys)]
        points += [
            Point(cited.words, (source.key,), quote=cited.words)
            for cited, source in zip(content.citations, sources, strict=True)
            if cited.words
        ]
        material = Material(
            question=public_text("", source="approval"),
            language=language,
            as_of=today,
            named=sources,
            absent=(),
            duties=(),
            provisions=(),
            policies=(),
            decision=None,
            rules={},
        )
        if any(check(Draft(conclusion=one), material).conclusion is None for one in points):
            raise NotCarried
