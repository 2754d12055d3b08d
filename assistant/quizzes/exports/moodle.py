"""Moodle XML, as docs.moodle.org describes it under "Moodle XML format"."""

from html import escape

from lxml import etree

from assistant.quizzes.exports.sheet import Exported, Sheet, explained
from assistant.quizzes.items import Item, ItemKind

# Moodle refuses fractions outside its own list; these are in it.
_SHARES = {1: "100", 2: "50", 3: "33.33333", 4: "25", 5: "20"}


def moodle(sheet: Sheet) -> Exported:
    """The quiz as a question bank category."""
    root = etree.Element("quiz")
    category = etree.SubElement(root, "question", type="category")
    # A slash would open a category below.
    title = sheet.rules.title.replace("/", "／")
    _text(etree.SubElement(category, "category"), f"$course$/top/{title}")
    for number, item in sheet.items:
        _question(root, number, item)
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return Exported(sheet.file_name("xml"), data)


def _question(root: etree._Element, number: str, item: Item) -> None:
    judged = item.kind is ItemKind.TRUE_FALSE
    question = etree.SubElement(root, "question", type="truefalse" if judged else "multichoice")
    _text(etree.SubElement(question, "name"), number)
    _html(question, "questiontext", item.stem)
    _html(question, "generalfeedback", explained(item))
    for name, value in (("defaultgrade", "1"), ("penalty", "0"), ("hidden", "0")):
        etree.SubElement(question, name).text = value
    etree.SubElement(question, "idnumber").text = number
    if not judged:
        etree.SubElement(question, "single").text = _flag(item.kind is ItemKind.SINGLE)
        etree.SubElement(question, "shuffleanswers").text = _flag(not item.ordered)
        etree.SubElement(question, "answernumbering").text = "ABCD"
    right = _SHARES[len(item.key)]
    for place, one in enumerate(item.options):
        wrong = "-100" if item.kind is ItemKind.MULTIPLE else "0"
        answer = etree.SubElement(question, "answer", fraction=right if one.right else wrong)
        if judged:
            # By position, as the two options always stand.
            answer.set("format", "moodle_auto_format")
            etree.SubElement(answer, "text").text = ("true", "false")[place]
        else:
            answer.set("format", "html")
            etree.SubElement(answer, "text").text = escape(one.text, quote=False)
        _html(answer, "feedback", one.why)


def _text(parent: etree._Element, words: str) -> None:
    etree.SubElement(parent, "text").text = words


def _html(parent: etree._Element, name: str, words: str) -> None:
    element = etree.SubElement(parent, name, format="html")
    shown = escape(words, quote=False).replace("\n", "<br>")
    etree.SubElement(element, "text").text = f"<p>{shown}</p>"


def _flag(value: bool) -> str:
    return "true" if value else "false"
