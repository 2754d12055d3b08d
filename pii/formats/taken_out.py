"""What is taken out of an Office package, with all that points to it.

Relationships and media types of a part go with it. Where an embedded object or a control stood, the
picture a page showed of it stays.
"""

import posixpath
import re
from collections.abc import Callable, Mapping, Set
from typing import Any

from lxml import etree

from pii.formats.parts import Role, role_of
from pii.formats.slots import local

# MS-OE376 and ISO/IEC 29500-1: files with macros, templates and slide shows, each by its main part.
_MAIN_TYPES = re.compile(
    r"application/vnd\.(?:ms-(?:word|excel|powerpoint)\.\w+\.macroEnabled\w*|openxmlformats-"
    r"officedocument\.\w+\.(?:template|slideshow))\.main\+xml"
)
PROGRAMMED = re.compile(r"vba|macroEnabled", re.IGNORECASE)
"""In a media type: macros."""
# ISO/IEC 29500-1, 17.3.3.9, 18.3.1.59, 19.3.2.4, and controls; the source of a chart's figures.
_OBJECTS = frozenset(
    {"OLEObject", "objectEmbed", "oleObject", "oleObj", "control", "externalData", "objectLink"}
)
_WRAPPERS = frozenset({"Choice", "Fallback", "AlternateContent", "oleObjects", "controls"})
# What a frame of Word says of its object, and a picture does not.
_OF_OBJECT = ("dxaOrig", "dyaOrig", "ole")


def forget(
    dropped: Set[str], roots: Mapping[str, Any], root_of: Callable[[str], Any], main_type: str
) -> None:
    """Take dropped parts out of relationships, media types and the references to them.

    `main_type` is the media type of the main part of a plain document of this kind.
    """
    for name, root in list(roots.items()):
        if name == "[Content_Types].xml":
            _forget_types(root, dropped, main_type)
        elif role_of(name) is Role.RELATIONS:
            gone = _forget_relations(name, root, dropped)
            owner = root_of(_owner(name)) if gone else None
            if owner is not None:
                _forget_references(owner, gone)


def _forget_types(root: Any, dropped: Set[str], main_type: str) -> None:
    for element in list(root):
        media_type = element.get("ContentType", "")
        if _MAIN_TYPES.fullmatch(media_type):
            element.set("ContentType", main_type)
        elif element.get("PartName", "").lstrip("/") in dropped or PROGRAMMED.search(media_type):
            root.remove(element)


def _forget_relations(name: str, root: Any, dropped: Set[str]) -> set[str]:
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


def _forget_references(owner: Any, gone: Set[str]) -> None:
    for element in list(owner.iter(etree.Element)):
        for name, value in list(element.attrib.items()):
            if value in gone and "officeDocument" in name:
                del element.attrib[name]
                if local(element) in _OBJECTS:
                    _leave_picture(element)
                    break


def _leave_picture(element: Any) -> None:
    """Take an object's element out; the picture of it takes its place where there is one."""
    parent = element.getparent()
    frame = next(element.iterancestors("{*}graphicFrame"), None)
    if frame is not None and frame.getparent() is not None:
        _slide_picture(frame)
    elif parent is not None:
        parent.remove(element)
        if local(parent) == "object":
            _word_picture(parent)
        while local(parent) in _WRAPPERS and not _says_anything(parent):
            parent, empty = parent.getparent(), parent
            parent.remove(empty)


def _word_picture(frame: Any) -> None:
    frame.tag = f"{{{etree.QName(frame).namespace}}}pict"
    for element in frame.iter(etree.Element):
        for name in element.attrib:
            if etree.QName(name).localname in _OF_OBJECT:
                del element.attrib[name]


def _says_anything(wrapper: Any) -> bool:
    return any(local(e) not in _WRAPPERS for e in wrapper.iterdescendants(etree.Element))


def _slide_picture(frame: Any) -> None:
    """On a slide the picture lies inside the frame, without a number of its own."""
    picture = next(frame.iter("{*}pic"), None)
    if picture is None:
        frame.getparent().remove(frame)
        return
    named, of_picture = next(frame.iter("{*}cNvPr")), next(picture.iter("{*}cNvPr"), None)
    if of_picture is not None:
        of_picture.set("id", named.get("id", "0"))
    frame.getparent().replace(frame, picture)


def _owner(rels: str) -> str:
    folder, name = posixpath.split(rels)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
