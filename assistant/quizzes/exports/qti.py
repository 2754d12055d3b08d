"""IMS QTI 2.1: a content package of items and a test, by the Assessment Test, Section, and Item
Information Model v2.1 (1EdTech, 2012) and IMS Content Packaging 1.1."""

import io
import zipfile

from lxml import etree

from assistant.quizzes.exports.sheet import Exported, Sheet, explained
from assistant.quizzes.items import Item, ItemKind

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_QTI_XSD = f"{QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_CP_XSD = f"{CP} http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"
_RATIONALE = "rationale"
# A fixed day, so that the same quiz is the same file.
_DAY = (2000, 1, 1, 0, 0, 0)


def qti(sheet: Sheet) -> Exported:
    """The package: imsmanifest.xml, the test, a file an item."""
    files = {f"items/{number}.xml": _item(number, item) for number, item in sheet.items}
    files = {"imsmanifest.xml": _manifest(sheet), "test.xml": _test(sheet), **files}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, root in files.items():
            data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
            package.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return Exported(sheet.file_name("zip"), out.getvalue())


def _item(number: str, item: Item) -> etree._Element:
    root = _root(QTI, "assessmentItem", _QTI_XSD)
    root.attrib.update(
        {"identifier": number, "title": number, "adaptive": "false", "timeDependent": "false"}
    )
    root.set("{http://www.w3.org/XML/1998/namespace}lang", item.language.value)
    several = item.kind is ItemKind.MULTIPLE
    declared = _add(
        root, "responseDeclaration", identifier="RESPONSE", baseType="identifier",
        cardinality="multiple" if several else "single",
    )  # fmt: skip
    correct = _add(declared, "correctResponse")
    for place in sorted(item.key):
        _add(correct, "value").text = _choice(place)
    _outcome(root, "SCORE", "float", "0")
    _outcome(root, "FEEDBACK", "identifier", None)
    body = _add(root, "itemBody")
    interaction = _add(
        body, "choiceInteraction", responseIdentifier="RESPONSE",
        shuffle="false" if item.ordered or item.kind is ItemKind.TRUE_FALSE else "true",
        maxChoices="0" if several else "1",
    )  # fmt: skip
    _add(interaction, "prompt").text = item.stem
    for place, one in enumerate(item.options):
        choice = _add(interaction, "simpleChoice", identifier=_choice(place))
        choice.text = one.text
    _processing(root)
    said = _add(
        root, "modalFeedback", outcomeIdentifier="FEEDBACK", showHide="show", identifier=_RATIONALE
    )
    said.text = explained(item)
    return root


def _processing(root: etree._Element) -> None:
    """A point for the whole key, and the rationale whatever was chosen."""
    processing = _add(root, "responseProcessing")
    condition = _add(_add(processing, "responseCondition"), "responseIf")
    match = _add(condition, "match")
    _add(match, "variable", identifier="RESPONSE")
    _add(match, "correct", identifier="RESPONSE")
    scored = _add(condition, "setOutcomeValue", identifier="SCORE")
    _add(scored, "baseValue", baseType="float").text = "1"
    told = _add(processing, "setOutcomeValue", identifier="FEEDBACK")
    _add(told, "baseValue", baseType="identifier").text = _RATIONALE


def _test(sheet: Sheet) -> etree._Element:
    root = _root(QTI, "assessmentTest", _QTI_XSD)
    root.attrib.update({"identifier": sheet.quiz_id, "title": sheet.rules.title})
    if sheet.rules.minutes:
        _add(root, "timeLimits", maxTime=str(sheet.rules.minutes * 60))
    part = _add(
        root, "testPart", identifier="P1", navigationMode="nonlinear", submissionMode="simultaneous"
    )
    section = _add(
        part, "assessmentSection", identifier="S1", title=sheet.rules.title, visible="true"
    )
    for number, _ in sheet.items:
        _add(section, "assessmentItemRef", identifier=number, href=f"items/{number}.xml")
    return root


def _manifest(sheet: Sheet) -> etree._Element:
    root = _root(CP, "manifest", _CP_XSD)
    root.set("identifier", f"M-{sheet.quiz_id}")
    metadata = etree.SubElement(root, f"{{{CP}}}metadata")
    etree.SubElement(metadata, f"{{{CP}}}schema").text = "QTIv2.1 Package"
    etree.SubElement(metadata, f"{{{CP}}}schemaversion").text = "1.0.0"
    etree.SubElement(root, f"{{{CP}}}organizations")
    resources = etree.SubElement(root, f"{{{CP}}}resources")
    test = _resource(resources, sheet.quiz_id, "imsqti_test_xmlv2p1", "test.xml")
    for number, _ in sheet.items:
        etree.SubElement(test, f"{{{CP}}}dependency", identifierref=f"R-{number}")
        _resource(resources, number, "imsqti_item_xmlv2p1", f"items/{number}.xml")
    return root


def _resource(parent: etree._Element, number: str, kind: str, href: str) -> etree._Element:
    resource = etree.SubElement(
        parent, f"{{{CP}}}resource", identifier=f"R-{number}", type=kind, href=href
    )
    etree.SubElement(resource, f"{{{CP}}}file", href=href)
    return resource


def _root(namespace: str, name: str, location: str) -> etree._Element:
    root = etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", location)
    return root


def _outcome(root: etree._Element, name: str, base: str, default: str | None) -> None:
    outcome = _add(root, "outcomeDeclaration", identifier=name, cardinality="single", baseType=base)
    if default is not None:
        _add(_add(outcome, "defaultValue"), "value").text = default


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{QTI}}}{name}", attrib=attributes)


def _choice(place: int) -> str:
    return f"C{place + 1}"
