"""What Word, Excel and PowerPoint packages share: links, properties, pictures, authors, what is dropped."""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from lxml import etree

from pii.errors import UnknownPart, UnreadableDocument
from pii.formats import metafile
from pii.formats.archive import UNLOCKED
from pii.formats.cleaning import clean
from pii.formats.keys import key_label
from pii.formats.links import readable_link
from pii.formats.media_types import media_type_of
from pii.formats.opening import Members, Opening
from pii.formats.package import is_locked, parse, read_package, write_package
from pii.formats.part_places import part_place
from pii.formats.parts import Role, role_of
from pii.formats.pictures import NO_INK, blank, open_picture, picture_again
from pii.formats.quiet import Spelling, known_as_silent, note_silent
from pii.formats.segments import Opened, Segment
from pii.formats.slots import Group, Pen, Slot, is_spoken, local, loose_text, telling_attributes
from pii.operators import Edit
from pii.policy import Pictures
from records.language import Bilingual

_MACROS = "宏（副本不含宏） / macros (the copy has none)"
# MS-OE376 and ISO/IEC 29500-1: files with macros, templates and slide shows, each by its main part.
_MAIN_TYPES = re.compile(
    r"application/vnd\.(?:ms-(?:word|excel|powerpoint)\.\w+\.macroEnabled\w*|openxmlformats-"
    r"officedocument\.\w+\.(?:template|slideshow))\.main\+xml"
)
_PROGRAMMED = re.compile(r"vba|macroEnabled", re.IGNORECASE)


@dataclass(frozen=True)
class OfficeKind:
    """One of the three: the program's name, the suffix, the part everything hangs on."""

    program: str
    suffix: str
    main: str

    @property
    def main_type(self) -> str:
        """The media type of that part."""
        return f"{media_type_of(self.suffix)}.main+xml"


@dataclass
class OfficeDocument:
    """A package taken apart into groups of slots, and the documents embedded in it."""

    parts: dict[str, bytes]
    roots: dict[str, Any]
    groups: list[Group]
    left_out: list[str]
    silent: list[str] = field(default_factory=list)
    """Parts that say nothing, as an earlier document with the same ones showed; not yet parsed."""
    dropped: set[str] = field(default_factory=set)
    members: dict[str, Opened] = field(default_factory=dict)
    alive: list[Any] = field(default_factory=list)
    """lxml makes its elements anew when nobody holds them; identities are only good while we do."""
    finish: Callable[["OfficeDocument"], None] = field(default=lambda _: None)

    @property
    def _inside(self) -> Members:
        return Members(list(self.members.values()))

    @property
    def segments(self) -> Sequence[Segment]:
        """Every segment, in order; those of embedded documents last."""
        return [*(group.segment for group in self.groups), *self._inside.segments]

    @property
    def removed(self) -> Sequence[str]:
        """Parts not carried over."""
        return [*self.left_out, *self._inside.removed]

    def root(self, name: str) -> Any:
        """A part's tree, cleaned; None where the part has none."""
        if name in self.silent:
            self.silent.remove(name)
            self.roots[name] = parse(name, self.parts[name])
            clean(self.roots[name], role_of(name))
        return self.roots.get(name)

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The package with edits made, authors emptied and dropped parts gone."""
        pen = Pen()
        count = len(self.groups)
        for group, made in zip(self.groups, edits[:count], strict=True):
            pen.note(group, made)
        pen.write()
        for name in list(self.silent):
            self.root(name)
        self.finish(self)
        for name, root in self.roots.items():
            if role_of(name) is Role.RELATIONS:
                _quote_targets(root)
            self.parts[name] = etree.tostring(
                root, xml_declaration=True, encoding="UTF-8", standalone=True
            )
        written = self._inside.write_each(edits[count:])
        self.parts |= dict(zip(self.members, written, strict=True))
        return write_package(self.parts)


Reader = Callable[[str, Any], tuple[list[Group], set[int]]]


def open_office(data: bytes, kind: OfficeKind, opening: Opening, read: Reader) -> OfficeDocument:
    """A package by groups; `read` gives a part's own groups and the elements they cover."""
    parts = read_package(data, kind.suffix, opening)
    if kind.main not in parts or "[Content_Types].xml" not in parts:
        raise UnreadableDocument(
            f"这不是 {kind.program} 文档（{kind.suffix}）。请检查文件后缀。",
            f"This is not a {kind.program} document ({kind.suffix}). Check its suffix.",
        )
    document = OfficeDocument({}, {}, [], [])
    document.members |= metafile.open_drawn(_metafiles(parts), opening, blank)
    for name, content in parts.items():
        _take(name, content, document, opening, read)
    _forget_dropped(document, kind)
    if is_locked(data):
        document.left_out.append(UNLOCKED)
    return document


def _metafiles(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    vectors = {n: data for n, data in parts.items() if n.lower().endswith(metafile.SUFFIXES)}
    return {name: data for name, data in vectors.items() if role_of(name) is Role.PICTURE}


def _take(name: str, data: bytes, document: OfficeDocument, opening: Opening, read: Reader) -> None:
    """One part, by its role."""
    role = role_of(name)
    if role in (Role.DROPPED, Role.MACROS):
        document.dropped.add(name)
        said = name if role is Role.DROPPED else _MACROS
        if said not in document.left_out:
            document.left_out.append(said)
        return
    document.parts[name] = data
    if name in document.members:
        return
    if role is Role.PICTURE:
        document.members[name] = open_picture(data, name, Bilingual(name, name), opening)
    elif role is Role.INK:
        document.parts[name] = _without_ink(name, opening.pictures, document.left_out)
    elif role is Role.MEMBER:
        place = Bilingual(f"嵌入的文档 {name}", f"embedded document {name}")
        document.members[name] = opening.open_member(data, name, place)
    elif role is Role.TECHNICAL and known_as_silent(data):
        document.silent.append(name)
    elif role is not Role.KEPT:
        root = document.roots[name] = parse(name, data)
        spelling = clean(root, role)
        if role is Role.XML:
            document.alive.extend(root.iter())
        groups = _groups(name, root, role, read, spelling) if role is not Role.TYPES else []
        document.groups.extend(groups)
        if role is Role.TECHNICAL and not groups:
            note_silent(data)


def _without_ink(name: str, pictures: Pictures, left_out: list[str]) -> bytes:
    if pictures is Pictures.REFUSE:
        raise UnknownPart(name)
    left_out.append(name)
    return NO_INK


def _groups(name: str, root: Any, role: Role, read: Reader, spelling: Spelling) -> list[Group]:
    place = part_place(name)
    if role is Role.RELATIONS:
        return [Group(Segment(place, s.text, technical=True), (s,)) for s in _targets(root)]
    groups: list[Group] = []
    taken: set[int] = set()
    if role is Role.XML:
        groups, taken = read(name, root)
    technical = role is Role.TECHNICAL
    keyed = name.startswith("customXml/")
    for slot in loose_text(root, taken):
        label = key_label([local(slot.element)]) if keyed and not slot.tail else None
        groups.append(Group(Segment(place, slot.text, label, technical), (slot,)))
    for slot in telling_attributes(root, spelling):
        label = _field_name(slot.element)
        spoken = is_spoken(slot) and (not technical or local(slot.element) == "docVar")
        groups.append(Group(Segment(place, slot.text, label, not spoken), (slot,)))
    return groups


def _field_name(element: Any) -> str | None:
    """The header of the column a value in a pivot table's cache comes from."""
    if local(element) not in ("s", "n", "d"):
        return None
    field_ = next(element.iterancestors("{*}cacheField"), None)
    return field_.get("name") if field_ is not None else None


def _targets(root: Any) -> list[Slot]:
    """Links that lead out of the package, with Chinese written out so that it can be read."""
    slots = []
    for element in root.iter(etree.Element):
        if element.get("TargetMode") == "External":
            element.set("Target", readable_link(element.get("Target", "")))
            slots.append(Slot(element.get("Target"), element, "Target"))
    return slots


def members_again(data: bytes, opening: Opening) -> list[Segment]:
    """The second reading of the documents and pictures embedded in a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        segments = []
        for name in archive.namelist():
            if role_of(name) is Role.MEMBER:
                place = Bilingual(f"嵌入的文档 {name}", f"embedded document {name}")
                segments += opening.read_member_again(archive.read(name), name, place)
            elif role_of(name) is Role.PICTURE:
                place = Bilingual(name, name)
                segments += picture_again(archive.read(name), name, place, opening)
            elif role_of(name) in (Role.DROPPED, Role.MACROS):
                raise UnknownPart(name)
        if _PROGRAMMED.search(archive.read("[Content_Types].xml").decode()):
            raise UnknownPart("[Content_Types].xml")
    return segments


def _quote_targets(root: Any) -> None:
    """Links as RFC 3986 writes them, in ASCII."""
    for element in root.iter(etree.Element):
        target = element.get("Target")
        if target and not target.isascii():
            element.set("Target", quote(target, safe="%/:?#[]@!$&'()*+,;=-._~"))


def _forget_dropped(document: OfficeDocument, kind: OfficeKind) -> None:
    """Take dropped parts out of relationships, content types and the references to them."""
    dropped = document.dropped
    for name, root in list(document.roots.items()):
        if name == "[Content_Types].xml":
            for element in list(root):
                media_type = element.get("ContentType", "")
                if _MAIN_TYPES.fullmatch(media_type):
                    element.set("ContentType", kind.main_type)
                elif element.get("PartName", "").lstrip("/") in dropped or _PROGRAMMED.search(
                    media_type
                ):
                    root.remove(element)
        elif role_of(name) is Role.RELATIONS:
            gone = _forget_relations(name, root, dropped)
            owner = document.root(_owner(name)) if gone else None
            if owner is not None:
                _forget_references(owner, gone)


def _forget_relations(name: str, root: Any, dropped: set[str]) -> set[str]:
    folder = posixpath.dirname(_owner(name))
    gone = set()
    for element in list(root):
        if element.get("TargetMode") == "External":
            continue
        target = element.get("Target", "")
        full = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        if posixpath.normpath(full) in dropped:
            gone.add(element.get("Id", ""))
            root.remove(element)
    return gone


def _forget_references(owner: Any, gone: set[str]) -> None:
    for element in owner.iter(etree.Element):
        for name, value in list(element.attrib.items()):
            if "officeDocument" in name and value in gone:
                del element.attrib[name]


def _owner(rels: str) -> str:
    folder, name = posixpath.split(rels)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
