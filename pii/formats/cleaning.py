"""What is emptied in every part of an Office package: authors, paths, connections, properties, calls of macros."""

import re
from typing import Any

from lxml import etree

from pii.formats.parts import Role
from pii.formats.quiet import Spelling
from pii.formats.slots import local

# Attributes that name a person or a person's machine, whatever they hold.
_AUTHORS = frozenset(
    {"author", "initials", "userId", "displayName", "userName", "lastModifiedBy", "providerId"}
)
_EMPTIED = frozenset({"creator", "lastModifiedBy", "Company", "Manager", "HyperlinkBase"})
_AUTHOR_ELEMENTS = frozenset({"cmAuthor", "author", "person"})
# Where the file lay, and where its data came from: folders, servers, queries with passwords.
_TELLS_PATHS = frozenset({"absPath", "mailMerge", "attachedSchema"})
_CONNECTIONS = {
    "connection": ("sourceFile", "odcFile", "name", "description", "singleSignOnId"),
    "dbPr": ("connection", "command", "serverCommand"),
    "webPr": ("url", "post", "editPage"),
    "textPr": ("sourceFile",),
}
# What a button, a field or a link starts: no copy holds a macro.
_CALLS_MACRO = frozenset({"FmlaMacro", "entryMacro", "exitMacro"})
_LINKS = frozenset({"hlinkClick", "hlinkHover", "hlinkMouseOver"})
_CLEANED = (
    *_AUTHOR_ELEMENTS,
    *_TELLS_PATHS,
    *_CALLS_MACRO,
    *_LINKS,
    *_CONNECTIONS,
    "author",
    "presenceInfo",
    "Relationship",
)
_OPEN_LINK = re.compile(r"(?:https?|mailto|ftp|tel):", re.IGNORECASE)
NOBODY = "作者"


def clean(root: Any, role: Role) -> Spelling:
    """Authors, machine paths and properties lose their values, whatever these are.

    Gives the names that occur in the part.
    """
    spelling = Spelling(root)
    if (
        role not in (Role.XML, Role.TECHNICAL)
        or spelling.has_comments
        or spelling.has_element(_CLEANED)
        or spelling.may_have_attribute((*_AUTHORS, "macro"))
    ):
        clean_each(root, role)
    return spelling


def clean_each(root: Any, role: Role) -> None:
    """The same, element by element."""
    for element in list(root.iter(etree.Element, etree.Comment)):
        if element.tag is etree.Comment:
            element.text = ""
            continue
        name = local(element)
        for attribute in element.attrib:
            plain = etree.QName(attribute).localname
            if plain in _AUTHORS or (plain == "name" and name in _AUTHOR_ELEMENTS):
                element.set(attribute, NOBODY)
            elif name in _CONNECTIONS and plain in _CONNECTIONS[name]:
                element.set(attribute, "")
        if element.get("macro"):
            element.set("macro", "")
        if name in _TELLS_PATHS or name in _CALLS_MACRO or _starts_macro(name, element):
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


def _starts_macro(name: str, element: Any) -> bool:
    return name in _LINKS and element.get("action", "").startswith("ppaction://macro")
