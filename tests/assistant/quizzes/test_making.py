"""Items made from the real duties: every one passes every check, and a set is varied."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from assistant.quizzes import question_files
from assistant.quizzes.choosing import Maker, Wish
from assistant.quizzes.flaw_names import Flaw
from assistant.quizzes.flaws import flaws_of, flaws_of_quiz
from assistant.quizzes.grounds import carried, is_sure, stands
from assistant.quizzes.items import Item, ItemKind, MadeFrom, from_json, to_json
from knowledge.duties import Confidence, load_duties
from knowledge.library import Library
from records.language import Language

DAY = date(2026, 11, 23)


@pytest.mark.parametrize("language", Language)
def test_every_item_that_can_be_made_has_no_flaw_but_those_found_in_everyday_questions(
    maker: Maker, library: Library, language: Language
) -> None:
    """Everyday questions are not written for exams: one with a flaw is dropped, none is mended."""
    items = maker.all_items(language)
    assert len(items) > 100
    flawed = [(item.stem, found) for item in items if (found := flaws_of(item, library.duties))]
    written = [one for one in flawed if not one[0].startswith(("同事问", "A colleague"))]
    assert written == []


def test_every_situation_is_asked_in_both_languages_and_carried_in_english_too(
    maker: Maker, library: Library
) -> None:
    told = {
        language: {
            one.duties: one
            for one in maker.all_items(language)
            if one.made_from is MadeFrom.SCENARIO
        }
        for language in Language
    }
    assert told[Language.EN].keys() == told[Language.ZH].keys()
    assert len(told[Language.EN]) > 20  # the rest rest on laws that are not loaded here
    for item in told[Language.EN].values():
        assert carried(item, library, DAY), item.stem
        texts = (
            item.stem,
            item.rationale.partition(": ")[2],
            *(o.text + o.why for o in item.options),
        )
        assert all(text.isascii() for text in texts), item.stem


def test_every_item_rests_on_words_that_stand_in_an_article_in_force(
    maker: Maker, library: Library
) -> None:
    items = maker.make(Wish(60, seed=11)).items
    for item in items:
        assert carried(item, library, DAY), item.stem
        for cited in item.cites:
            now = library.provision(cited.instrument, cited.article, as_of=DAY)
            assert now is not None
            assert cited.words in now.text


def test_no_item_rests_on_a_duty_that_is_unsure_or_disputed(made: tuple[Item, ...]) -> None:
    duties = load_duties()
    for item in made:
        for key in item.duties:
            assert duties[key].confidence is Confidence.VERIFIED
            assert not duties[key].readings
    unsure = next(one for one in duties.values() if "尚未核对" in (one.note or ""))
    assert not is_sure(unsure)


def test_the_same_seed_makes_the_same_set_and_another_seed_another(
    maker: Maker,
) -> None:
    def origins(seed: int) -> list[str]:
        return [o.origin for o in maker.make(Wish(20, seed)).items]

    assert origins(3) == origins(3)
    assert origins(3) != origins(4)


def test_thirty_items_are_of_many_topics_and_kinds_with_keys_in_all_places(
    made: tuple[Item, ...],
) -> None:
    assert len(made) == 30
    assert len({item.topic for item in made}) >= 6
    assert {item.kind for item in made} == set(ItemKind)
    assert {item.made_from for item in made} == set(MadeFrom)
    assert flaws_of_quiz(made) == ()
    assert set(Counter(i.letters for i in made if i.kind is ItemKind.SINGLE)) == set("ABCD")


def test_what_cannot_be_made_is_said_and_not_made_up(maker: Maker) -> None:
    made = maker.make(Wish(50, topics=frozenset({10})))
    assert 0 < len(made.items) < 50
    assert made.missing == 50 - len(made.items)


def test_an_item_is_not_made_twice(maker: Maker) -> None:
    first = {item.origin for item in maker.make(Wish(20)).items}
    again = {item.origin for item in maker.make(Wish(20), taken=first).items}
    assert again
    assert not first & again


def test_an_item_falls_when_its_article_no_longer_reads_so(
    library: Library, made: tuple[Item, ...]
) -> None:
    item = made[0]
    assert stands(item, library, DAY)
    changed = replace(item.cites[0], fingerprint="f" * 16)
    assert not stands(replace(item, cites=(changed,)), library, DAY)


def test_words_that_the_article_lacks_are_not_carried(
    library: Library, made: tuple[Item, ...]
) -> None:
    single = next(item for item in made if item.made_from is MadeFrom.PERIOD)
    assert carried(single, library, DAY)
    forged = replace(single.cites[0], words="应当至少保存九十九年")
    assert not carried(replace(single, cites=(forged,)), library, DAY)
    claimed = replace(single, rationale=f"{single.rationale}违者罚款七百万元。")
    assert not carried(claimed, library, DAY)


def test_an_item_comes_back_from_storage_as_it_was(made: tuple[Item, ...]) -> None:
    assert [from_json(to_json(item)) for item in made] == list(made)


def test_every_reviewed_question_is_keyed_to_a_duty_that_is_sure() -> None:
    duties = load_duties()
    entries = (
        *question_files.periods(),
        *question_files.parties(),
        *question_files.scenarios(),
        *question_files.statements(),
    )
    assert [one.duty for one in entries if not is_sure(duties[one.duty])] == []
    asked = {one.q for duty in duties.values() for one in duty.asked}
    assert question_files.left_out().questions <= asked
    assert all(flaw.label.zh and flaw.label.en for flaw in Flaw)
