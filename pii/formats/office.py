"""What Word and Excel packages share: links, properties, pictures, authors, what is dropped."""

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from pii.errors import UnknownPart
from pii.formats.opening import Opening
from pii.formats.package import Role, parse, role_of, write_package
from pii.formats.pictures import blank
from pii.formats.segments import Segment
from pii.formats.slots import Group, Pen, Slot, local, loose_text, telling_attributes
from pii.operators import Edit
from pii.policy import Pictures
from records.language import Bilingual

# Attributes that name a person or a person's machine, whatever they hold.
_AUTHORS = frozenset(
    {"author", "initials", "userId", "displayName", "userName", "lastModifiedBy", "providerId"}
)
_EMPTIED = frozenset({"creator", "lastModifiedBy", "Company", "Manager", "HyperlinkBase"})
_ABSOLUTE_PATH = "absPath"
_OPEN_LINK = re.compile(r"(?:https?|mailto|ftp|tel):", re.IGNORECASE)
NOBODY = "作者"


@dataclass
class OfficeDocument:
    """A package taken apart into groups of slots."""

    parts: dict[str, bytes]
    roots: dict[str, Any]
    groups: list[Group]
    removed: list[str]
    alive: list[Any] = field(default_factory=list)
    """lxml makes its elements anew when nobody holds them; identities are only good while we do."""
    finish: Callable[["OfficeDocument"], None] = field(default=lambda _: None)

    @property
    def segments(self) -> Sequence[Segment]:
        """Every segment, in order."""
        return [group.segment for group in self.groups]

    def write(self, edits: Sequence[Sequence[Edit]]) -> bytes:
        """The package with edits made, authors emptied and dropped parts gone."""
        pen = Pen()
        for group, made in zip(self.groups, edits, strict=True):
            pen.note(group, made)
        pen.write()
        self.finish(self)
        for name, root in self.roots.items():
            self.parts[name] = etree.tostring(
                root, xml_declaration=True, encoding="UTF-8", standalone=True
            )
        return write_package(self.parts)


def open_office(
    parts: dict[str, bytes],
    opening: Opening,
    read: Callable[[str, Any], tuple[list[Group], set[int]]],
) -> OfficeDocument:
    """A package by groups; `read` gives a part's own groups and the elements they cover."""
    document = OfficeDocument({}, {}, [], [])
    for name, data in parts.items():
        role = role_of(name)
        if role is Role.DROPPED:
            document.removed.append(name)
            continue
        document.parts[name] = data
        if role is Role.PICTURE:
            document.parts[name] = _without_picture(name, opening.pictures, document.removed)
        elif role not in (Role.KEPT,):
            root = document.roots[name] = parse(name, data)
            _clean(root, role)
            document.alive.extend(root.iter())
            if role is not Role.TYPES:
                document.groups.extend(_groups(name, root, role, read))
    _forget_dropped(document)
    return document


def _without_picture(name: str, pictures: Pictures, removed: list[str]) -> bytes:
    data = blank(name)
    if pictures is Pictures.REFUSE or data is None:
        raise UnknownPart(name)
    removed.append(name)
    return data


def _groups(
    name: str, root: Any, role: Role, read: Callable[[str, Any], tuple[list[Group], set[int]]]
) -> list[Group]:
    place = part_place(name)
    if role is Role.RELATIONS:
        targets = [
            Slot(element.get("Target", ""), element, "Target")
            for element in root.iter(etree.Element)
            if element.get("TargetMode") == "External"
        ]
        return [Group(Segment(place, slot.text, technical=True), (slot,)) for slot in targets]
    groups: list[Group] = []
    taken: set[int] = set()
    if role is Role.XML:
        groups, taken = read(name, root)
    technical = role is Role.TECHNICAL
    for slot in loose_text(root, taken):
        groups.append(Group(Segment(place, slot.text, technical=technical), (slot,)))
    for slot in telling_attributes(root):
        spoken = slot.attribute in ("descr", "title", "alt") or (
            local(slot.element) in ("sheet", "definedName", "s") and not technical
        )
        groups.append(Group(Segment(place, slot.text, technical=not spoken), (slot,)))
    return groups


def _clean(root: Any, role: Role) -> None:
    """Authors, machine paths and properties lose their values, whatever these are."""
    for element in list(root.iter(etree.Element, etree.Comment)):
        if element.tag is etree.Comment:
            element.text = ""
            continue
        for name in element.attrib:
            if etree.QName(name).localname in _AUTHORS:
                element.set(name, NOBODY)
        name = local(element)
        if name == _ABSOLUTE_PATH:
            element.getparent().remove(element)
        elif (role is Role.CORE and name in _EMPTIED) or (role is Role.CUSTOM and element.text):
            element.text = None
        elif name in ("author", "presenceInfo") and element.text:
            element.text = NOBODY
        elif (
            name == "Relationship"
            and element.get("TargetMode") == "External"
            and not _OPEN_LINK.match(element.get("Target", ""))
        ):
            # A template's or a linked file's path names the user's folder.
            element.set("Target", "about:blank")


def _forget_dropped(document: OfficeDocument) -> None:
    """Take dropped parts out of relationships, content types and the references to them."""
    dropped = {name for name in document.removed if role_of(name) is Role.DROPPED}
    for name, root in document.roots.items():
        if name == "[Content_Types].xml":
            for element in list(root):
                if element.get("PartName", "").lstrip("/") in dropped:
                    root.remove(element)
        elif role_of(name) is Role.RELATIONS:
            gone = _forget_relations(name, root, dropped)
            owner = document.roots.get(_owner(name))
            if owner is not None and gone:
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


_PLACES = (
    (r"word/document\.xml", "正文", "body"),
    (r"word/header(\d*)\.xml", "页眉", "header "),
    (r"word/footer(\d*)\.xml", "页脚", "footer "),
    (r"word/footnotes\.xml", "脚注", "footnotes"),
    (r"word/endnotes\.xml", "尾注", "endnotes"),
    (
        r"(?:word|xl)/(?:comments/|threadedComments/)?(?:comments|threadedComment)\w*\.xml",
        "批注",
        "comments",
    ),
    (r"docProps/\w+\.xml", "文件属性", "properties"),
    (r".*\.rels", "链接", "links"),
    (r"xl/sharedStrings\.xml", "共享字符串", "shared strings"),
    (r"xl/workbook\.xml", "工作簿", "workbook"),
    (r"(?:word|xl)/charts/.*", "图表", "chart"),
)


def part_place(name: str) -> Bilingual:
    """A part's place in words."""
    for pattern, zh, en in _PLACES:
        match = re.fullmatch(pattern, name)
        if match:
            number = match.group(1) if match.groups() else ""
            return Bilingual(zh + number, (en + number).strip())
    return Bilingual(f"部件 {name}", f"part {name}")
