"""Every reason is said in words, and none quotes what stands in the file."""

import ast
from pathlib import Path

import pytest

import pii
from pii.detect import ShippedDetector
from pii.labels import vocabulary
from pii.reasons import REASONS, reason_words
from pii.recognizers import PATTERNS
from pii.recognizers.base import ShapeRecognizer

# Where a finding takes its reason as an argument: which argument it is.
_ARGUMENT = {
    "Shape": 0,
    "result": 4,
    "_result": 3,
    "Finding": 4,
    "_titled": 1,
    "_named": 3,
    "_found": 3,
}
_TABLES = frozenset({"_PARTS", "_STEPS", "_DOTTED", "_FINENESS"})
_ELSEWHERE = frozenset({"case", "elsewhere", "denied", "model", "city", "state", "label"})


def _sources() -> list[ast.Module]:
    folder = Path(pii.__file__).parent
    files = [*(folder / "recognizers").glob("*.py"), folder / "rules.py", folder / "propagate.py"]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in files]


def _codes() -> set[str]:
    """Every code a recognizer may give, read from the sources."""
    found: set[str] = set(_ELSEWHERE)
    for tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= _from_call(node)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in _TABLES:
                found |= _first_words(node.value)
            if isinstance(node, ast.For):
                found |= _first_words(node.iter)
    return found


def _from_call(node: ast.Call) -> set[str]:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    place = _ARGUMENT.get(name)
    if place is None or len(node.args) <= place:
        return set()
    given = node.args[place]
    if isinstance(given, ast.Constant):
        return {str(given.value).partition("/")[2] or str(given.value)}
    if isinstance(given, ast.JoinedStr) and isinstance(given.values[-1], ast.Constant):
        return {str(given.values[-1].value).lstrip("/").partition(":")[0]}
    if isinstance(given, ast.JoinedStr):
        middle = str(getattr(given.values[1], "value", ""))
        return {middle.strip("/").partition(":")[0]} - {""}
    return set()


def _first_words(node: ast.expr) -> set[str]:
    """The first word of each row of a table of tuples, and the keys of a dictionary."""
    rows = node.elts if isinstance(node, ast.Tuple) else []
    keys = node.keys if isinstance(node, ast.Dict) else []
    firsts = [row.elts[0] for row in rows if isinstance(row, ast.Tuple) and row.elts]
    return {
        one.value
        for one in [*firsts, *keys]
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def test_every_reason_a_recognizer_can_give_has_words() -> None:
    codes = _codes()
    shapes = {
        shape.name
        for build in PATTERNS
        if isinstance(one := build(), ShapeRecognizer)
        for shape in [*one.shapes, *getattr(one, "worded", ())]
    }
    assert {"luhn", "surname_title", "detail", "presidio", "greeted"} <= codes | shapes
    assert (codes | shapes) - set(REASONS) == set()


def test_an_address_says_what_it_was_put_together_from() -> None:
    assert reason_words("address/detail+road+road").zh == "门牌房号、道路"


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("联系电话(必填)", "联系电话"),
        ("周明轩的联系电话", "联系电话"),
        ("客户 周明轩 手机号", "手机号"),
        ("zhou_mingxuan_mobile", "mobile"),
    ],
)
def test_a_reason_names_our_word_for_a_label_and_not_the_label(
    detector: ShippedDetector, label: str, word: str
) -> None:
    (finding,) = detector.find("13800138000", label=label)
    assert finding.reason == f"mobile/label:{word}"


def test_the_label_in_a_text_is_not_quoted_either(detector: ShippedDetector) -> None:
    found = detector.find("周明轩微信号：qinghe_2020；周明轩的密码：Maple@1234")
    reasons = [finding.reason for finding in found if "/label:" in finding.reason]
    assert reasons
    for reason in reasons:
        assert vocabulary().kind_of(reason.partition(":")[2]) is not None
        assert "周" not in reason and "轩" not in reason
