"""What Word, Excel and PowerPoint packages share: links, properties, pictures, authors, what is dropped."""

import io
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
from pii.formats.parts import TAKEN_OUT, Role, role_of
from pii.formats.pictures import NO_INK, blank, open_picture, picture_again
from pii.formats.quiet import Spelling, known_as_silent, note_silent
from pii.formats.segments import Opened, Segment
from pii.formats.slots import Group, Pen, Slot, is_spoken, local, loose_text, telling_attributes
from pii.formats.taken_out import PROGRAMMED, forget
from pii.operators import Edit
from pii.policy import Pictures
from records.language import Bilingual

_MACROS = "宏（副本不含宏） / macros (the copy has none)"
_OBJECT = "嵌入对象（只留其图片） / an embedded object (only its picture stays)"


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
    forget(document.dropped, document.roots, document.root, kind.main_type)
    if is_locked(data):
        document.left_out.append(UNLOCKED)
    return document


def _metafiles(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    vectors = {n: data for n, data in parts.items() if n.lower().endswith(metafile.SUFFIXES)}
    return {name: data for name, data in vectors.items() if role_of(name) is Role.PICTURE}


def _take(name: str, data: bytes, document: OfficeDocument, opening: Opening, read: Reader) -> None:
    """One part, by its role."""
    role = role_of(name)
    if role in TAKEN_OUT:
        if role is Role.OBJECT and opening.pictures is Pictures.REFUSE:
            raise UnknownPart(name)
        document.dropped.add(name)
        said = {Role.MACROS: _MACROS, Role.OBJECT: f"{_OBJECT} {name}"}.get(role, name)
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
            elif role_of(name) in TAKEN_OUT:
                raise UnknownPart(name)
        if PROGRAMMED.search(archive.read("[Content_Types].xml").decode()):
            raise UnknownPart("[Content_Types].xml")
    return segments


def _quote_targets(root: Any) -> None:
    """Links as RFC 3986 writes them, in ASCII."""
    for element in root.iter(etree.Element):
        target = element.get("Target")
        if target and not target.isascii():
            element.set("Target", quote(target, safe="%/:?#[]@!$&'()*+,;=-._~"))
