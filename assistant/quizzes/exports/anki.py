"""An Anki deck: question and options in front, key, reason and article behind."""

import hashlib
import tempfile
from html import escape
from pathlib import Path

import genanki

from assistant.quizzes.exports.sheet import Exported, Sheet, explained
from assistant.quizzes.items import LETTERS, Item

_MODEL = 1_637_204_511
_STYLE = (
    ".card { font-family: sans-serif; font-size: 18px; text-align: left; line-height: 1.6; }"
    " ol { list-style: upper-alpha; } .law { color: #555; border-left: 3px solid #888;"
    " padding-left: .6em; } .source { color: #777; font-size: 14px; }"
)
_FRONT = "<p>{{Question}}</p>{{Options}}"
_BACK = (
    "{{FrontSide}}<hr id=answer><p><b>{{Answer}}</b></p><p>{{Rationale}}</p>"
    '<p class="law">{{Quotation}}</p><p class="source">{{Number}}</p>'
)
# When nothing was learnt yet, the time says nothing; a fixed one gives the same file.
_TIMESTAMP = 946_684_800.0


def anki(sheet: Sheet) -> Exported:
    """The deck as .apkg; imported again, notes of the same number are replaced."""
    model = genanki.Model(
        _MODEL,
        "Compliance quiz",
        fields=[
            {"name": name}
            for name in ("Number", "Question", "Options", "Answer", "Rationale", "Quotation")
        ],
        templates=[{"name": "Card", "qfmt": _FRONT, "afmt": _BACK}],
        css=_STYLE,
    )
    deck = genanki.Deck(_number_of(sheet.quiz_id), sheet.rules.title.replace("::", "："))
    for number, item in sheet.items:
        fields = [escape(number), _html(item.stem), *_sides(item)]
        tags = [item.kind.value, item.difficulty.value, f"topic-{item.topic}"]
        deck.add_note(
            genanki.Note(model=model, fields=fields, guid=genanki.guid_for(number), tags=tags)
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        genanki.Package(deck).write_to_file(str(path), timestamp=_TIMESTAMP)
        return Exported(sheet.file_name("apkg"), path.read_bytes())


def _sides(item: Item) -> list[str]:
    options = "".join(f"<li>{_html(one.text)}</li>" for one in item.options)
    key = "；".join(f"{LETTERS[i]}. {item.options[i].text}" for i in sorted(item.key))
    quoted = "<br>".join(f"“{_html(one.words)}”" for one in item.cites if one.words)
    return [f"<ol>{options}</ol>", _html(key), _html(explained(item)), quoted]


def _html(text: str) -> str:
    """Escaped, with no braces that Anki would read as a field."""
    shown = escape(text, quote=False).replace("{{", "{&#123;").replace("}}", "}&#125;")
    return shown.replace("\n", "<br>")


def _number_of(name: str) -> int:
    """A deck number of 31 bits, the same for the same quiz."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") >> 1 | 1 << 30
