"""Everything in a PDF besides what its pages show: strings to read, streams to follow, what goes.

The whole graph of objects is walked from the catalog. A string anywhere is read; a stream of a kind
nobody knows is taken out; metadata, scripts, attachments, thumbnails and private data go unread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from pii.formats.pdf_glyphs import too_much
from records.language import Bilingual

_MOST_OBJECTS = 1_000_000
# Keys that go, whatever dictionary they stand in, and the word the report has for them.
_GONE = {
    "/Metadata": "XMP", "/PieceInfo": "PieceInfo", "/LastModified": "", "/Thumb": "Thumb",
    "/JS": "JavaScript", "/JavaScript": "JavaScript", "/AA": "JavaScript",
    "/OpenAction": "OpenAction", "/XFA": "XFA", "/ActualText": "", "/EmbeddedFiles": "attachments",
    "/AF": "attachments", "/EF": "attachments", "/Perms": "signatures", "/DSS": "signatures",
    "/SigFlags": "", "/Legal": "signatures", "/SpiderInfo": "SpiderInfo",
    "/Collection": "attachments", "/Renditions": "media", "/Threads": "", "/OutputIntents": "",
    "/VP": "coordinates", "/Measure": "coordinates", "/LGIDict": "coordinates", "/NM": "", "/M": "",
    "/CreationDate": "", "/ModDate": "", "/RC": "", "/RV": "", "/DS": "", "/NeedsRendering": "",
    "/Extensions": "", "/SeparationInfo": "", "/IDTree": "", "/WebCapture": "", "/IDS": "",
    "/URLS": "", "/Alternates": "", "/OPI": "", "/Ref": "", "/SourceInfo": "", "/ExData": "",
    "/LI": "", "/Overlay": "",
}  # fmt: skip
_ANNOTATIONS_GONE = frozenset(
    [
    "/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D", "/TrapNet",
    "/Projection",
]
)  # fmt: skip
_ACTIONS_KEPT = frozenset({"/GoTo", "/URI", "/Named"})
# Dictionaries whose keys are names somebody gave: resources, states, roles.
_FREE_NAMES = frozenset(
    [
    "/XObject", "/Font", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties",
    "/CharProcs", "/RoleMap", "/ClassMap", "/N", "/D", "/R", "/Colorants",
]
)  # fmt: skip
# Strings that are no text: tables of colours, character collections, languages.
_NOT_TEXT = frozenset({"/Lang", "/Registry", "/Ordering", "/Panose", "/CharSet", "/FontFamily"})
_READ = {
    "/Title": Bilingual("书签或标题", "a bookmark or title"),
    "/Contents": Bilingual("批注", "an annotation"),
    "/Subj": Bilingual("批注", "an annotation"),
    "/V": Bilingual("表单", "a form field"),
    "/DV": Bilingual("表单", "a form field"),
    "/Opt": Bilingual("表单", "a form field"),
    "/TU": Bilingual("表单", "a form field"),
    "/CA": Bilingual("表单", "a form field"),
    "/AC": Bilingual("表单", "a form field"),
    "/Alt": Bilingual("替代文字", "an alternative text"),
    "/P": Bilingual("页码标签", "a page label"),
    "/Name": Bilingual("图层名", "the name of a layer"),
}
# Addresses and names for programs: the name model's guesses do not count there.
_TECHNICAL = frozenset(
    ["/DA", "/URI", "/D", "/Dest", "/T", "/ID", "/Names", "/Limits", "/F", "/UF", "/NS", "/Base"]
)
_STREAM_KEYS = frozenset(
    [
    "/FontFile", "/FontFile2", "/FontFile3", "/ToUnicode", "/Encoding", "/CIDToGIDMap",
    "/CIDSet", "/UseCMap", "/JBIG2Globals",
]
)  # fmt: skip
_COMMENT = re.compile(rb"%[^\r\n]*")
_TELLING = re.compile(r"[㐀-鿿@]|\d{7,}")


@dataclass(frozen=True)
class StringSlot:
    """One string of the document, and where it is kept."""

    owner: Any
    key: Any
    text: str
    place: Bilingual
    label: str | None
    technical: bool

    def store(self, text: str) -> None:
        """Put a new text in its place."""
        self.owner[self.key] = pikepdf.String(text)


@dataclass
class Parts:
    """What the walk found."""

    strings: list[StringSlot] = field(default_factory=list)
    contents: list[tuple[Any, Any]] = field(default_factory=list)
    """Forms, patterns and glyph procedures with the resources they fall back on."""
    images: list[Any] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    """Names (not strings) that could say something; they cannot be changed, only refused."""
    removed: set[str] = field(default_factory=set)


def walk(pdf: pikepdf.Pdf) -> Parts:
    """The parts of a document, cleaned on the way of what nobody needs."""
    parts = Parts()
    for key in list(pdf.trailer.keys()):
        if key not in ("/Root", "/Size"):
            if key == "/Info":
                parts.removed.add("Info")
            del pdf.trailer[key]
    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for key in set(names.keys()) - {"/Dests"}:
            parts.removed.add(_GONE.get(key) or key[1:])
            del names[key]
    _Walker(parts).run(pdf.Root)
    return parts


@dataclass
class _Walker:
    parts: Parts
    seen: set[tuple[int, int]] = field(default_factory=set)
    count: int = 0

    def run(self, root: Any) -> None:
        """Visit every object once, children behind their parents."""
        waiting: list[tuple[Any, str, str | None]] = [(root, "/Root", None)]
        while waiting:
            item, key, label = waiting.pop()
            if item.objgen != (0, 0):
                if item.objgen in self.seen:
                    continue
                self.seen.add(item.objgen)
            self.count += 1
            if self.count > _MOST_OBJECTS:
                raise too_much()
            if isinstance(item, pikepdf.Array):
                waiting += list(self._array(item, key, label))
            else:
                waiting += list(self._dictionary(item, key, label))

    def _array(
        self, array: Any, key: str, label: str | None
    ) -> Iterator[tuple[Any, str, str | None]]:
        items = array.as_list()
        if items and items[0] == pikepdf.Name.Indexed:
            items = items[:3]
        for index in range(len(items) - 1, -1, -1):
            item = items[index]
            if self._must_go(item, key):
                del array[index]
            elif isinstance(item, pikepdf.String):
                self._string(array, index, item, key, label)
            elif isinstance(item, pikepdf.Name):
                self._name(item)
            elif isinstance(item, (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)):
                yield item, key, label

    def _dictionary(
        self, owner: Any, key: str, label: str | None
    ) -> Iterator[tuple[Any, str, str | None]]:
        if owner.get("/FT") == "/Sig" and "/V" in owner:
            del owner["/V"]
            self.parts.removed.add("signatures")
        if owner.get("/Subtype") not in (None, "/Widget") and isinstance(
            owner.get("/T"), pikepdf.String
        ):
            # In an annotation that is no form field, T is its author.
            del owner["/T"]
        label = _label(owner) or label
        if isinstance(owner, pikepdf.Stream):
            self._note_stream(owner, key)
        for name in list(owner.keys()):
            value = owner.get(name)
            self._name(name)
            if key not in _FREE_NAMES and self._is_dropped(name, value):
                del owner[name]
            elif isinstance(value, pikepdf.String):
                self._string(owner, name, value, name, label)
            elif isinstance(value, pikepdf.Name):
                self._name(value)
            elif isinstance(value, (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)):
                if name == "/CharProcs":
                    self._glyph_procedures(value, owner)
                yield value, name, label

    def _is_dropped(self, name: str, value: Any) -> bool:
        if name in _GONE or (name == "/E" and isinstance(value, pikepdf.String)):
            if _GONE.get(name):
                self.parts.removed.add(_GONE[name])
            return True
        return self._must_go(value, name)

    def _must_go(self, value: Any, key: str) -> bool:
        """Whether a value is an action, an annotation or a stream that is not carried over."""
        if isinstance(value, pikepdf.Stream):
            if _is_known(value, key):
                return False
            self.parts.removed.add(key.lstrip("/"))
            return True
        if not isinstance(value, pikepdf.Dictionary):
            return False
        if key in ("/A", "/PA", "/Next") and value.get("/S", "/URI") not in _ACTIONS_KEPT:
            self.parts.removed.add("actions")
            return True
        if key == "/Annots" and str(value.get("/Subtype")) in _ANNOTATIONS_GONE:
            self.parts.removed.add("attachments")
            return True
        return False

    def _note_stream(self, stream: Any, key: str) -> None:
        if key in ("/ToUnicode", "/Encoding"):
            stream.write(_COMMENT.sub(b"", stream.read_bytes()))
        if stream.get("/Subtype") == "/Image":
            self.parts.images.append(stream)
        elif stream.get("/Subtype") == "/Form" or stream.get("/PatternType") == 1:
            self.parts.contents.append((stream, pikepdf.Dictionary()))

    def _glyph_procedures(self, procedures: Any, font: Any) -> None:
        resources = font.get("/Resources", pikepdf.Dictionary())
        for name in procedures:
            if isinstance(procedures[name], pikepdf.Stream):
                self.parts.contents.append((procedures[name], resources))

    def _string(self, owner: Any, key: Any, value: Any, name: str, label: str | None) -> None:
        if name in _NOT_TEXT:
            return
        text = _text(value)
        if text.strip():
            known = _READ.get(name)
            place = known or Bilingual(f"PDF 属性 {name[1:]}", f"PDF entry {name[1:]}")
            governed = label if name in ("/V", "/DV", "/Opt") else None
            self.parts.strings.append(
                StringSlot(owner, key, text, place, governed, technical=name in _TECHNICAL)
            )

    def _name(self, name: Any) -> None:
        text = str(name)[1:]
        if _TELLING.search(text):
            self.parts.names.add(text)


def _text(value: Any) -> str:
    """A string's text; UTF-16 without its mark is still UTF-16 to whoever looks at the bytes."""
    data = bytes(value)
    if b"\0" in data and not data.startswith((b"\xfe\xff", b"\xff\xfe")):
        start = len(data) % 2
        return data[start:].decode("utf-16-be", "replace")
    return str(value)


def _label(owner: Any) -> str | None:
    """What a form field is called."""
    if "/FT" not in owner and owner.get("/Subtype") != "/Widget":
        return None
    for key in ("/TU", "/T"):
        value = owner.get(key)
        if isinstance(value, pikepdf.String):
            return str(value)
    return None


def _is_known(stream: Any, key: str) -> bool:
    kind = stream.get("/Subtype")
    return (
        key in _STREAM_KEYS
        or kind in ("/Form", "/Image")
        or any(k in stream for k in ("/PatternType", "/ShadingType", "/FunctionType"))
        or "/HalftoneType" in stream
        # An ICC profile says how many components it has; a page's contents are followed.
        or "/N" in stream
        or key == "/Contents"
    )
