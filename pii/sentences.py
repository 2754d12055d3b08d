"""Where a text is cut before a name model reads it: the same in training and in use."""

import re

_SENTENCE = re.compile(r"[^\n\r\t。！？；\ue000|]+[。！？；]?")
_LONG = 72
_COMMA = re.compile(r"[^，,、 ]*[，,、 ]|[^，,、 ]+$")
_WORTH_READING = re.compile(r"[㐀-鿿·][^㐀-鿿]{0,2}[㐀-鿿]")


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans worth asking the model about: sentences with Chinese, long ones cut at commas."""
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text):
        if _WORTH_READING.search(match.group()):
            spans.extend(_cut(text, *match.span()))
    return spans


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Pieces of at most `_LONG` characters, ended at a comma where there is one."""
    if end - start <= _LONG:
        return [(start, end)]
    spans = []
    begin = start
    for clause in _COMMA.finditer(text, start, end):
        if clause.end() - begin > _LONG and clause.start() > begin:
            spans.append((begin, clause.start()))
            begin = clause.start()
    spans.append((begin, end))
    return [
        (cut, min(cut + 2 * _LONG, stop))
        for first, stop in spans
        for cut in range(first, stop, 2 * _LONG)
    ]
