"""A draft by the rules, no model needed: from named articles, keeping periods, duties, provisions."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.answering.drafts import Draft, Point
from assistant.answering.in_english import is_chinese, title_in_english, told_in_english
from assistant.answering.incident_told import HAPPENED, first_step, warning
from assistant.answering.material import Material
from assistant.answering.refusals import Refusal
from assistant.answering.rule_words import rule_word
from assistant.answering.sources import Source, best_of
from assistant.answering.stances import FORBIDS, agrees
from assistant.answering.ways import is_open
from knowledge.duties import Verdict
from records.language import Bilingual, Language
from tickets.retention.facts import Alternative, Decision, Status

_DESTROY = Bilingual(
    "需要销毁时，先登记销毁工单（/compliance destroy，或网页“工单”），由申请人以外的两人批准后再执行。",
    "To destroy records, first open a destruction ticket (/compliance destroy, or Tickets on the "
    "web); two people other than you approve it before anything is destroyed.",
)
REPORT = Bilingual(
    "如果事情已经发生，请马上报告（/compliance incident，或网页“工单”），时限从知悉时起算。",
    "If it has happened, report it at once (/compliance incident, or Tickets on the web); the "
    "clocks run from the moment somebody knew.",
)
_WAIT = Bilingual(
    "在此之前只保存、不作他用，并限制查阅权限。",
    "Until then only store it, use it for nothing else, and restrict who may see it.",
)
_TURNS_ON_HOLDER = Bilingual(
    "看情况，要看资料由哪类单位持有。",
    "It depends on what kind of company holds it. ",
)
_RESOLVE = Bilingual(
    "先确认争议、检查或暂停销毁的要求已经解除，并留下书面记录。",
    "First make sure in writing that the dispute, inspection or hold has ended.",
)
STEPS = {
    Status.MUST_DELETE: (_DESTROY,),
    Status.MAY_DESTROY: (_DESTROY,),
    Status.NOT_YET: (_WAIT,),
    Status.BLOCKED: (_RESOLVE,),
    Status.CONTESTED: (_WAIT,),
    Status.NEEDS_FACT: (_WAIT,),
    Status.PERMANENT: (),
}
_SPACE = re.compile(r"\s+")


def compose(material: Material) -> Draft | None:
    """The best draft the rules can make, or None when nothing was found."""
    if material.refusal and material.forbidding:
        return _from_refusal(material, material.refusal)
    if material.named:
        return _from_article(material)
    if material.absent:
        # Never answer about another article than the one asked for.
        return None
    if material.approved:
        return _from_approved(material)
    decision = material.decision if material.rules else None
    if decision and decides(material, decision):
        return _from_decision(material, decision)
    if material.own_rule:
        return _from_own_rule(material)
    best = best_of(material.duties)
    if best:
        return _from_duties(material, best)
    if decision:
        return _from_decision(material, decision)
    if material.provisions or material.policies:
        return _from_provisions(material)
    return None


def decides(material: Material, decision: Decision) -> bool:
    """Whether the question turns on how long the record is kept before anything else."""
    # Whether it may go turns on the company's own period too; who approves it does not.
    own = material.own_words and not is_open(material.question.text)
    return _says_something(decision) or bool(own and decision.summary in material.own_words)


def _says_something(decision: Decision) -> bool:
    """False where all the engine can do is ask back: a duty then answers better."""
    asks_only = decision.deciding is None and not decision.alternatives
    return not (decision.status is Status.NEEDS_FACT and asks_only)


def _from_refusal(material: Material, refusal: Refusal) -> Draft:
    """No, why not, what the law says of the thing asked about, and the lawful way."""
    keys = tuple(source.key for source in material.forbidding)
    best = best_of(material.duties)
    about = (_beside(_said(material, best)),) if best and best.key not in keys else ()
    decision = material.decision if material.rules else None
    kept = (
        (Point(_pick(material, decision.summary), _deciding(decision)),)
        if decision and _says_something(decision)
        else ()
    )
    return Draft(
        conclusion=Point(_pick(material, refusal.says.both()), keys),
        conditions=(
            *(_said(material, one) for one in material.forbidding),
            *(_own_rule(material, one) for one in material.policies[:1] if _forbids(one)),
            *about,
            *kept,
        ),
        next_steps=_steps(material, (refusal.instead.both(),)),
    )


def _forbids(source: Source) -> bool:
    """Whether this is surely the rule of the company that answers, and says what may not be."""
    return source.part is not None and source.sure and bool(FORBIDS.search(source.text.zh))


def _from_approved(material: Material) -> Draft:
    """What an officer approved, in those words."""
    said = _said(material, material.approved[0])
    keys = tuple(source.key for source in material.approved)
    return Draft(
        conclusion=Point(said.text, keys),
        conditions=_policy(material),
        next_steps=_steps(material, ()),
    )


def _from_article(material: Material) -> Draft:
    first, *others = material.named
    ids = {p.id for s in material.named for p in s.provisions}
    related = [s for s in material.duties if ids & {p.id for p in s.provisions}]
    if material.only_ended and not related:
        # Whoever names a law that is gone still wants to know what holds now.
        related = list(material.duties[:1])
    note = Bilingual("".join(n.zh for n in material.notes), " ".join(n.en for n in material.notes))
    zh = f"{note.zh}《{first.provisions[0].instrument}》{first.provisions[0].heading}的原文见下。"
    en = f"{first.provisions[0].heading} of 《{first.provisions[0].instrument}》 is quoted below."
    keys = tuple(s.key for s in material.named) if material.notes else (first.key,)
    return Draft(
        conclusion=Point(_pick(material, Bilingual(zh, f"{note.en} {en}".strip())), keys),
        conditions=(
            *(Point(_heading(material, s), (s.key,)) for s in others),
            *(_beside(point) for s in related for point in _told(material, s)),
        ),
        next_steps=_steps(material, ()),
    )


def _from_decision(material: Material, decision: Decision) -> Draft:
    by_holder = list(_by_holder(material, decision))
    conclusion = _decided(material, decision, decision.summary)
    if by_holder:
        first = by_holder.pop(0)
        text = _pick(material, _TURNS_ON_HOLDER) + first.text
        conclusion = Point(text, tuple(dict.fromkeys((*first.sources, *_deciding(decision)))))
    further = [_decided(material, decision, words) for words in decision.conditions]
    return Draft(
        conclusion=conclusion,
        conditions=(
            *by_holder,
            *_policy(material),
            *further,
            *(_beside(point) for one in material.duties[:1] for point in _told(material, one)),
        ),
        next_steps=_steps(material, (*_questions(material), *STEPS[decision.status])),
    )


def _decided(material: Material, decision: Decision, words: Bilingual) -> Point:
    """Something a decision says, resting on the rule behind it: the law's, or the company's own."""
    own = words in material.own_words
    return Point(_pick(material, words), (material.own_period,) if own else _deciding(decision))


def _by_holder(material: Material, decision: Decision) -> Iterator[Point]:
    """What holds for each kind of holder, those of the same outcome together."""
    alike: dict[tuple[str, str], list[Alternative]] = {}
    for one in decision.alternatives:
        summary = one.decision.summary
        alike.setdefault((summary.zh, summary.en), []).append(one)
    for (zh, en), those in alike.items():
        names = Bilingual(
            "、".join(one.name.zh for one in those), ", ".join(one.name.en for one in those)
        )
        keys = tuple(
            dict.fromkeys(
                key
                for one in those
                for key in _decided(material, one.decision, one.decision.summary).sources
            )
        )
        words = Bilingual(f"{names.zh}：{zh}", f"{names.en}: {en}")
        yield Point(_pick(material, words), keys or _deciding(decision))


def _from_duties(material: Material, best: Source) -> Draft:
    others = [source for source in material.duties if source is not best]
    return Draft(
        conclusion=_opened(material, best.verdict, _said(material, best)),
        conditions=(
            *_readings(material, best),
            *_policy(material),
            *(_beside(point) for s in others for point in _told(material, s)),
        ),
        next_steps=_steps(material, _questions(material)),
    )


def _from_own_rule(material: Material) -> Draft:
    """Which keys, which courier, how many days: the company's rule first, the law beside it."""
    first, *others = material.policies
    told = _own_rule(material, first)
    warned = warning(material.question.text, material.incident, first.text.zh)
    return Draft(
        conclusion=_before(material, warned, told)
        if warned
        else _opened(material, _word_of(material, first), told),
        conditions=(
            *(_own_rule(material, one) for one in others),
            *(_beside(point) for s in material.duties[:2] for point in _told(material, s)),
        ),
        next_steps=_steps(material, ()),
    )


def _from_provisions(material: Material) -> Draft:
    first, *others = (*material.provisions, *material.policies)
    words = Bilingual(
        "没有现成的结论。与问题最接近的规定如下，请以原文为准。",
        "There is no ready answer. These are the closest rules; go by their words.",
    )
    return Draft(
        conclusion=Point(_pick(material, words), (first.key,)),
        conditions=tuple(Point(_heading(material, s), (s.key,)) for s in others[:2]),
        next_steps=_steps(material, ()),
    )


def _deciding(decision: Decision) -> tuple[str, ...]:
    """The rules behind a decision; where it turns on a fact, those behind each alternative."""
    if decision.deciding:
        return (decision.deciding.rule_id,)
    keys = [key for one in decision.alternatives for key in _deciding(one.decision)]
    return tuple(dict.fromkeys(keys)) or tuple(o.rule_id for o in decision.considered if o.applies)


def _questions(material: Material) -> tuple[Bilingual, ...]:
    """What the retention engine would have to know to say more."""
    return tuple(fact.question for fact in material.decision.missing) if material.decision else ()


def _policy(material: Material) -> tuple[Point, ...]:
    """What the company's own rules say of it, first how long it is kept; a section that only comes near is named."""
    told = [
        _own_rule(material, one) if one.sure else _beside(_own_rule(material, one))
        for one in sorted(material.policies, key=lambda one: one.key != material.own_period)
        if one.part
    ]
    return tuple(told) or tuple(
        _beside(Point(_heading(material, s), (s.key,))) for s in material.policies[:1]
    )


def _own_rule(material: Material, source: Source) -> Point:
    name = _name(source)
    words = Bilingual(f"{name}：{source.text.zh}", f"{name}: {source.text.en}")
    if material.language is Language.EN and is_chinese(source.sentence):
        words = replace(words, en=_in_english(material, source))
    return Point(_pick(material, words), (source.key,))


def _in_english(material: Material, source: Source) -> str:
    """A Chinese rule for who reads English, with the day its limit ends."""
    (section, *_), ends = source.provisions, source.ends.en if source.ends else ""
    rule = source.text.en.removesuffix(ends)
    told = told_in_english(
        material.question.text,
        title_in_english(section.instrument, section.heading),
        rule,
        answers=source.sentence,
        exact=_SPACE.sub("", rule) in _SPACE.sub("", section.text),
    )
    return told + ends


def _beside(point: Point) -> Point:
    return replace(point, beside=True)


def _said(material: Material, source: Source) -> Point:
    return Point(_pick(material, source.text), (source.key,))


def _readings(material: Material, source: Source) -> tuple[Point, ...]:
    """Each reading of a disputed point, side by side."""
    return tuple(Point(_pick(material, one), (source.key,)) for one in source.readings)


def _told(material: Material, source: Source) -> tuple[Point, ...]:
    return (_said(material, source), *_readings(material, source))


def _word_of(material: Material, rule: Source) -> Verdict | None:
    """Yes or no by the company's own sentence; the law's word only before one of its sign."""
    asked, said = material.question.text, rule.sentence
    if word := rule_word(asked, said):
        return word
    best = best_of(material.duties)
    word = best.verdict if best else None
    return word if word and agrees(word, said) else None


def _opened(material: Material, word: Verdict | None, said: Point) -> Point:
    """What is said, opened by yes or no where there is a word."""
    if word is None:
        return said
    return _before(material, Bilingual(f"{word.said.zh}。", f"{word.said.en}."), said)


def _before(material: Material, word: Bilingual, said: Point) -> Point:
    words = Bilingual(f"{word.zh}{said.text}", f"{word.en} {said.text}")
    return replace(said, text=_pick(material, words))


def _heading(material: Material, source: Source) -> str:
    name = _name(source)
    return _pick(material, Bilingual(f"另见{name}。", f"See also {name}."))


def _name(source: Source) -> str:
    provision = source.provisions[0]
    return f"《{provision.instrument}》{provision.heading}"


def _steps(material: Material, first: tuple[Bilingual, ...]) -> tuple[str, ...]:
    happened = material.may_be_incident and HAPPENED.search(material.question.text)
    told = material.incident
    report = (REPORT,) if happened or told else ()
    if told and not material.refusal:
        report = (*report, first_step(told))
    return tuple(_pick(material, words) for words in (*report, *first))


def _pick(material: Material, words: Bilingual) -> str:
    return words.pick(Language(material.language))
