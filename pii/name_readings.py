"""What two models read in one sentence, weighed with what we know of names: which stretches are people.

Our own model reads every sentence. What it is sure of stands; where it is not, LAC reads the sentence
too. The two err apart: measured on sentences written by hand, what one invents lies far behind in the
other's readings, and what both came close to is a name.
"""

from collections.abc import Container, Iterable, Sequence

from pii.name_context import (
    announced_surnames,
    follows,
    is_announced,
    is_apart_name,
    is_between,
    is_ordinary_word,
    is_unexplained,
    leads,
)
from pii.name_shapes import NAME, are_two, is_doubtful, is_full, score_of
from pii.sentence_reader import Tagged
from pii.surnames import surnames

# In units of each model's scores; chosen by evals/training/check.py and the tuned half of the
# business documents.
_SURE = -4.3
"""Ahead of every other reading by this much, a full name that is no ordinary word needs no second
opinion."""
_WORTH_ASKING = 2.0
_BOTH_NEAR = 4.5
_TOGETHER = 5.5
_THEIRS = 7.0
_STANDS_ALONE = -2.5
_ANNOUNCED, _ANNOUNCED_AND_FOLLOWED = -1.5, 0.0
_FENCED = 0.5
_UNEXPLAINED, _UNSAFE, _BETWEEN = 0.0, -1.5, 7.0
"""Where the dictionary has no word for any of it: our model alone, the same from what is rarely a surname, and both."""
_SETTLED = -6.0
"""So far ahead, a name is not made longer by the next character."""
_AWAITED = 8.5
"""Both together, of a full name behind a word that leads to one."""
_GIVEN, _GIVEN_WORD = 5.5, 3.0
"""A given name alone, by LAC; one that is a word, too."""
_NEARLY = 6.0
_FAR = 9.0


def unbroken(
    tagged: Iterable[Tagged], edges: frozenset[int], sound: Container[tuple[int, int]] = ()
) -> list[Tagged]:
    """Without people cut out of words, 常说明 of 异常说明, where LAC does not read the same person.

    A sure one may end in what begins a word: 吴建国|家的.
    """
    return [
        one
        for one in tagged
        if one.tag == "ORG"
        or (one.start in edges and (one.end in edges or one.behind <= _ANNOUNCED))
        or (one.start, one.end) in sound
    ]


def is_unsure(text: str, tagged: Sequence[Tagged], edges: frozenset[int]) -> bool:
    """Whether any reading worth asking about is not settled by a sure one."""
    sure = [one for one in unbroken(tagged, edges) if _is_sure(text, one, tagged)]
    covered = {at for one in sure for at in range(one.start, one.end)}
    return bool(announced_surnames(text) - covered) or any(
        not any(one.meets(other) for other in sure)
        for one in tagged
        if one.tag == "PER"
        or (
            one.tag == "MAYBE"
            and (
                one.behind <= _WORTH_ASKING or _is_usual(text, one) or _is_given_between(text, one)
            )
        )
    )


def people_in(text: str, first: Sequence[Tagged], second: Sequence[Tagged]) -> list[Tagged]:
    """The stretches that are people by what both models say, none meeting another."""
    kept = [one for one in first if _is_sure(text, one, first)]
    for one in _candidates(text, first, second, kept):
        if not any(one.meets(other) for other in kept):
            kept.append(one)
    return [_whole(text, one, [*first, *second]) for one in kept]


def _is_sure(text: str, one: Tagged, tagged: Iterable[Tagged]) -> bool:
    """Whether a reading needs no second opinion: a full name, no word, and no longer name near."""
    if one.tag != "PER":
        return False
    name = text[one.start : one.end]
    # 陈经理: a surname and a title say it themselves.
    titled = surnames().is_titled(name)
    if one.behind > (0 if titled else _SURE) and not _is_announced(text, one):
        return False
    likely = titled or is_full(name) or "·" in name
    return (
        likely
        and not is_doubtful(name)
        and not is_ordinary_word(name)
        and (
            titled
            or not any(
                other.start == one.start and one.end < other.end <= one.start + 3
                for other in tagged
                if other.tag == "MAYBE" and other.behind <= _TOGETHER
            )
        )
    )


def _is_given_between(text: str, one: Tagged) -> bool:
    """Whether it is made as given names are and stands where one may: LAC knows these."""
    name = text[one.start : one.end]
    return surnames().is_made_of_given(name) and is_between(text, one.start, one.end)


def _is_usual(text: str, one: Tagged) -> bool:
    """Whether it begins with a surname most people have, and as no word does: LAC knows these."""
    known, begin = surnames(), text[one.start : one.start + 2]
    if (
        one.behind <= _NEARLY
        and is_full(text[one.start : one.end])
        and is_announced(text, one.start)
    ):
        return True
    if begin[:1] not in known.common and begin not in known.compound:
        return False
    return begin not in known.never_names and (
        begin in known.compound or not is_ordinary_word(begin)
    )


def _whole(text: str, one: Tagged, read: Iterable[Tagged]) -> Tagged:
    """The name with its last character, where a model nearly read it and it begins no word: 管可|儿行."""
    longer = Tagged("PER", one.start, one.end + 1)
    end, name = one.end, text[one.start : one.end + 1]
    settled = any(
        (other.start, other.end, other.tag) == (one.start, one.end, "PER")
        and other.behind <= _SETTLED
        for other in read
    )
    near = not settled and any(
        (other.start, other.end) == (longer.start, longer.end) and other.behind <= _NEARLY
        for other in read
    )
    if end == len(text) or not NAME.fullmatch(name):
        return one
    if not is_full(name) or not is_full(name[:-1]):
        return one
    if is_apart_name(text, one.start, end + 1):
        return longer
    if not near or follows(text, end):
        return one
    return one if is_ordinary_word(text[end : end + 2]) else longer


def _candidates(
    text: str, first: Sequence[Tagged], second: Sequence[Tagged], kept: Sequence[Tagged]
) -> list[Tagged]:
    """Stretches that both models came close to, or one of them is sure of; the likeliest first.

    None that meets one of `kept`.
    """
    ours = {(one.start, one.end): one for one in reversed(first) if one.tag != "ORG"}
    theirs = {(one.start, one.end): one for one in reversed(second) if one.tag != "ORG"}
    usual: set[int] = set()
    if second:
        usual = {one.start for one in first if one.tag != "ORG" and _is_usual(text, one)}
        usual |= announced_surnames(text)
    ranked = []
    for start, end in ours.keys() | theirs.keys():
        mine, other = ours.get((start, end)), theirs.get((start, end))
        at = Tagged("PER", start, end)
        if any(at.meets(one) for one in kept):
            continue
        read = other is not None and (other.tag == "PER" or end - start == 2)
        if is_doubtful(text[start:end]) and not read:
            continue
        compound = _is_compound(text, mine, other)
        # Most that only came close: nothing below could speak for them.
        if mine and mine.tag == "MAYBE" and other is None and not compound:
            continue
        full = is_full(text[start:end])
        together = sum(max(one.behind, 0) if one else _FAR for one in (mine, other))
        announced = full and _is_announced(text, mine)
        told = _is_told(text, at, mine, other)
        if (
            compound
            or announced
            or told
            or _counts(text[start:end], mine, other, full)
            or _is_theirs(at, other, first)
            or ((start in usual or is_apart_name(text, start, end)) and _is_known(text, other))
            or _is_awaited(text, mine, other)
        ):
            votes = sum(1 for one in (mine, other) if one and one.tag == "PER")
            # A name too short by a character leaks one; too long hides one more.
            ahead = bool(mine and mine.tag == "PER" and mine.behind <= _STANDS_ALONE)
            strong = ahead or compound or announced or told
            length = end - start if strong or together <= _TOGETHER else 0
            ranked.append(((not (full or strong), -length, -votes, together), at))
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]


def _counts(name: str, mine: Tagged | None, other: Tagged | None, full: bool) -> bool:
    """Whether both models came close to a stretch, or ours is far ahead with it."""
    alone = mine and mine.tag == "PER" and mine.behind <= _STANDS_ALONE
    if alone and not is_ordinary_word(name):
        return score_of(name) is not None
    if mine is None or other is None:
        return False
    if full and other.tag == "PER" and not is_ordinary_word(name):
        return mine.behind <= _THEIRS
    if mine.tag == "PER" or other.tag == "PER":
        return max(mine.behind, other.behind) <= _BOTH_NEAR
    return full and mine.behind + other.behind <= _TOGETHER


def _is_told(text: str, at: Tagged, mine: Tagged | None, other: Tagged | None) -> bool:
    """Whether no word explains what one model reads as a name, and what stands around it allows one.

    付既白 as our model reads it, 周砚 as LAC does; a given name alone only between a mark or a word that
    leads to a person and what a person does.
    """
    if mine is None:
        return False
    name = text[at.start : at.end]
    if at.end - at.start > 3 and are_two(name):
        return (
            mine.tag == "PER"
            and mine.behind <= _UNEXPLAINED
            and any(
                is_unexplained(text, at.start, cut) and is_unexplained(text, cut, at.end)
                for cut in (at.start + 2, at.start + 3)
                if is_full(text[at.start : cut]) and is_full(text[cut : at.end])
            )
        )
    if at.end - at.start > 3 or not is_unexplained(text, at.start, at.end):
        return False
    if is_full(name) and not surnames().is_titled(name):
        theirs = other is not None and other.tag == "PER" and mine.behind <= _FAR
        if at.end - at.start == 3:
            safe = name[0] in surnames().before_title or name[:2] in surnames().compound
            return theirs or mine.behind <= (_UNEXPLAINED if safe else _UNSAFE)
        between = is_between(text, at.start, at.end)
        return between and (theirs or mine.behind <= _UNEXPLAINED or _near(mine, other, _BETWEEN))
    most = _GIVEN_WORD if is_ordinary_word(name) else _GIVEN
    return (
        surnames().is_made_of_given(name)
        and other is not None
        and other.behind <= most
        and is_between(text, at.start, at.end)
    )


def _near(mine: Tagged, other: Tagged | None, most: float) -> bool:
    """Whether both models came within so much of it together, ours ahead counting as level."""
    return other is not None and max(mine.behind, 0) + max(other.behind, 0) <= most


def _is_announced(text: str, mine: Tagged | None) -> bool:
    """Whether our model reads a person where a word before it, better still one behind, says so."""
    if mine is None or mine.tag != "PER":
        return False
    fenced = mine.end - mine.start > 2 and is_apart_name(text, mine.start, mine.end)
    if fenced and mine.behind <= _FENCED:
        return True
    if not is_announced(text, mine.start):
        return False
    needed = _ANNOUNCED_AND_FOLLOWED if follows(text, mine.end) else _ANNOUNCED
    return mine.behind <= needed and not is_ordinary_word(text[mine.start : mine.end])


def _is_awaited(text: str, mine: Tagged | None, other: Tagged | None) -> bool:
    """Whether both models came near to a full name where a word before it leads to one: 登记人|金禾苗."""
    if mine is None or mine.end - mine.start != 3 or not _near(mine, other, _AWAITED):
        return False
    name = text[mine.start : mine.end]
    usual = name[0] in surnames().common and not is_ordinary_word(name[:2])
    return usual and not is_ordinary_word(name) and is_announced(text, mine.start)


def _is_compound(text: str, mine: Tagged | None, other: Tagged | None) -> bool:
    """Whether a compound surname begins it where a person may stand: LAC does not know them."""
    if mine is None or mine.behind > (_NEARLY if other and other.behind < 1 else _WORTH_ASKING):
        return False
    name = text[mine.start : mine.end]
    compound = name[:2] in surnames().compound and 2 < len(name) < 5
    return compound and leads(text, mine.start)


def _is_theirs(at: Tagged, other: Tagged | None, first: Sequence[Tagged]) -> bool:
    """Whether LAC reads a person where ours does, with other edges."""
    both = (one for one in first if one.tag == "PER")
    return bool(other and other.tag == "PER") and any(at.meets(one) for one in both)


def _is_known(text: str, other: Tagged | None) -> bool:
    """Whether LAC reads a full name of three or four characters, no word at its end either."""
    if other is None or other.tag != "PER" or other.end - other.start < 3:
        return False
    name = text[other.start : other.end]
    return is_full(name) and not is_ordinary_word(name)
