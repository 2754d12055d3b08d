"""One opening for every format: the visible lines of a file, or an error that says why not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from knowledge.errors import (
    EmptyPolicy,
    InstructionsInside,
    PolicyTooLarge,
    UnknownPolicyFormat,
    UnreadablePolicy,
)
from knowledge.reading.hidden import has_instructions, without_invisible
from knowledge.sections import Line
from records.errors import ProductError
from records.language import Bilingual

LARGEST_FILE = 20 * 1024 * 1024
MOST_LINES = 60_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Reading:
    """The visible lines; the words that no reader of the document sees are counted and left out."""

    lines: tuple[Line, ...]
    hidden: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All lines as one text."""
        return "\n".join(line.text for line in self.lines)

    @property
    def remarks(self) -> tuple[Bilingual, ...]:
        """What the person who loads the file should know."""
        if not self.hidden:
            return ()
        count = len(self.hidden)
        ordered = any(has_instructions(words) for words in self.hidden)
        zh = f"文件里有 {count} 处看不见的文字，没有收录" + (
            "；其中有对人工智能下达的指令，请追查来源。" if ordered else "。"
        )
        en = f"{count} pieces of text that no reader sees were left out" + (
            "; they hold instructions to an AI: find out who put them there." if ordered else "."
        )
        return (Bilingual(zh, en),)


def _text(path: Path) -> Reading:
    from knowledge.reading.plain import read_text

    return read_text(path.read_bytes(), markdown=path.suffix.lower() == ".md")


def _word(path: Path) -> Reading:
    """By what the file is: offices save one kind under the other's name."""
    with path.open("rb") as file:
        old = file.read(len(_OLD_OFFICE)) == _OLD_OFFICE
    if old:
        from knowledge.reading.doc import read_doc

        return read_doc(path)
    from knowledge.reading.word import read_docx

    return read_docx(path)


def _pdf(path: Path) -> Reading:
    from knowledge.reading.pdf import read_pdf

    return read_pdf(path)


def _html(path: Path) -> Reading:
    from knowledge.reading.html import read_html

    return read_html(path.read_bytes())


def _xlsx(path: Path) -> Reading:
    from knowledge.reading.sheets import read_xlsx

    return read_xlsx(path)


_READERS: MappingProxyType[str, Callable[[Path], Reading]] = MappingProxyType(
    {
        **dict.fromkeys((".txt", ".md"), _text),
        **dict.fromkeys((".docx", ".doc", ".wps"), _word),
        ".pdf": _pdf,
        **dict.fromkeys((".html", ".htm"), _html),
        ".xlsx": _xlsx,
    }
)
SUFFIXES = frozenset(_READERS)


def read_document(path: Path, *, instructions_reviewed: bool = False) -> Reading:
    """The visible lines of a file; a file that cannot be used raises an error that says why.

    Words that order an AI about are refused unless a person has reviewed them: a law has none.
    """
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise UnknownPolicyFormat(suffix)
    try:
        # By its size on disk, before a byte is read.
        if path.stat().st_size > LARGEST_FILE:
            raise PolicyTooLarge(LARGEST_FILE)
        reading = _READERS[suffix](path)
    except ProductError:
        raise
    except Exception as error:
        # Whatever a library trips over in a broken or hostile file, it is no text.
        raise UnreadablePolicy from error
    if len(reading.lines) > MOST_LINES:
        raise PolicyTooLarge(LARGEST_FILE)
    lines, invisible = without_invisible(reading.lines)
    reading = replace(reading, lines=lines, hidden=(*reading.hidden, *invisible))
    if not any(line.text.strip() for line in lines):
        raise EmptyPolicy
    if not instructions_reviewed and has_instructions(reading.text):
        raise InstructionsInside
    return reading
