"""The one object upper packages hold: exact lookup, search, counts."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from knowledge import index, replaced, store
from knowledge.addresses import Address, parse_address
from knowledge.duties import Asked, Duties, Duty, load_duties
from knowledge.duty_model import duty_model
from knowledge.duty_search import DutyHit, duty_search
from knowledge.errors import DamagedIndex, NoIndex
from knowledge.levels import Level
from knowledge.loaded import LoadedVersion, loaded_versions
from knowledge.lookup import Lookup, look_up
from knowledge.mentions import folded
from knowledge.numerals import article_label
from knowledge.own_rules import OwnRule, OwnRules, own_rules_of
from knowledge.provisions import PUBLIC, Provision, Standing
from knowledge.repeals import MARK, Repeal, repeals_in
from knowledge.search import By, rank
from knowledge.sentences import passages
from knowledge.sources import Instrument, by_name, names, short_name
from knowledge.traditional import simplified
from pii.cleared import ClearedText, without_names_masked
from records.beijing import SHANGHAI
from records.database import Database
from records.errors import Unavailable
from records.language import Language, language_of

__all__ = ["DutyHit", "Hit", "Library", "OwnRule"]

# For how many audiences and days it is kept which of the company's rules they read.
_MOST_READERS = 6

# Seconds until an index that could not be opened is tried again: trying costs as much as opening it,
# and everybody who asks would.
_TRIED_AGAIN = 5.0


@dataclass(frozen=True)
class Hit:
    """A provision that answers a question, how well, and what found it."""

    provision: Provision
    score: float
    by: By


class Library:
    """Provisions and duties, loaded at first use; safe to share between threads."""

    def __init__(
        self, database: Database, index_folder: Path, stores: index.Stores | None = None
    ) -> None:
        self._database = database
        self._folder = index_folder
        self.stores = stores or index.Stores()
        self._lock = threading.Lock()
        self._taking_apart = threading.Lock()
        self._generation: index.Generation | None = None
        self._names: tuple[str | None, dict[store.Audience, dict[str, str]]] = None, {}
        self._ended: tuple[str | None, dict[str, Repeal]] = None, {}
        self._failed: tuple[str, float, Unavailable] | None = None
        self._own_rules: dict[tuple[str, ...], OwnRules] = {}

    @property
    def duties(self) -> Duties:
        """The duties shipped with the product."""
        return load_duties()

    def provision(self, instrument: str, article: str, *, as_of: date) -> Provision | None:
        """The article in force on that day, by full name or abbreviation; None if there is none."""
        versions = self.versions(instrument, article)
        held = (p for p in reversed(versions) if p.standing(as_of) is Standing.IN_FORCE)
        return next(held, None)

    def versions(
        self, instrument: str, article: str, audience: store.Audience = None
    ) -> list[Provision]:
        """Every loaded version of one article that the audience may read, oldest first."""
        name = self._full_name(instrument)
        label = article_label(article) or article
        with self._database.reading() as session:
            found = store.provisions(session, instrument=name, article=label)
            # A policy counts its sections 一、二、 and keeps them so.
            found = found or store.provisions(session, instrument=name, article=article)
        return [one for one in found if audience is None or one.audience in audience]

    def provision_by_id(self, provision_id: str) -> Provision | None:
        """The provision under that id; None if there is none."""
        with self._database.reading() as session:
            found = store.provisions(session, ids=[provision_id])
        return found[0] if found else None

    def instrument(
        self, name: str, *, as_of: date | None = None, audience: store.Audience = None
    ) -> list[Provision]:
        """The whole text in force on that day (today by default), in order.

        Where nothing of it is in force, the newest version that is known: each provision says
        where it stands. What the audience may not read is left out.
        """
        day = as_of or datetime.now(SHANGHAI).date()
        full = self._full_name(name)
        with self._database.reading() as session:
            found = store.provisions(session, instrument=full)
        versions: dict[str, list[Provision]] = {}
        for provision in found:
            if audience is not None and provision.audience not in audience:
                continue
            versions.setdefault(provision.id.partition("#")[0], []).append(provision)
        for text in reversed(versions.values()):
            if any(p.standing(day) is Standing.IN_FORCE for p in text):
                return text
        return list(versions.values())[-1] if versions else []

    def instruments(self, audience: store.Audience = None) -> dict[str, Level]:
        """Everything loaded that the audience may read by its full name, with its rank."""
        with self._database.reading() as session:
            return store.instrument_levels(session, audience)

    def addresses(self, text: str, audience: frozenset[str] = PUBLIC) -> list[Address]:
        """The provisions a text names, by every name that is catalogued, or loaded for these."""
        return parse_address(text, self._ways(audience | PUBLIC))

    def look_up(
        self, address: Address, *, as_of: date, audience: frozenset[str] = PUBLIC
    ) -> Lookup:
        """What an address means on that day: exactly that, or nothing with the reason.

        What the audience may not read is as if it were not loaded.
        """
        seen = audience | PUBLIC
        return look_up(
            address,
            lambda instrument, article: self.versions(instrument, article, seen),
            as_of=as_of,
            is_loaded=lambda name: name in self.instruments(seen),
            repeal=self.repeal,
        )

    def look_up_all(self, text: str, *, as_of: date, audience: frozenset[str]) -> list[Lookup]:
        """What each address in a text leads to for this audience, in order."""
        named = self.addresses(text, audience)
        return [self.look_up(one, as_of=as_of, audience=audience) for one in named]

    def loaded(self, name: str | None = None) -> list[LoadedVersion]:
        """Every version loaded, of one text (by any of its names) or of all."""
        full = self._full_name(name) if name else None
        with self._database.reading() as session:
            return loaded_versions(session, full)

    def catalogued(self, name: str) -> Instrument | None:
        """What the catalogue knows of a text, by any of its names."""
        return by_name().get(self._full_name(name))

    def version(self, version_id: str) -> list[Provision]:
        """The provisions of one version, in order; empty if it is not loaded."""
        with self._database.reading() as session:
            return store.provisions(session, version=version_id)

    def search(
        self,
        question: ClearedText,
        *,
        as_of: date,
        audience: frozenset[str] = PUBLIC,
        limit: int = 8,
    ) -> list[Hit]:
        """The provisions and policy sections that answer the question, best first.

        A provision named in the question comes first, exactly; nothing below the floor is given.
        """
        generation = self._open()
        question = without_names_masked(question)
        seen = audience | PUBLIC
        named = [
            self.provision(a.instrument, a.article, as_of=as_of)
            for a in self.addresses(question.text, seen)
        ]
        hits = [Hit(p, 1.0, "address") for p in named if p is not None and p.audience in seen]
        try:
            ranked = rank(generation, question, as_of=as_of, audience=audience, limit=limit)
        except DamagedIndex as error:
            self._give_up(generation, error)
            raise
        with self._database.reading() as session:
            ids = [generation.ids[r.row] for r in ranked]
            shown = self._as_indexed(generation, session, ids)
        # Asked last: an ingest that began meanwhile is seen.
        may_read = self._readers(generation, seen)
        texts = {p.id: p for p in shown if may_read(p.instrument)}
        taken = {hit.provision.id for hit in hits}
        for found in ranked:
            # A text taken away since this index was built is left out, not shown stale.
            provision = texts.get(generation.ids[found.row])
            if provision is not None and provision.id not in taken:
                hits.append(Hit(provision, found.score, found.by))
        return hits[:limit]

    def _as_indexed(
        self, generation: index.Generation, session: Session, ids: Sequence[str]
    ) -> list[Provision]:
        """These provisions with the words they were indexed by, in their order as stored."""
        kept = replaced.as_indexed(self._folder, generation.name)
        stored = store.provisions(session, ids=ids)
        if not kept:
            return stored
        known = {one.id for one in stored}
        gone = [kept[one] for one in ids if one in kept and one not in known]
        return [*(kept.get(one.id, one) for one in stored), *gone]

    def _readers(
        self, generation: index.Generation, audience: frozenset[str]
    ) -> Callable[[str], bool]:
        """Whether the audience may read a text as it is stored, where an ingest has stored others than were indexed."""
        if not replaced.as_indexed(self._folder, generation.name):
            return lambda _instrument: True
        return self.instruments(audience).__contains__

    def own_rules(
        self,
        question: ClearedText,
        *,
        as_of: date,
        audience: frozenset[str] = PUBLIC,
        limit: int = 4,
    ) -> list[OwnRule]:
        """The company's own rules that may answer, best first, of what the audience may read."""
        generation = self._open()
        seen = generation.visible(as_of, audience | PUBLIC) & generation.policy
        ids = tuple(generation.ids[row] for row in seen.nonzero()[0])
        read = generation.name, *ids
        with self._taking_apart:
            if read not in self._own_rules:
                with self._database.reading() as session:
                    sections = self._as_indexed(generation, session, ids)
                if len(self._own_rules) == _MOST_READERS:
                    self._own_rules.pop(next(iter(self._own_rules)))
                self._own_rules[read] = own_rules_of(sections, duty_model(), passages(self._folder))
            rules = self._own_rules[read]
        found = rules.search(without_names_masked(question), limit=limit)
        may_read = self._readers(generation, audience | PUBLIC)
        return [rule for rule in found if may_read(rule.section.instrument)]

    def search_duties(
        self, question: ClearedText, *, limit: int = 8, goes_on: bool = False
    ) -> list[DutyHit]:
        """The duties that answer the question, best first; whether one is law says `is_law`.

        Where talk `goes_on` about the subject, a question need not name a thing of it again.
        """
        asked = without_names_masked(question)
        return duty_search().search(asked, limit=limit, goes_on=goes_on)

    def likeliest_duties(self, question: ClearedText, duties: Sequence[str]) -> list[str]:
        """Of some duties, by id, those the question turns on, first first."""
        return duty_search().likeliest(question, duties)

    def nearest_questions(self, question: ClearedText, language: Language) -> list[str]:
        """Reviewed questions like one that has no answer, each of another duty, in this language."""
        search = duty_search()
        found = []
        for duty in search.near_miss(question):
            asked = [
                (likeness, one.q)
                for one, likeness in search.asked_of(question, duty)
                if language_of(one.q) is language
            ]
            found += [max(asked)[1]] if asked else []
        return found

    def asked_of(self, question: ClearedText, duty: Duty) -> list[tuple[Asked, float]]:
        """The everyday questions of a duty, each with its likeness to this one, 0 to 1."""
        return duty_search().asked_of(question, duty)

    def counts(self, audience: store.Audience = None) -> dict[str, int]:
        """How much is loaded that the audience may read; all zero before the first ingest."""
        if index.current(self._folder) is None:
            return dict.fromkeys(
                ("instruments", "provisions", "policies", "policy_sections", "duties"), 0
            )
        with self._database.reading() as session:
            return {**store.count(session, audience), "duties": len(load_duties())}

    def problem(self) -> Unavailable | None:
        """Why nothing can be searched for at the moment; None where it can, or before an ingest."""
        try:
            self._open()
        except NoIndex:
            return None
        except Unavailable as error:
            return error
        return None

    def close(self) -> None:
        """Let go of the index; whoever still reads from it finishes."""
        with self._lock:
            self._generation = None

    def _open(self) -> index.Generation:
        """The index in use; a new one is taken up as soon as it is pointed to."""
        name = index.current(self._folder)
        if name is None:
            raise NoIndex
        with self._lock:
            if self._generation is None or self._generation.name != name:
                self._generation = self._opened(name)
            return self._generation

    def _opened(self, name: str) -> index.Generation:
        """The generation of that name; what failed a moment ago fails at once."""
        failed = self._failed
        if failed and failed[0] == name and time.monotonic() < failed[1]:
            raise failed[2].with_traceback(None)
        try:
            return index.open_generation(self._folder, name, self.stores)
        except Unavailable as error:
            self._failed = name, time.monotonic() + _TRIED_AGAIN, error
            raise

    def _give_up(self, generation: index.Generation, error: Unavailable) -> None:
        """A generation whose vectors went while it was open answers nobody until it opens again."""
        with self._lock:
            if self._generation is generation:
                self._generation = None
                self._failed = generation.name, time.monotonic() + _TRIED_AGAIN, error

    def repeal(self, name: str) -> Repeal | None:
        """What ended a law that is neither loaded nor catalogued; None where no text says so."""
        return self._repeals().get(self._full_name(name))

    def _repeals(self) -> dict[str, Repeal]:
        """The laws that loaded texts ended; read again when the index changes."""
        name = index.current(self._folder)
        with self._lock:
            if self._ended[0] != name:
                with self._database.reading() as session:
                    known = names(store.instrument_names(session))
                    self._ended = name, repeals_in(store.laws_saying(session, MARK), known)
            return self._ended[1]

    def _full_name(self, name: str) -> str:
        """The full name behind any way to call an instrument; what nobody knows stays as it is."""
        wanted = name.strip("《》 ")
        ways = self._ways()
        return folded(ways, wanted) or folded(ways, simplified(wanted)) or wanted

    def _ways(self, audience: store.Audience = None) -> dict[str, str]:
        """Every way to call an instrument they may read; read again when the index changes."""
        name = index.current(self._folder)
        ended = self._repeals()
        with self._lock:
            if self._names[0] != name:
                self._names = name, {}
            if audience not in self._names[1]:
                with self._database.reading() as session:
                    found = names(store.instrument_names(session, audience))
                gone = {way: one for one in ended for way in (one, short_name(one))}
                self._names[1][audience] = {**gone, **found}
            return self._names[1][audience]
