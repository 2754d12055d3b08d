"""XML (W3C, fifth edition): text, attributes, comments and instructions; never a document type.

An element whose text is broken up by other elements is one text; an element with nothing but text
is read under its own name and that of the element around it.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from lxml import etree

from pii.errors import UnknownPart, UnreadableDocument
from pii.formats.keys import key_label
from pii.formats.links import readable_link
from pii.formats.opening import Opening
from pii.formats.segments import Segment
from pii.formats.slots import Group, Slot, local
from pii.formats.tree import TreeDocument
from records.language import Bilingual

_TELLING_NAME = re.compile(r"(?<!\d)\d{7,}(?!\d)[^/]*$")
_DECLARED = re.compile(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*[\"']([\w\-]+)")


def open_xml(data: bytes, _: Opening) -> TreeDocument:
    """An XML document by elements."""
    root = _parse(data)
    tree = root.getroottree()
    everything = list(_nodes(root))
    if any(_TELLING_NAME.search(name) for node in everything for name in _names(node)):
        raise UnknownPart("元素名 / the name of an element")
    groups = [group for node in everything for group in _attributes(node)]
    groups += list(_texts(root))
    for node in everything:
        if not isinstance(node.tag, str) and node.text and node.text.strip():
            groups.append(_group([Slot(node.text, node)], node, None))
    alone = b"standalone" in data[:200]
    return TreeDocument(groups, [], lambda: _serialise(tree, alone=alone), alive=everything)


def _parse(data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, strip_cdata=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableDocument(
            "XML 有语法错误或嵌套过深，未作处理。请改正后重试。",
            "The XML has a syntax error or is nested too deeply; it was not processed. Correct it "
            "and retry.",
        ) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableDocument(
            "XML 含有文档类型声明（DOCTYPE），未作处理。请删去后重试。",
            "The XML declares a document type (DOCTYPE); refused. Remove it and retry.",
        )
    return root


def _serialise(tree: Any, *, alone: bool) -> bytes:
    info = tree.docinfo
    written: bytes = etree.tostring(
        tree,
        encoding=info.encoding or "UTF-8",
        xml_declaration=True,
        standalone=info.standalone if alone else None,
    )
    return written


def _nodes(root: Any) -> Iterator[Any]:
    """Every node, those before and behind the root included."""
    yield from reversed(list(root.itersiblings(preceding=True)))
    yield from root.iter()
    yield from root.itersiblings()


def _names(node: Any) -> list[str]:
    """Names of the element and its attributes. They are structure and are not changed."""
    return [local(node), *map(str, node.attrib)] if isinstance(node.tag, str) else []


def _texts(root: Any) -> Iterator[Group]:
    """Text of elements: mixed content as one, plain content under its name."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        children = list(element)
        if children and _has_text(element):
            yield _group(list(_mixed(element)), element, None)
        elif children:
            waiting += reversed([child for child in children if isinstance(child.tag, str)])
        elif element.text and element.text.strip():
            names = [local(one) for one in (element.getparent(), element) if one is not None]
            yield _group([Slot(element.text, element)], element, key_label(names))


def _has_text(element: Any) -> bool:
    return bool(
        (element.text or "").strip() or any((child.tail or "").strip() for child in element)
    )


def _mixed(element: Any) -> Iterator[Slot]:
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event == "start" and node.text:
            yield Slot(node.text, node)
        if event != "start" and node is not element and node.tail:
            yield Slot(node.tail, node, tail=True)


def _attributes(element: Any) -> Iterator[Group]:
    if not isinstance(element.tag, str):
        return
    for name, value in element.attrib.items():
        plain = readable_link(value)
        if plain != value:
            element.set(name, plain)
        if plain.strip():
            label = key_label([local(element), etree.QName(name).localname])
            slot = Slot(plain, element, name)
            yield _group([slot], element, label, technical=plain.isascii())


def _group(slots: list[Slot], node: Any, label: str | None, *, technical: bool = False) -> Group:
    line = node.sourceline or 1
    place = Bilingual(f"第{line}行", f"line {line}")
    text = "".join(slot.text for slot in slots)
    return Group(Segment(place, text, label, technical), tuple(slots))


def _as_text(data: bytes) -> str:
    """The characters, by mark or declaration: expat knows no Chinese encoding."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    declared = _DECLARED.match(data)
    return data.decode(declared[1].decode() if declared else "utf-8").lstrip("\ufeff")


def read_xml_again(data: bytes, _: Opening) -> list[Segment]:
    """The second reading, by the standard library's parser (expat)."""
    place = Bilingual("XML（复核）", "the XML (second reading)")
    builder = ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
    # No document type survives the first reading, so there are no entities to expand.
    parser = ElementTree.XMLParser(target=builder)  # noqa: S314
    segments: list[Segment] = []
    parser.feed(_as_text(data))
    for element in parser.close().iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        texts = [(element.text, tag or None), (element.tail, None)]
        texts += [(value, name.rpartition("}")[2]) for name, value in element.attrib.items()]
        segments += [
            Segment(place, text, label, technical=text.isascii())
            for text, label in texts
            if text and text.strip()
        ]
    return segments
