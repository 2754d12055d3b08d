"""HTML: what a page shows, and what it does not: attributes, comments, scripts, styles, links.

Blocks are read as a browser would flow them: inline elements do not break a text, cells carry the
label that governs them. Data in scripts (JSON-LD), pages in `srcdoc` and documents in `data:` links
are opened as documents inside the document.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from pii.errors import UnknownPart, UnreadableDocument
from pii.formats.encoding import Decoded, decode
from pii.formats.html_tables import cell_labels
from pii.formats.links import DataLink, data_link, readable_link
from pii.formats.media_types import suffix_for
from pii.formats.opening import Opening
from pii.formats.pictures import open_picture
from pii.formats.segments import Opened, Segment
from pii.formats.slots import Group, Slot, local
from pii.formats.tree import Embedded, TreeDocument
from records.language import Bilingual

_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
    "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
})  # fmt: skip
_RAW = frozenset({"script", "style"})
_SPOKEN = frozenset({
    "abbr", "alt", "content", "label", "placeholder", "summary", "title", "value",
    "aria-label", "aria-description", "aria-valuetext", "datetime", "download",
})  # fmt: skip
_FOR_MACHINES = frozenset({"class", "type", "rel", "charset", "http-equiv", "lang", "for"})
_CONDITIONAL = re.compile(r"\s*\[if\b", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w\-]+)", re.IGNORECASE)
_STYLE_LINK = re.compile(r"data:[^)\"'\s]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_STYLE_ESCAPED = re.compile(r"\\([0-9a-fA-F]{4,6})\s?")
_TELLING_NAME = re.compile(r"[^\x00-\x7f]|\d{5,}|@")
_FONT = re.compile(r"(?:application/(?:x-|vnd\.ms-)?font|font/)")
_AUTHOR = frozenset({"author", "creator", "dc.creator", "article:author", "last-modified-by"})


def open_html(data: bytes, opening: Opening) -> TreeDocument:
    """An HTML page by blocks."""
    decoded = _decoded(data)
    root = _parse(decoded.text)
    tree = root.getroottree()
    everything = list(root.iter())
    reading = _Reading(opening, cell_labels(root))
    reading.read(tree)
    return TreeDocument(
        reading.groups,
        reading.embedded,
        lambda: _serialise(tree, decoded),
        [part for one in reading.embedded for part in one.document.removed],
        alive=everything,
    )


def _decoded(data: bytes) -> Decoded:
    """By mark, by being UTF-8, by what the page says of itself, else GB 18030."""
    try:
        return decode(data)
    except UnreadableDocument:
        declared = _META.search(data[:4096])
        try:
            encoding = declared[1].decode() if declared else ""
            return Decoded(
                data.decode(encoding),
                encoding,
                lambda text: text.encode(encoding, "xmlcharrefreplace"),
            )
        except (UnicodeDecodeError, LookupError):
            pass
        raise


def _parse(text: str) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unreadable() from error
    if root is None or any("depth" in entry.message for entry in parser.error_log):
        raise _unreadable()
    return root


def _unreadable() -> UnreadableDocument:
    return UnreadableDocument(
        "网页无法解析或嵌套过深，未作处理。请用浏览器另存后重试。",
        "The page cannot be parsed or is nested too deeply. Save it anew from a browser and retry.",
    )


def _serialise(tree: Any, decoded: Decoded) -> bytes:
    root = tree.getroot()
    # The parser adds a document type where there was none, and changes how the page is shown.
    whole = tree if "<!doctype" in decoded.text[:4096].lower() else None
    nodes = (
        [whole]
        if whole is not None
        else [*reversed(list(root.itersiblings(preceding=True))), root, *root.itersiblings()]
    )
    text = "".join(
        etree.tostring(node, method="html", encoding="unicode", with_tail=False) for node in nodes
    )
    try:
        return decoded.encode(text)
    except UnicodeEncodeError:
        return text.encode(decoded.encoding, "xmlcharrefreplace")


@dataclass
class _Reading:
    """The page in document order; text gathers until a block begins or ends."""

    opening: Opening
    labels: dict[int, str]
    groups: list[Group] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    _slots: list[Slot] = field(default_factory=list)
    _governing: list[str | None] = field(default_factory=lambda: [None])
    _blocks: int = 0

    def read(self, tree: Any) -> None:
        """Everything in the tree."""
        walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
        for event, node in walk:
            if event == "start":
                self._begin(node)
            elif event == "end":
                self._end(node)
            else:
                self._remark(node)
                if node.tail:
                    self._slots.append(Slot(node.tail, node, tail=True))
        self._flush()

    def _begin(self, element: Any) -> None:
        self._attributes(element)
        name = local(element)
        if name in _RAW:
            self._raw(element, name)
            return
        if name == "br":
            self._slots.append(Slot("\n"))
        elif name not in _INLINE:
            self._flush()
            self._governing.append(self.labels.get(id(element), self._governing[-1]))
        if element.text:
            self._slots.append(Slot(element.text, element))

    def _end(self, element: Any) -> None:
        name = local(element)
        if name not in _INLINE and name not in _RAW and name != "br":
            self._flush()
            self._governing.pop()
        if element.tail:
            self._slots.append(Slot(element.tail, element, tail=True))

    def _flush(self) -> None:
        text = "".join(slot.text for slot in self._slots)
        if text.strip():
            self._blocks += 1
            place = Bilingual(f"第{self._blocks}段", f"block {self._blocks}")
            segment = Segment(place, text, self._governing[-1])
            self.groups.append(Group(segment, tuple(self._slots)))
        self._slots = []

    def _add(self, place: Bilingual, slot: Slot, label: str | None, *, technical: bool) -> None:
        if slot.text.strip():
            self.groups.append(Group(Segment(place, slot.text, label, technical), (slot,)))

    def _remark(self, node: Any) -> None:
        if node.tag is etree.Comment and _CONDITIONAL.match(node.text or ""):
            # Markup for old versions of Word and Outlook, with the author's name in it.
            node.text = ""
        self._add(
            Bilingual("注释", "a comment"), Slot(node.text or "", node), None, technical=False
        )

    def _raw(self, element: Any, name: str) -> None:
        text = element.text or ""
        if name == "style":
            element.text = _STYLE_LINK.sub(self._style_link, _spelled(text, _STYLE_ESCAPED))
            place = Bilingual("样式", "the style sheet")
            self._add(place, Slot(element.text, element), None, technical=True)
        elif "json" in (element.get("type") or "") and text.strip():
            place = Bilingual("脚本中的数据", "data in a script")
            document = self.opening.open_member(text.encode(), "data.json", place)
            self._embed(document, lambda new: setattr(element, "text", new.decode()))
        else:
            element.text = _spelled(text, _ESCAPED)
            place = Bilingual("脚本", "a script")
            self._add(place, Slot(element.text, element), None, technical=False)

    def _attributes(self, element: Any) -> None:
        name = local(element)
        # The whole name: what a damaged tag is called may hold a brace, which ends a namespace.
        if _TELLING_NAME.search(str(element.tag)):
            # <张三> or <p 13800138000>: a browser shows neither, whoever reads the source sees both.
            element.tag = "span"
        for attribute in element.attrib:
            if _TELLING_NAME.search(attribute):
                del element.attrib[attribute]
        if name == "meta" and (element.get("name") or "").lower() in _AUTHOR:
            element.set("content", "")
        for attribute, value in list(element.attrib.items()):
            self._attribute(element, attribute, value)

    def _attribute(self, element: Any, attribute: str, value: str) -> None:
        place = Bilingual(f"属性 {attribute[:20]}", f"attribute {attribute[:20]}")
        linked = data_link(value)
        if linked is not None:
            document = self._linked(linked, place)
            if document is not None:
                self._embed(document, lambda new: element.set(attribute, linked.with_body(new)))
            return
        if attribute == "srcdoc":
            document = self.opening.open_member(value.encode("utf-8-sig"), "page.html", place)
            self._embed(document, lambda new: element.set(attribute, new.decode("utf-8-sig")))
            return
        if attribute == "style":
            value = _STYLE_LINK.sub(self._style_link, _spelled(value, _STYLE_ESCAPED))
        plain = readable_link(value)
        if plain != element.get(attribute):
            element.set(attribute, plain)
        spoken = attribute in _SPOKEN or attribute.startswith("data-")
        if spoken or attribute not in _FOR_MACHINES or not plain.isascii():
            label = _field_label(element, attribute) if spoken else None
            self._add(place, Slot(plain, element, attribute), label, technical=not spoken)

    def _linked(self, linked: DataLink, place: Bilingual) -> Opened | None:
        """The document in a data: link; None for fonts, which hold only glyphs."""
        if _FONT.match(linked.media_type):
            return None
        suffix = suffix_for(linked.media_type)
        if linked.media_type.startswith("image/"):
            name = f"picture{suffix}".replace(".xml", ".svg")
            return open_picture(linked.body, name, place, self.opening)
        if not suffix:
            raise UnknownPart(f"{place.zh} / {place.en} ({linked.media_type[:40]})")
        return self.opening.open_member(linked.body, f"document{suffix}", place)

    def _style_link(self, match: re.Match[str]) -> str:
        linked = data_link(match.group())
        if linked is None or _FONT.match(linked.media_type):
            return match.group()
        if not linked.media_type.startswith("image/"):
            raise UnknownPart(f"样式 / the style sheet ({linked.media_type[:40]})")
        # A background is decoration: it is emptied whatever the policy says of pictures.
        place = Bilingual("样式", "the style sheet")
        name = f"picture{suffix_for(linked.media_type)}".replace(".xml", ".svg")
        empty = open_picture(b"", name, place, replace(self.opening, formats={}))
        self._embed(empty, lambda _: None)
        return linked.with_body(empty.write([]))

    def _embed(self, document: Opened, store: Callable[[bytes], None]) -> None:
        self.embedded.append(Embedded(document, store))


def _field_label(element: Any, attribute: str) -> str | None:
    """What a form field or a piece of metadata says its value is."""
    if attribute.startswith("data-"):
        return attribute.removeprefix("data-")
    if attribute not in ("value", "content", "datetime"):
        return None
    for name in ("name", "property", "itemprop", "placeholder", "id"):
        if element.get(name):
            return str(element.get(name))
    return None


def _spelled(text: str, escaped: re.Pattern[str]) -> str:
    r"""Scripts and style sheets with letters written out: \u674e and 李 are the same to them."""

    def written(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        is_letter = code >= 0x80 and code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
        return chr(code) if is_letter else match.group()

    return escaped.sub(written, text)
