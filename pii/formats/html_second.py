"""The second reading of a page, by html5lib: the parser of the HTML standard itself."""

import warnings
from typing import Any

from pii.formats.encoding import decode
from pii.formats.html_tables import cell_labels
from pii.formats.links import data_link, readable_link
from pii.formats.media_types import suffix_for
from pii.formats.opening import Opening
from pii.formats.pictures import picture_again
from pii.formats.segments import Segment
from records.language import Bilingual

_BREAKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "div", "dl",
    "dt", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr",
    "html", "li", "main", "nav", "ol", "option", "p", "pre", "script", "section", "select",
    "style", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "ul",
})  # fmt: skip
_PLACE = Bilingual("网页（复核）", "the page (second reading)")


def read_html_again(data: bytes, opening: Opening) -> list[Segment]:
    """Blocks, attributes, comments, and the documents inside."""
    import html5lib

    with warnings.catch_warnings():
        # Names that XML does not allow are spelled otherwise in its tree; we look at the values.
        warnings.simplefilter("ignore", html5lib.constants.DataLossWarning)
        root: Any = html5lib.parse(
            decode(data).text, treebuilder="lxml", namespaceHTMLElements=False
        ).getroot()
    alive = list(root.iter())
    labels = cell_labels(root)
    segments: list[Segment] = []
    pieces: list[str] = []
    governing: list[str | None] = [None]

    def flush() -> None:
        text = "".join(pieces)
        if text.strip():
            segments.append(Segment(_PLACE, text, governing[-1]))
        pieces.clear()

    def begin(element: Any) -> None:
        if element.tag in _BREAKS:
            flush()
            governing.append(labels.get(id(element), governing[-1]))
        pieces.append(element.text or "")

    def end(element: Any) -> None:
        if element.tag in _BREAKS:
            flush()
            governing.pop()
        pieces.append(element.tail or "")

    _walk(root, begin, end)
    flush()
    for node in (*root.itersiblings(preceding=True), *alive, *root.itersiblings()):
        if isinstance(node.tag, str):
            segments += _attributes(node, opening)
        elif node.text and node.text.strip():
            segments.append(Segment(_PLACE, node.text))
    return segments


def _walk(root: Any, begin: Any, end: Any) -> None:
    from lxml import etree

    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            begin(node)
        elif event == "end":
            end(node)


def _attributes(element: Any, opening: Opening) -> list[Segment]:
    segments = []
    for name, value in element.attrib.items():
        linked = data_link(value)
        if name == "srcdoc":
            segments += opening.read_member_again(value.encode("utf-8-sig"), "page.html", _PLACE)
        elif linked is None:
            segments.append(Segment(_PLACE, readable_link(value), technical=True))
        elif linked.media_type.startswith("image/"):
            picture = f"picture{suffix_for(linked.media_type)}"
            segments += picture_again(linked.body, picture, _PLACE, opening)
        elif not linked.media_type.startswith(("font/", "application/font")):
            name_inside = f"document{suffix_for(linked.media_type)}"
            segments += opening.read_member_again(linked.body, name_inside, _PLACE)
    return segments
