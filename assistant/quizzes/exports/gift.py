"""GIFT, as docs.moodle.org describes it under "GIFT format"."""

from assistant.quizzes.exports.sheet import Exported, Sheet, explained
from assistant.quizzes.items import Item, ItemKind, Option

_SHARES = {2: "50", 3: "33.33333", 4: "25", 5: "20"}
# What the format gives a meaning, and the backslash that takes it away.
_ESCAPED = str.maketrans({c: f"\\{c}" for c in "\\~=#{}:"} | {"\n": "\\n", "\r": None})


def gift(sheet: Sheet) -> Exported:
    """The quiz as text, one question after another."""
    title = " ".join(sheet.rules.title.split()).replace("/", "／")
    parts = [f"$CATEGORY: $course$/top/{title}"]
    parts += [_question(number, item) for number, item in sheet.items]
    return Exported(sheet.file_name("gift.txt"), ("\n\n".join(parts) + "\n").encode())


def _question(number: str, item: Item) -> str:
    opening = f"::{_plain(number)}::{_plain(item.stem)} {{"
    general = f"####{_plain(explained(item))}"
    if item.kind is ItemKind.TRUE_FALSE:
        true, false = item.options
        word = "TRUE" if true.right else "FALSE"
        right, wrong = (true, false) if true.right else (false, true)
        # First what is said to a wrong answer, then to a right one.
        return f"{opening}{word}#{_plain(wrong.why)}#{_plain(right.why)}{general}}}"
    lines = [_option(item, one) for one in item.options]
    return "\n".join([opening, *lines, general, "}"])


def _option(item: Item, one: Option) -> str:
    mark = "=" if one.right else "~"
    if item.kind is ItemKind.MULTIPLE:
        mark = f"~%{_SHARES[len(item.key)]}%" if one.right else "~%-100%"
    return f"{mark}{_plain(one.text)}#{_plain(one.why)}"


def _plain(text: str) -> str:
    return text.translate(_ESCAPED)
