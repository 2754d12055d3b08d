"""What a change of law touches: two versions compared, and everything that cites what changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from assistant.answering.approved import all_approved
from assistant.app import App
from assistant.law.read_law import readable
from assistant.quizzes.store import all_items
from assistant.quizzes.tables import ItemState
from knowledge import citing
from knowledge.checked import Outdated, outdated
from knowledge.citing import Citer, Citing
from knowledge.diff import Change, Diff, Kind, compare
from knowledge.errors import NoSuchVersion, OneVersionOnly
from knowledge.levels import Level, Standing
from knowledge.loaded import SOON, Coming, LoadedVersion, coming, without_text
from knowledge.provisions import Provision
from knowledge.regulations import read_regulation
from knowledge.repeals import Repeal
from knowledge.sources import Instrument, short_name
from knowledge.sources import names as known_names
from records.language import Bilingual
from records.people import Person
from records.permissions import Permission, allowed
from tickets import citing as ticket_citing

# So long after a new version took effect does its change still show unasked.
LATELY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions compared."""

    label: str
    name: str
    effective_from: date | None


@dataclass(frozen=True, slots=True)
class Touched:
    """Something that cites an article which is not as it was."""

    citing: Citing
    change: Change


@dataclass(frozen=True, slots=True)
class LawChanges:
    """The difference of two versions, and what must be looked at because of it."""

    old: Side
    new: Side
    diff: Diff
    touched: tuple[Touched, ...]

    @property
    def reach(self) -> int:
        """How many things of ours cite what changed, each counted once."""
        return len({(one.citing.citer, one.citing.id) for one in self.touched})


@dataclass(frozen=True, slots=True)
class ChangesNow:
    """What changes soon or changed lately: soonest first, then the newest; and what has no text."""

    coming: tuple[LawChanges, ...]
    lately: tuple[LawChanges, ...]
    # Takes effect soon, and no two versions of it are loaded.
    not_compared: tuple[Coming, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is loaded, what is only known by name, what is coming, what is overdue."""

    versions: tuple[LoadedVersion, ...]
    without_text: tuple[Instrument, ...]
    coming: tuple[Coming, ...]
    overdue: tuple[LoadedVersion, ...]
    # Of a text asked for by name: what ended it, where nothing else of it is known.
    repeal: Repeal | None = None


def _policies(app: App, person: Person) -> Iterator[Citing]:
    seen = readable(person)
    sections = [
        section
        for name, level in app.library.instruments(seen).items()
        if level is Level.POLICY
        for section in app.library.instrument(name, as_of=app.today(), audience=seen)
    ]
    return citing.of_policies(sections, dict(known_names()))


def _approved(app: App, person: Person) -> Iterator[Citing]:
    seen = readable(person)
    with app.database.reading() as session:
        kept = [one for one in all_approved(session) if one.content.audience in seen]
    for answer in kept:
        first = answer.content.questions[0]
        for cited in answer.content.citations:
            name = Bilingual(first, first)
            yield Citing(Citer.APPROVED, answer.id, name, cited.instrument, cited.article)


def _quiz_items(app: App, person: Person) -> Iterator[Citing]:
    """The items, for those who write them: nobody reads the next exam here."""
    return quiz_items(app) if allowed(person, Permission.QUIZ_MANAGE) else iter(())


def quiz_items(app: App) -> Iterator[Citing]:
    """Every item that is not rejected, with the articles it rests on."""
    with app.database.reading() as session:
        kept = all_items(session)
    for one in kept:
        name = Bilingual(one.item.stem, one.item.stem)
        for cited in one.item.cites if one.state is not ItemState.REJECTED else ():
            yield Citing(Citer.QUIZ, one.id, name, cited.instrument, cited.article)


# Whatever cites law is listed here; a new kind of thing adds one line.
CITERS: MappingProxyType[Citer, Callable[[App, Person], Iterator[Citing]]] = MappingProxyType(
    {
        Citer.DUTY: lambda app, _: citing.of_duties(app.library.duties),
        Citer.CLOCK: lambda _app, _: ticket_citing.of_clocks(),
        Citer.RETENTION: lambda _app, _: ticket_citing.of_retention_rules(),
        Citer.PLAYBOOK: lambda _app, _: ticket_citing.of_playbooks(),
        Citer.CLOSING: lambda _app, _: ticket_citing.of_closing_steps(),
        Citer.REGISTER: lambda app, _: ticket_citing.of_kinds(app.kinds),
        Citer.POLICY: _policies,
        Citer.APPROVED: _approved,
        Citer.NOTICE: lambda _app, _: ticket_citing.of_notices(),
        Citer.QUIZ: _quiz_items,
    }
)


def list_versions(app: App, person: Person, name: str | None = None) -> Shelf:
    """Every version loaded, of one text or of all, and what is only known by name or by its end.

    Raises NotPermitted.
    """
    app.authorise(person, Permission.KNOWLEDGE_READ)
    versions = _loaded(app, person, name)
    today = app.today()
    meant = {version.name for version in versions}
    only_named = app.library.catalogued(name) if name and not versions else None
    known = (only_named,) if only_named else ()
    shelf = Shelf(
        versions=tuple(versions),
        without_text=tuple(without_text(versions)) if name is None else known,
        coming=tuple(
            one
            for one in coming(versions, today=today, within=SOON)
            if name is None or one.name in meant
        ),
        overdue=tuple(v for v in versions if v.review_is_overdue(today)),
        repeal=app.library.repeal(name) if name and not versions else None,
    )
    app.record(person, "knowledge:versions", "library", {"versions": len(versions)})
    return shelf


def compare_versions(app: App, person: Person, old: str, new: str = "") -> LawChanges:
    """Two versions compared: by their ids, one with the version before it, or a name's last two.

    Raises NotPermitted, NoSuchVersion, OneVersionOnly.
    """
    app.authorise(person, Permission.KNOWLEDGE_READ)
    before, after = _pair(app, person, old, new)
    changes = changes_between(app, before, after, _cited(app, person))
    app.record(person, "knowledge:compared", after.id, {"touched": len(changes.touched)})
    return changes


def changes_now(app: App, person: Person) -> ChangesNow:
    """What the texts that change soon, or changed in the last year, touch. Raises NotPermitted."""
    app.authorise(person, Permission.KNOWLEDGE_READ)
    today, versions = app.today(), _loaded(app, person)
    cited = _cited(app, person)

    def turned(since: date, until: date) -> Iterator[LawChanges]:
        for before, after in _successive(versions):
            if after.effective_from and since < after.effective_from <= until:
                yield changes_between(app, before, after, cited)

    soon = sorted(turned(today, today + SOON), key=_begins)
    lately = sorted(turned(today - LATELY, today), key=_begins, reverse=True)
    compared = {one.new.name for one in soon}
    changes = ChangesNow(
        coming=tuple(soon),
        lately=tuple(lately),
        not_compared=tuple(
            one for one in coming(versions, today=today, within=SOON) if one.name not in compared
        ),
    )
    details = {"coming": len(soon), "lately": len(lately)}
    app.record(person, "knowledge:changes-read", "library", details)
    return changes


def _begins(changes: LawChanges) -> date:
    return changes.new.effective_from or date.max


def _successive(versions: list[LoadedVersion]) -> Iterator[tuple[LoadedVersion, LoadedVersion]]:
    """Each version of a text with the one after it; they come by name and day."""
    dated = [v for v in versions if v.effective_from and v.ends_as is not Standing.DRAFT]
    return ((a, b) for a, b in pairwise(dated) if a.name == b.name)


def compare_files(app: App, person: Person, old: Path | str | None, new: Path | str) -> LawChanges:
    """A file, which need not be loaded, compared with another or with a text that is.

    That one is named by its version or its name; without `old`, it is the loaded text of the same name.
    Raises NotPermitted, BadInput, NoSuchVersion.
    """
    app.authorise(person, Permission.KNOWLEDGE_READ)
    second = _read(app, person, new)
    first = _read(app, person, second[0].name if old is None else old)
    changes = _changes(app, first, second, _cited(app, person))
    app.record(person, "knowledge:compared", "files", {"touched": len(changes.touched)})
    return changes


def duties_to_review(
    app: App, person: Person, *, as_of: date | None = None
) -> tuple[Outdated, ...]:
    """The duties whose articles no longer read as when they were checked. Raises NotPermitted."""
    app.authorise(person, Permission.KNOWLEDGE_READ)
    with app.database.reading() as session:
        found = tuple(outdated(session, app.library.duties, as_of=as_of or app.today()))
    app.record(person, "knowledge:reviewed", "duties", {"outdated": len(found)})
    return found


def _loaded(app: App, person: Person, name: str | None = None) -> list[LoadedVersion]:
    seen = readable(person)
    return [one for one in app.library.loaded(name) if one.audience in seen]


def _pair(app: App, person: Person, old: str, new: str) -> tuple[LoadedVersion, LoadedVersion]:
    versions = {v.id: v for v in _loaded(app, person)}
    if new:
        for wanted in (old, new):
            if wanted not in versions:
                raise NoSuchVersion(wanted)
        return versions[old], versions[new]
    own = _loaded(app, person, versions[old].name if old in versions else old)
    if not own:
        raise NoSuchVersion(old)
    pairs = list(_successive(own))
    if not pairs:
        raise OneVersionOnly(own[-1].id)
    # A version alone: what it changed; the first one: what changed after it.
    ending = [pair for pair in pairs if pair[1].id == old]
    beginning = [pair for pair in pairs if pair[0].id == old]
    return (ending or beginning or pairs)[-1]


def _read(app: App, person: Person, text: Path | str) -> tuple[Side, list[Provision]]:
    """A file as it stands, or a loaded text: that version, or the one of that name that holds today."""
    if isinstance(text, Path):
        found = read_regulation(text, text.name)
        return Side(found.id, found.name, found.effective_from), list(found.provisions)
    own = [one for one in _loaded(app, person) if one.id == text] or _loaded(app, person, text)
    if not own:
        raise NoSuchVersion(text)
    holding = [one for one in own if one.standing(app.today()) is Standing.IN_FORCE]
    version = (holding or own)[-1]
    return _side(version), app.library.version(version.id)


def _side(version: LoadedVersion) -> Side:
    return Side(version.id, version.name, version.effective_from)


def _cited(app: App, person: Person) -> list[Citing]:
    """Everything of ours that cites law and that this person may read."""
    return [one for read in CITERS.values() for one in read(app, person)]


def changes_between(
    app: App, old: LoadedVersion, new: LoadedVersion, cited: list[Citing]
) -> LawChanges:
    """Two loaded versions compared, and which of these things cite what changed."""
    before, after = ((_side(one), app.library.version(one.id)) for one in (old, new))
    return _changes(app, before, after, cited)


def _changes(
    app: App,
    old: tuple[Side, list[Provision]],
    new: tuple[Side, list[Provision]],
    cited: list[Citing],
) -> LawChanges:
    diff = compare(old[1], new[1])
    names = {short_name(side.name) for side, _ in (old, new)}
    ours = [one for one in cited if short_name(one.instrument) in names]
    return LawChanges(old[0], new[0], diff, tuple(_touched(ours, diff, app, new[0])))


def _touched(cited: list[Citing], diff: Diff, app: App, new: Side) -> Iterator[Touched]:
    """By the numbers that stand today: the old ones before the new version holds, then its own."""
    holds = new.effective_from is not None and new.effective_from <= app.today()
    for change in diff.changes:
        if change.kind is Kind.SAME:
            continue
        by_old, by_new = change.old_article, change.new_article
        label = (by_new or by_old) if holds else by_old
        for one in cited:
            if one.article == label and label is not None:
                yield Touched(one, change)
