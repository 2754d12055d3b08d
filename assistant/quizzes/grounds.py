"""What an item stands on: a duty that is sure, an article in force, words verified as in answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assistant.answering.approved import Cited, cited_as
from assistant.answering.citations import check, excerpt
from assistant.answering.drafts import Draft, Point
from assistant.answering.figures import Figure, figures
from assistant.answering.material import Material
from assistant.answering.sources import Source, duty_source
from assistant.quizzes.items import Item, pairs
from assistant.quizzes.sizes import same
from knowledge.checked import fingerprint
from knowledge.duties import Confidence, Duties, Duty, is_law
from knowledge.library import Library
from knowledge.provisions import Provision
from pii.cleared import public_text
from records.language import Language

# What a duty's note says where a person must still look: such a duty makes no item.
_UNSURE = ("待核", "未核", "尚未核对", "未见", "推断", "人工确认", "待查", "须人工")
# What is longer is no quotation.
_LONGEST = 420


@dataclass(frozen=True, slots=True)
class Grounds:
    """A duty fit for items, with its articles as they stand that day."""

    duty: Duty
    source: Source
    provisions: tuple[Provision, ...]

    def cited(self, words: str) -> Cited | None:
        """The article that has these words letter for letter."""
        found = next((p for p in self.provisions if words in p.text), None)
        return cited_as(found, words) if found else None

    def passage(self, wanted: str) -> Cited | None:
        """The article that says most of it, quoted as answers do; None where that is too long."""
        said = pairs(wanted)
        best = max(self.provisions, key=lambda one: len(pairs(one.text) & said))
        words = excerpt(best.text, wanted)
        return cited_as(best, words) if len(words) <= _LONGEST else None


def fit_duties(library: Library, day: date) -> tuple[Grounds, ...]:
    """The duties items may be made from: law, undisputed, unchanged, with text that is loaded."""
    found = (grounds_of(library, duty, day) for duty in library.duties.values())
    return tuple(one for one in found if one)


def grounds_of(library: Library, duty: Duty, day: date) -> Grounds | None:
    """What the duty stands on that day; None where it is not sure enough for an item."""
    if not is_sure(duty) or not duty.has_begun(day):
        return None
    source = duty_source(library, duty, day)
    if source.changed or not source.provisions:
        return None
    return Grounds(duty, source, source.provisions)


def is_sure(duty: Duty) -> bool:
    """Whether it is law read in its own text, and nobody disputes it or has it still to check."""
    return (
        duty.confidence is Confidence.VERIFIED
        and is_law(duty)
        and not duty.readings
        and not any(word in (duty.note or "") for word in _UNSURE)
    )


def stands(item: Item, library: Library, day: date) -> bool:
    """Whether what it cites is in force that day and reads as it did, and its duties are still sure."""
    return _unchanged(item, library, day) and all(
        key in library.duties and grounds_of(library, library.duties[key], day)
        for key in item.duties
    )


def carried(item: Item, library: Library, day: date) -> bool:
    """Whether an answer that said the same would pass: words found, figures in what is cited."""
    if not item.cites or not item.duties or not _unchanged(item, library, day):
        return False
    found = [grounds_of(library, library.duties[key], day) for key in item.duties]
    grounds = [one for one in found if one]
    if len(grounds) < len(found):
        return False
    material = _material([one.source for one in grounds], item.language, day)
    keys = tuple(one.duty.id for one in grounds)
    points = [Point(item.rationale, keys, quote=cite.words) for cite in item.cites]
    return all(check(Draft(one), material).conclusion for one in points) and _key_carried(
        item, grounds
    )


def _unchanged(item: Item, library: Library, day: date) -> bool:
    for cite in item.cites:
        now = library.provision(cite.instrument, cite.article, as_of=day)
        if now is None or fingerprint(now.text) != cite.fingerprint:
            return False
    return True


def _key_carried(item: Item, grounds: list[Grounds]) -> bool:
    """Every figure in a right option stands in the articles or in a duty's own words."""
    known = {
        figure
        for one in grounds
        for text in (*(p.text for p in one.provisions), one.duty.duty, one.duty.duty_en)
        for figure in figures(text)
    }
    said = {f for one in item.options if one.right for f in figures(one.text)}
    return all(any(same(figure, other) for other in known) for figure in said)


def rivals(duty: Duty, duties: Duties) -> tuple[Duty, ...]:
    """Duties whose answer could be taken for this one's: an article, a party or an occasion shared."""
    own = {(c.instrument, a) for c in duty.citations for a in c.articles}
    return tuple(
        other
        for other in duties.values()
        if own & {(c.instrument, a) for c in other.citations for a in c.articles}
        or (other.topic == duty.topic and set(other.binds) & set(duty.binds))
        or (other.trigger == duty.trigger)
    )


def figures_near(own: Iterable[Duty], duties: Duties) -> frozenset[Figure]:
    """Every figure that these duties or a rival of theirs name: none of them is plainly wrong."""
    near = {other.id: other for duty in own for other in (duty, *rivals(duty, duties))}
    found: set[Figure] = set()
    for duty in near.values():
        counted = duty.period.counted_from if duty.period else None
        for text in (duty.duty, duty.note or "", counted.zh if counted else ""):
            found |= figures(text)
    return frozenset(found)


def _material(sources: list[Source], language: Language, day: date) -> Material:
    return Material(
        question=public_text("", source="quiz"),
        language=language,
        as_of=day,
        named=(),
        absent=(),
        duties=tuple(sources),
        provisions=(),
        policies=(),
        decision=None,
        rules={},
    )
