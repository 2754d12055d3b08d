"""Quizzes for other programs: each format escapes by its own rules and names what does not fit."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from assistant.quizzes.exports.anki import anki
from assistant.quizzes.exports.gift import gift
from assistant.quizzes.exports.kahoot import kahoot
from assistant.quizzes.exports.moodle import moodle
from assistant.quizzes.exports.paper_exam import paper_exam
from assistant.quizzes.exports.qti import qti
from assistant.quizzes.exports.sheet import Exported, Format, LeftOut, Sheet

__all__ = ["EXPORTS", "Exported", "Format", "LeftOut", "Sheet"]

EXPORTS: Mapping[Format, Callable[[Sheet], Exported]] = MappingProxyType(
    {
        Format.MOODLE: moodle,
        Format.GIFT: gift,
        Format.QTI: qti,
        Format.KAHOOT: kahoot,
        Format.ANKI: anki,
        Format.DOCX: paper_exam,
    }
)
