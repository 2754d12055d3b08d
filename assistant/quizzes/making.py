"""How one item is made from one reviewed entry; nothing here is chosen, only written."""

from random import Random

from assistant.answering.approved import Cited
from assistant.answering.figures import Figure, figures
from assistant.quizzes.grounds import Grounds, figures_near
from assistant.quizzes.items import (
    Difficulty,
    Item,
    ItemKind,
    MadeFrom,
    Option,
    true_or_false,
)
from assistant.quizzes.question_files import (
    PartyEntry,
    PeriodEntry,
    ScenarioEntry,
    StatementEntry,
    periods,
)
from assistant.quizzes.sizes import figure_of, in_words, same
from knowledge.duties import Asked, Duties, Topic, Verdict
from knowledge.sources import short_name
from records.language import Language

_LADDERS = {
    "hour": (1, 2, 4, 8, 12, 24, 36, 48, 72, 96, 120),
    "day": (3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180),
    "workday": (3, 5, 7, 10, 15, 20, 30, 45, 60),
    "month": (1, 2, 3, 4, 6, 9, 12, 18, 24),
    "year": (1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 50),
}
WRONG = 3
_OPPOSITE = {
    Verdict.MAY: Verdict.MAY_NOT,
    Verdict.MUST: Verdict.NEED_NOT,
    Verdict.IS: Verdict.IS_NOT,
    Verdict.WILL: Verdict.WILL_NOT,
    Verdict.THERE_IS: Verdict.THERE_IS_NONE,
}
OPPOSITE = _OPPOSITE | {no: yes for yes, no in _OPPOSITE.items()}


def rule_name(cited: Cited) -> str:
    """The article as a rationale names it: 《个人信息保护法》第五十七条."""
    return f"《{short_name(cited.instrument)}》{cited.heading}"


def period_item(
    entry: PeriodEntry, grounds: Grounds, duties: Duties, language: Language, place: int
) -> Item | None:
    """A question about a period, its options in order, the right one as near `place` as can be."""
    cited = grounds.cited(entry.words)
    if cited is None:
        return None
    right = figure_of(entry.number, entry.unit)
    named = figures_near([grounds.duty], duties)
    named |= {figure for one in grounds.provisions for figure in figures(one.text)}
    numbers = _wrong_numbers(entry, named, place)
    if len(numbers) < WRONG or not any(same(right, f) for f in figures(entry.words)):
        return None
    key = in_words(entry.number, entry.unit, language)
    options = [
        Option(in_words(n, entry.unit, language), False, _why_not(n, entry, key, language))
        for n in numbers
    ]
    zh, en = f"{rule_name(cited)}：“{cited.words}”。", f"{rule_name(cited)} says {key}."
    options.append(Option(key, True, en if language is Language.EN else zh))
    sizes = {in_words(n, entry.unit, language): n for n in (*numbers, entry.number)}
    return Item(
        kind=ItemKind.SINGLE,
        made_from=MadeFrom.PERIOD,
        stem=entry.ask.both().pick(language),
        options=tuple(sorted(options, key=lambda one: sizes[one.text])),
        rationale=_rationale(grounds, cited, language),
        cites=(cited,),
        duties=(entry.duty,),
        topic=grounds.duty.topic,
        difficulty=Difficulty.MEDIUM,
        language=language,
        ordered=True,
    )


def party_item(entry: PartyEntry, grounds: Grounds, language: Language, place: int) -> Item | None:
    """A question about who must act or be told."""
    cited = grounds.cited(entry.words)
    if cited is None:
        return None
    english = language is Language.EN
    wrong = [
        Option(one.both().pick(language), False, f"{one.why_en}." if english else f"{one.why_zh}。")
        for one in entry.wrong
    ]
    right = Option(entry.answer.both().pick(language), True, _says(cited, language))
    return Item(
        kind=ItemKind.SINGLE,
        made_from=MadeFrom.PARTY,
        stem=entry.ask.both().pick(language),
        options=(right, *wrong),
        rationale=_rationale(grounds, cited, language),
        cites=(cited,),
        duties=(entry.duty,),
        topic=grounds.duty.topic,
        difficulty=Difficulty.EASY,
        language=language,
    ).with_key_at(place)


def asked_item(asked: Asked, grounds: Grounds, language: Language, place: int) -> Item | None:
    """An everyday question with an answer to be judged: the reviewed one, or its opposite."""
    if asked.so is None or asked.so not in OPPOSITE:
        return None
    cited = grounds.passage(f"{grounds.duty.duty}{asked.q}")
    if cited is None:
        return None
    holds = place % 2 == 0
    answer = (asked.so if holds else OPPOSITE[asked.so]).said.pick(language)
    if language is Language.EN:
        stem = f"A colleague asks: “{asked.q}” Somebody answers: “{answer}.” Is the answer right?"
        why = grounds.duty.duty_en
    else:
        question = asked.q.rstrip("？?")
        stem = f"同事问：“{question}？”有人回答：“{answer}。”这个回答对吗？"
        why = grounds.duty.duty
    return Item(
        kind=ItemKind.TRUE_FALSE,
        made_from=MadeFrom.ASKED,
        stem=stem,
        options=true_or_false(language, right=holds, why=why),
        rationale=_rationale(grounds, cited, language),
        cites=(cited,),
        duties=(grounds.duty.id,),
        topic=grounds.duty.topic,
        difficulty=Difficulty.EASY,
        language=language,
    )


def statement_item(entry: StatementEntry, grounds: Grounds, place: int) -> Item | None:
    """A statement to be judged: as the law has it, or with the smallest change that makes it false."""
    cited = grounds.cited(entry.words)
    if cited is None:
        return None
    holds = place % 2 == 0
    return Item(
        kind=ItemKind.TRUE_FALSE,
        made_from=MadeFrom.STATEMENT,
        stem=f"判断对错：{entry.right if holds else entry.wrong}。",
        options=true_or_false(Language.ZH, right=holds, why=entry.why),
        rationale=f"{rule_name(cited)}：{entry.why}",
        cites=(cited,),
        duties=(entry.duty,),
        topic=grounds.duty.topic,
        difficulty=Difficulty.MEDIUM,
    )


def choices_item(
    entries: tuple[StatementEntry, ...], grounds: tuple[Grounds, ...], topic: Topic, rng: Random
) -> Item | None:
    """Which of several statements on one topic are true: two or three of them."""
    right = set(rng.sample(range(len(entries)), rng.choice((2, len(entries) - 1))))
    options, cites = [], []
    for i, (entry, ground) in enumerate(zip(entries, grounds, strict=True)):
        cited = ground.cited(entry.words)
        if cited is None:
            return None
        cites.append(cited)
        text = entry.right if i in right else entry.wrong
        options.append(Option(text, i in right, f"{rule_name(cited)}：{entry.why}"))
    why = "；".join(
        f"{letter}．{entry.why.rstrip('。')}（{rule_name(cited)}）"
        for letter, entry, cited in zip("ABCD", entries, cites, strict=False)
    )
    return Item(
        kind=ItemKind.MULTIPLE,
        made_from=MadeFrom.STATEMENT,
        stem=f"关于“{topic.title.zh}”，下列说法正确的有哪些？",
        options=tuple(options),
        rationale=f"{why}。",
        cites=tuple(cites),
        duties=tuple(entry.duty for entry in entries),
        topic=topic.topic,
        difficulty=Difficulty.HARD,
        # The rationale names the options by their letters.
        ordered=True,
    )


def scenario_item(
    entry: ScenarioEntry, grounds: Grounds, language: Language, place: int
) -> Item | None:
    """A situation and what to do in it."""
    cited = grounds.cited(entry.words)
    if cited is None:
        return None
    told = entry.told(language)
    wrong = [Option(one.text, False, one.why) for one in told.wrong]
    sign = ": " if language is Language.EN else "："
    return Item(
        kind=ItemKind.SINGLE,
        made_from=MadeFrom.SCENARIO,
        stem=told.stem,
        options=(Option(told.answer.text, True, told.answer.why), *wrong),
        rationale=f"{rule_name(cited)}{sign}{told.answer.why}",
        cites=(cited,),
        duties=(entry.duty,),
        topic=grounds.duty.topic,
        difficulty=entry.difficulty,
        language=language,
    ).with_key_at(place)


def _rationale(grounds: Grounds, cited: Cited, language: Language) -> str:
    if language is Language.EN:
        return f"{grounds.duty.duty_en} ({rule_name(cited)})"
    return f"{rule_name(cited)}。情形：{grounds.duty.trigger}。要求：{grounds.duty.duty}"


def _says(cited: Cited, language: Language) -> str:
    if language is Language.EN:
        return f"So says {rule_name(cited)}."
    return f"{rule_name(cited)}：“{cited.words}”。"


def _wrong_numbers(entry: PeriodEntry, named: frozenset[Figure], place: int) -> list[int]:
    """Three steps of the ladder nearest to the right number, so many below it as `place` says."""
    free = [
        n
        for n in _LADDERS[entry.unit]
        if not any(same(figure_of(n, entry.unit), one) for one in named) and n != entry.number
    ]
    below = [n for n in reversed(free) if n < entry.number]
    above = [n for n in free if n > entry.number]
    low = max(min(place, len(below)), WRONG - len(above))
    return sorted([*below[:low], *above[: WRONG - low]])


def _why_not(number: int, entry: PeriodEntry, key: str, language: Language) -> str:
    """Why it is not this period; where another rule has it, that rule."""
    said = in_words(number, entry.unit, language)
    other = next((o for o in periods() if (o.number, o.unit) == (number, entry.unit)), None)
    if language is Language.EN:
        return f"The law says {key}, not {said}."
    if other is None:
        return f"法定的是{key}，条文里没有{said}。"
    return f"法定的是{key}；{said}是另一件事的期限，见“{other.words}”。"
