"""The check every answer passes: a point stands on stored text that says it, or it goes.

A point stands when each source it names exists and is in force, the words it quotes occur letter
for letter in one of them, every figure in it occurs in its sources (or in the question, or was
computed), and every article it names is one it cites. What a model worded must besides be carried
by the words it quotes (`support.py`). The conclusion may not rest on unverified duties alone.
Without a conclusion there is no answer.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.answering.answers import Claim, Mention, Quotation
from assistant.answering.drafts import RULES, Draft, Point
from assistant.answering.figures import Figure, figures
from assistant.answering.material import Material
from assistant.answering.sources import LONGEST_WHOLE, Source
from assistant.answering.stances import permits
from assistant.answering.support import carries
from knowledge.addresses import parse_address
from knowledge.duties import Confidence
from knowledge.paragraphs import split_article
from knowledge.provisions import Level, Provision, Standing
from knowledge.sources import by_name
from pii.cleared import holds_mask
from records.language import Bilingual

QUOTED_PER_POINT = 2
SHORTEST_QUOTE = 6
SHORTEST_MODEL_QUOTE = 12

_SPACE = re.compile(r"\s+")
_BARE_ARTICLE = re.compile(
    r"第\s*([0-9〇零一二两三四五六七八九十百千]+)\s*条(?:之[一二三四五六七八九十])?"
)
_WEAKEST = (Confidence.VERIFIED, Confidence.VERIFIED_SECONDARY, Confidence.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left of a draft: only claims that stand, and the quotations they point to."""

    conclusion: Claim | None
    conditions: tuple[Claim, ...]
    quotations: tuple[Quotation, ...]
    dropped: int


@dataclass(slots=True)
class _Quotations:
    """The quotations of one answer, each passage once, numbered in order of use."""

    listed: list[Quotation] = field(default_factory=list)

    def add(self, provision: Provision, words: str) -> int:
        for known in self.listed:
            if known.provision_id == provision.id and known.words == words:
                return known.number
        self.listed.append(
            Quotation(
                number=len(self.listed) + 1,
                provision_id=provision.id,
                instrument=provision.instrument,
                heading=provision.heading,
                level=provision.level,
                words=words,
                in_force_since=provision.effective_from,
                source=provision.source,
                date_certain=provision.date_certain,
            )
        )
        return self.listed[-1].number


def check_point(point: Point, material: Material, written_by: str) -> Checked:
    """One point by itself, as the conclusion of a draft: so that it may be shown at once."""
    return check(Draft(conclusion=point, written_by=written_by), material)


def check(draft: Draft, material: Material) -> Checked:
    """The draft with every point that does not stand taken out."""
    quotations = _Quotations()
    by_model = draft.written_by != RULES
    conclusion = None
    if draft.conclusion and (not by_model or _carried(draft.conclusion, material)):
        conclusion = _claim(draft.conclusion, material, quotations)
    if conclusion and conclusion.confidence is Confidence.UNVERIFIED:
        conclusion = None
    if conclusion is None:
        return Checked(None, (), (), dropped=len(draft.conditions) + bool(draft.conclusion))
    conditions = [
        _claim(point, material, quotations) if not by_model or _carried(point, material) else None
        for point in draft.conditions
    ]
    standing = tuple(claim for claim in conditions if claim)
    return Checked(
        conclusion=conclusion,
        conditions=standing,
        quotations=tuple(quotations.listed),
        dropped=len(conditions) - len(standing),
    )


def _carried(point: Point, material: Material) -> bool:
    """Whether the words a model quotes, and what it rests on, carry what it says."""
    if not point.quote or len(_SPACE.sub("", point.quote)) < SHORTEST_MODEL_QUOTE:
        return False
    known = material.sources()
    sources = [known[key] for key in point.sources if key in known]
    if permits(point.text) and not _may_permit(point.quote, sources, material):
        return False
    texts = [text for s in sources for text in (s.text.zh, s.text.en)]
    texts += [provision.text for s in sources for provision in s.provisions]
    return carries(point.text, quoted=point.quote, sources=" ".join(texts))


def _may_permit(quote: str, sources: list[Source], material: Material) -> bool:
    """Whether words may allow something or free from a duty when a model says so.

    Only a law's, or those behind a duty of ours that was reviewed: whoever can put a policy or a text
    into the library cannot thereby switch a duty off.
    """
    reviewed = {s.key for s in (*material.duties, *material.forbidding, *material.rules.values())}
    return any(
        (source.key in reviewed or provision.level is Level.LAW)
        and _found(quote, provision.text) is not None
        for source in sources
        for provision in source.provisions
    )


def _claim(point: Point, material: Material, quotations: _Quotations) -> Claim | None:
    known = material.sources()
    sources = [known[key] for key in dict.fromkeys(point.sources) if key in known]
    if not sources or len(sources) < len(set(point.sources)):
        return None
    provisions = _unique(p for s in sources for p in s.provisions)
    if any(p.standing(material.as_of) is not Standing.IN_FORCE for p in provisions):
        return None
    if not _figures_hold(point, sources, provisions, material):
        return None
    if not _articles_hold(_beyond(point.text, material.notes), provisions, sources):
        return None
    numbers = _quote(point, sources, provisions, material, quotations)
    mentions = tuple(dict.fromkeys(m for s in sources for m in s.mentions))
    if numbers is None or not (numbers or mentions):
        return None
    weakest = max((s.confidence for s in sources), key=_WEAKEST.index)
    return Claim(
        text=point.text,
        quotations=numbers,
        mentions=mentions,
        confidence=weakest,
        is_law=all(s.is_law for s in sources),
        is_policy=bool(provisions) and all(p.level is Level.POLICY for p in provisions),
        level=_lowest(provisions, mentions),
        contested=any(s.contested for s in sources),
        changed=any(s.changed for s in sources),
        approval=next((s.approval for s in sources if s.approval), None),
        beside=point.beside,
        masked=any(holds_mask(quotations.listed[number - 1].words) for number in numbers),
    )


def _beyond(text: str, notes: tuple[Bilingual, ...]) -> str:
    """What is said beside the notes on a number: an old one stands in them, and is nowhere to be cited."""
    for note in notes:
        text = text.replace(note.zh, "").replace(note.en, "")
    return text


def _lowest(provisions: list[Provision], mentions: tuple[Mention, ...]) -> Level | None:
    """The lowest rank among what is cited: nothing is shown as more than that."""
    known = by_name()
    named = [known[one.instrument].level for one in mentions if one.instrument in known]
    levels = {*(p.level for p in provisions), *named}
    return next((level for level in reversed(Level) if level in levels), None)


def _figures_hold(
    point: Point, sources: list[Source], provisions: list[Provision], material: Material
) -> bool:
    said = figures(point.text)
    if not said:
        return True
    carried: set[Figure] = set(figures(material.question.text)) | _computed(material)
    for source in sources:
        for text in (source.text, *source.readings):
            carried |= figures(text.zh) | figures(text.en)
    for provision in provisions:
        carried |= figures(provision.text)
    return said <= carried


def _computed(material: Material) -> set[Figure]:
    """Dates and periods the retention engine worked out for this question."""
    decision = material.decision
    if decision is None:
        return set()
    found: set[Figure] = set()
    for one in (decision, *(alternative.decision for alternative in decision.alternatives)):
        for text in (one.summary, *one.conditions, *((one.interim,) if one.interim else ())):
            found |= figures(text.zh) | figures(text.en)
    return found


def _articles_hold(text: str, provisions: list[Provision], sources: list[Source]) -> bool:
    """Whether every article the text names is among those cited."""
    cited = {(p.instrument, p.article) for p in provisions}
    cited |= {(m.instrument, a) for s in sources for m in s.mentions for a in m.articles}
    # What the company's own rule names, quoted word for word, it names itself.
    own = (s.part for s in sources if s.part and all(p.level is Level.POLICY for p in s.provisions))
    cited |= {(a.instrument, a.article) for words in own for a in parse_address(words)}
    named = parse_address(text)
    if any((address.instrument, address.article) not in cited for address in named):
        return False
    headings = {p.heading for p in provisions}
    spoken = " ".join(source.text.zh for source in sources)
    return all(
        match[0].replace(" ", "") in headings or match[0] in spoken or named
        for match in _BARE_ARTICLE.finditer(text)
    )


def _quote(
    point: Point,
    sources: list[Source],
    provisions: list[Provision],
    material: Material,
    quotations: _Quotations,
) -> tuple[int, ...] | None:
    """Numbers of the quotations that carry the point; None if its own quotation is not found."""
    if point.quote:
        for provision in provisions:
            if words := _found(point.quote, provision.text):
                return (quotations.add(provision, words),)
        return None
    asked = {s.provisions[0].id: s.part for s in sources if s.part and s.provisions}
    wanted = f"{point.text} {material.question.text}"
    numbers = []
    for place, provision in enumerate(provisions):
        if place >= (1 if point.beside else QUOTED_PER_POINT) and provision.id not in asked:
            continue
        words = asked.get(provision.id) or excerpt(provision.text, wanted)
        if _found(words, provision.text):
            numbers.append(quotations.add(provision, words))
    return tuple(numbers)


def _found(quote: str, text: str) -> str | None:
    """The quoted words as the stored text has them, white space aside; None if it lacks them."""
    wanted, held = _SPACE.sub("", quote), _SPACE.sub("", text)
    at = held.find(wanted)
    if at < 0 or len(wanted) < min(SHORTEST_QUOTE, len(held)):
        return None
    if not wanted:
        return ""
    # A pattern made of the quotation would be compiled anew at every question.
    places = [place for place, character in enumerate(text) if not character.isspace()]
    return text[places[at] : places[at + len(wanted) - 1] + 1]


def excerpt(text: str, wanted: str) -> str:
    """The whole text if it is short, otherwise the paragraph with most of the wanted words."""
    if len(text) <= LONGEST_WHOLE:
        return text
    pairs = _pairs(wanted)
    best = max(split_article(text), key=lambda one: len(_pairs(one.whole) & pairs))
    return best.whole if len(best.whole) <= 3 * LONGEST_WHOLE else best.text


def _pairs(text: str) -> set[str]:
    dense = _SPACE.sub("", text)
    return {dense[i : i + 2] for i in range(len(dense) - 1)}


def _unique(provisions: Iterable[Provision]) -> list[Provision]:
    return list({provision.id: provision for provision in provisions}.values())
