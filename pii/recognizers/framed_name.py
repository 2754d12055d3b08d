"""Names that their place in the sentence gives away, whatever the models read.

A full name by the surname list between a word that leads to a person and a verb only people are the
subject of (客户全清和询问, 由富问渠签署, 高既白称); and the surname somebody gives alone (我姓黄).
"""

import re

from pii.findings import Finding
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.name_context import is_announced, is_ordinary_word, leads
from pii.recognizers.base import ShapeRecognizer
from pii.surnames import surnames

# What a person does and a thing, a firm or an office rarely: said, asked, signed, came.
_DOES = re.compile(
    r"[ ]?(?:称(?![号为呼职])|说(?!明)|表示|反映|询问|问及|提出|投诉|来电|来函|到场|签署|签字|签收|签名|签过|亲笔|本人"
    r"|告知|认为|承认|否认|拒绝|同意|解释|补充道|女士|先生|小姐|代签|代收|代办|领取|出生|去世)"
)
# What given names are not made of: particles, offices.
_PLAIN = re.compile(
    r"[㐀-鿿](?:(?![的了与或及等是被有为所如而应不其之后部门人者方式统])[㐀-鿿]){1,3}"
)
_SURNAME_ALONE = re.compile(
    r"(?:我|本人|免贵|贵姓|对方|他|她|客户|来人|自称)姓(?P<name>[㐀-鿿]{1,2}?)(?=[ ]?(?:$|[^㐀-鿿]|的|名|叫|住|电话))"
)


class FramedNameRecognizer(ShapeRecognizer):
    """People in front of what only people do."""

    kind = Kind.PERSON_NAME

    def find(self, text: str) -> list[Finding]:
        """The verb first: it is rarer than surnames are."""
        found = [
            self.result(self.kind, *match.span("name"), 0.8, "surname_alone")
            for match in _SURNAME_ALONE.finditer(text)
            if match["name"] in surnames().single | surnames().compound
        ]
        for match in _DOES.finditer(text):
            end = match.start()
            for length in (4, 3, 2):
                start = end - length
                if start >= 0 and _is_framed(text, start, end):
                    found.append(self.result(self.kind, start, end, 0.85, "framed"))
                    break
        return found


def _is_framed(text: str, start: int, end: int) -> bool:
    """Whether a name and no word stands there: none of its pairs is a word of the dictionary."""
    name = text[start:end]
    known = surnames()
    if not known.is_full_name(name) or known.is_titled(name) or vocabulary().kind_of(name):
        return False
    if not _PLAIN.fullmatch(name) or name[:2] in known.never_names:
        return False
    # Two characters are a word too often: only behind what speaks of a person.
    framed = is_announced(text, start) or (len(name) > 2 and leads(text, start))
    pairs = (name[at : at + 2] for at in range(len(name) - 1))
    compound = name[:2] in known.compound
    return framed and (compound or not any(is_ordinary_word(pair) for pair in pairs))
