"""HTML as a reader sees it: blocks as lines, headings with their level, hidden elements left out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from knowledge.errors import UnreadablePolicy
from knowledge.reading.documents import Reading
from knowledge.reading.hidden import WHITE
from knowledge.reading.html_lists import List
from knowledge.reading.plain import decode
from knowledge.sections import Line

DEEPEST = 200
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "iframe", "object", "svg"})
_ABOUT = frozenset({"nav", "footer", "header", "aside", "button", "form", "select"})
_BLOCKS = frozenset(
    {
        *("p", "div", "li", "tr", "section", "article", "main", "blockquote", "pre", "dt", "dd"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "body", "center", "br"),
    }
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0*(?:\.\d+)?(?:px|pt|em|%)?\s*(?:;|$|!)"
    r"|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt)|opacity\s*:\s*0*(?:\.0+)?\s*(?:;|$|!)|clip\s*:\s*rect\(\s*0"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?<![-\w])color\s*:\s*#?(\w+)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color|-image)?\s*:", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"^\s*\w*(?:([.#])([\w-]+))\s*$")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


def read_html(untrusted: bytes) -> Reading:
    """The lines a reader of the page sees."""
    import html5lib

    text = _decoded(untrusted)
    document = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    body = document.find("body")
    if body is None:
        raise UnreadablePolicy
    walk = _Walk(_hiding_names(document))
    walk.element(body, level=None, depth=0)
    walk.close(None)
    return Reading(tuple(walk.lines), tuple(filter(None, walk.hidden)))


def _decoded(untrusted: bytes) -> str:
    declared = _CHARSET.search(untrusted[:2048])
    if declared and declared[1].lower() in {b"gb2312", b"gbk", b"gb18030"}:
        try:
            return untrusted.decode("gb18030")
        except UnicodeDecodeError as error:
            raise UnreadablePolicy from error
    return decode(untrusted)


def _hiding_names(document: Any) -> frozenset[str]:
    """The classes and ids that a style sheet in the page hides."""
    names = set()
    for sheet in document.iter("style"):
        for selectors, declarations in _RULE.findall(sheet.text or ""):
            if _hides(declarations):
                found = (_SIMPLE.match(one) for one in selectors.split(","))
                names |= {f"{one[1]}{one[2]}" for one in found if one}
    return frozenset(names)


def _hides(style: str) -> bool:
    if _HIDING.search(style):
        return True
    colour = _COLOUR.search(style)
    white = colour is not None and colour[1].lower() in WHITE | {"transparent"}
    return white and not _BACKGROUND.search(style)


class _Walk:
    """Gathers text into lines, block by block."""

    def __init__(self, hiding: frozenset[str]) -> None:
        self.lines: list[Line] = []
        self.hidden: list[str] = []
        self._hiding = hiding
        self._open: list[str] = []
        self._lists: list[List] = []
        self._items = 0

    def element(self, element: Any, *, level: int | None, depth: int) -> None:
        if depth > DEEPEST:
            raise UnreadablePolicy
        if not isinstance(element.tag, str):
            self.hidden.append((element.text or "").strip())
            return
        if element.tag in _UNSEEN | _ABOUT:
            return
        if self._is_hidden(element):
            self.hidden.append(" ".join(" ".join(_words(element)).split()))
            return
        block = element.tag in _BLOCKS
        own = int(element.tag[1]) if re.fullmatch(r"h[1-6]", element.tag) else level
        if block:
            self.close(level)
        if element.tag in {"td", "th"} and self._open:
            self._open.append("｜")
        if _is_note_mark(element):
            self._add(f"[{''.join(_words(element)).strip('[]〔〕（）() ')}]")
            return
        with self._list(element):
            self._add(element.text)
            for child in element:
                self.element(child, level=own, depth=depth + 1)
                self._add(child.tail)
            if block:
                self.close(own)

    @contextmanager
    def _list(self, element: Any) -> Iterator[None]:
        """Inside a list its items count; inside an item its number stands first."""
        if element.tag in {"ol", "ul"}:
            self._lists.append(List.opened(element))
            yield
            self._lists.pop()
        elif element.tag == "li" and self._lists:
            self._items += 1
            self._add(self._lists[-1].number(element, "".join(_words(element))))
            yield
            self._items -= 1
        else:
            yield

    def _add(self, text: str | None) -> None:
        if text:
            self._open.append(text)

    def close(self, level: int | None) -> None:
        text = " ".join("".join(self._open).split()).strip("｜ ")
        self._open = []
        if text:
            self.lines.append(Line(text, level, item=self._items > 0))

    def _is_hidden(self, element: Any) -> bool:
        names = {f".{name}" for name in (element.get("class") or "").split()}
        names.add(f"#{element.get('id')}")
        return (
            element.get("hidden") is not None
            or bool(names & self._hiding)
            or _hides(element.get("style") or "")
            or (element.tag == "font" and (element.get("color") or "").strip("#").lower() in WHITE)
        )


def _is_note_mark(element: Any) -> bool:
    """A raised number that leads to a note further down."""
    return element.tag == "sup" and any(
        (link.get("href") or "").startswith("#") for link in element.iter("a")
    )


def _words(element: Any) -> Iterator[str]:
    return (text for text in element.itertext() if isinstance(text, str))
