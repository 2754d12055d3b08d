"""What answers ship is what their training makes, and needs no library of models at run time."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.answering import rule_words as of_rules
from assistant.answering import verdicts as words
from assistant.answering import wishes as wished
from assistant.answering.linear import Linear
from evals.answer_training import rule_words, verdicts, wishes
from evals.company_rules import ONLY_MEASURED, companies

AGAIN = "the reviewed sentences changed: run python -m evals.answer_training"


@pytest.fixture(scope="module")
def made() -> dict[Path, Linear]:
    """Each file that is shipped, and what training makes for it of the data as they are."""
    weigher = wishes.trained(wishes.examples().wishes, wishes.lawful_questions())
    word = verdicts.trained(list(verdicts.examples()))
    by_rule = rule_words.trained(list(rule_words.examples()))
    return {
        wished.WHETHER: weigher.whether,
        wished.WHICH: weigher.which,
        words.WEIGHTS: word,
        of_rules.WEIGHTS: by_rule,
    }


@pytest.mark.parametrize(
    "path",
    [wished.WHETHER, wished.WHICH, words.WEIGHTS, of_rules.WEIGHTS],
    ids=lambda p: p.stem,
)
def test_what_is_shipped_is_what_training_makes(made: dict[Path, Linear], path: Path) -> None:
    shipped, anew = Linear.load(path), made[path]
    assert shipped.names == anew.names, AGAIN
    assert np.array_equal(shipped.runs.keys, anew.runs.keys), AGAIN
    for stored, fitted in (
        (shipped.seen, anew.seen),
        (shipped.characters, anew.characters),
        (shipped.bias, anew.bias),
    ):
        assert stored.shape == fitted.shape, AGAIN
        assert np.allclose(stored, fitted, atol=0.02), AGAIN


def test_a_model_saved_and_loaded_weighs_the_same(made: dict[Path, Linear], tmp_path: Path) -> None:
    model = made[wished.WHICH]
    model.save(tmp_path / "model.npz")
    text = "把客户名单卖掉"
    seen = wished.concepts_in(text)
    loaded = Linear.load(tmp_path / "model.npz").weigh(seen, text)
    assert loaded == pytest.approx(model.weigh(seen, text), abs=0.05)


def test_weighing_a_question_loads_no_library_that_trains() -> None:
    weighs = (
        "import sys; from assistant.answering.refusals import refusal_for; "
        "from assistant.answering.verdicts import verdict; "
        "from knowledge.duty_search import duty_search; from knowledge.duties import load_duties; "
        "from pii.cleared import public_text as public; duty = load_duties()['no-illegal-trade']; "
        "ask = '可以把顾客的联系方式卖给朋友吗'; near = duty_search().asked_of(public(ask, source='t'), duty); "
        "refusal_for(ask); verdict(ask, duty, near); print('sklearn' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", weighs], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_no_word_of_a_company_that_is_only_measured_is_learnt() -> None:
    measured = {q for one in companies(ONLY_MEASURED) for rule in one.rules for q in rule.asked}
    learnt = {asked for asked, *_ in rule_words.examples()}
    assert learnt and not learnt & measured
    assert {asked for asked, *_ in rule_words.examples(measured=True)} <= measured
