"""Names that their place in the sentence gives away, whatever the models read.

A full name by the surname list between a word that leads to a person and a verb only people are the
subject of (客户全清和询问, 由富问渠签署, 高既白称); and the surname somebody gives alone (我姓黄).
"""

import re
from functools import cache

from pii.findings import Finding
from pii.firm_names import one_of
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.name_context import (
    begins_verb,
    is_announced,
    is_given_word,
    is_ordinary_word,
    is_unexplained,
    leads,
)
from pii.recognizers.base import ShapeRecognizer
from pii.surnames import surnames
from pii.words import is_cut_out

# What a person does and a thing, a firm or an office rarely: said, asked, signed, came.
_DOES = re.compile(
    r"[ ]?(?:称(?![号为呼职])|说(?!明)|表示|反映|询问|问及|提出|投诉|来电|来函|到场|签署|签字|签收|签名|签过|亲笔|本人"
    r"|告知|认为|承认|否认|拒绝|同意|解释|补充道|女士|先生|小姐|代签|代收|代办|领取|出生|去世|代(?=$|[^㐀-鿿])|带(?=[㐀-鿿]))"
)
# What given names are not made of: particles, offices.
_PLAIN = re.compile(
    r"[㐀-鿿](?:(?![的了与或及等是被有为所如而应不其之后部门人者方式统已未曾将都也])[㐀-鿿]){1,3}"
)
# 我姓黄; in 是他爱人，姓李， a mark ends it and no word begins before it.
_SURNAME_SAID = re.compile(
    r"(?<=我|人|贵|方|他|她|户|称)姓(?P<name>[㐀-鿿]{1,2}?)(?=[ ]?(?:$|[^㐀-鿿]|的|名|叫|住|电话))"
)
_SURNAME_ALONE = re.compile(
    r"姓(?<![百同异贵冠改随复]姓)(?P<name>[㐀-鿿]{1,2})(?=[，。；,;）)\n\ue000]|$)"
)
# 浩然妈妈请假: a given name between a mark and its parent.
_PARENT = re.compile(
    r"(?:妈妈|爸爸|奶奶|爷爷|外婆|外公)(?=$|[^㐀-鿿]|[请说问来去没还也都把已带要发打代接致送])|(?:宝宝|小朋友)(?!们)"
)
_BEFORE_CHILD = frozenset("\n\ue000，。；、,;：:（( 托请给找跟由向问叫")
# Who is named behind one of these is a person, though no verb that we know follows.
_RELATIVE = re.compile(
    r"(?:配偶|爱人|丈夫|妻子|老[公婆伴]|儿[子媳]|女[儿婿]|[长次][子女]|父亲|母亲|爸爸|妈妈|[妹弟姐哥]{2}|[岳伯叔舅]父|岳母|公公|婆婆"
    r"|爷爷|奶奶|姥[姥爷]|外[公婆甥]|[表堂][兄弟姐妹哥]|[侄孙][子女]|前[妻夫]|[男女]友|舅舅|姑姑|姨妈|[大小][姨姑舅]"
    r"|邻居|同事|工友|室友|线长|组长|押运|[财法人市技项销采客运工信后][务律事场术目售购服营程息勤]部)(?=[㐀-鿿]{2})"
)
# More often a word before a verb or a number than a surname.
_LITTLE = frozenset(
    "于向和时从都同别后有由来位全连老公的给与对叫找能会如应经但却须可当已没再说让请被把也还就原初相干计单满元"
)
_BEHIND_RELATIVE = re.compile(r"[，。；、,;（(）)：:\s]|$|[的名做当开住接没也都就又才还打叫让带推]")


class FramedNameRecognizer(ShapeRecognizer):
    """People in front of what only people do."""

    kind = Kind.PERSON_NAME

    def find(self, text: str) -> list[Finding]:
        """The verb first: it is rarer than surnames are."""
        found = [
            self.result(self.kind, *match.span("name"), 0.8, "surname_alone")
            for pattern in (_SURNAME_SAID, _SURNAME_ALONE)
            for match in pattern.finditer(text)
            if match["name"] in surnames().single | surnames().compound
        ]
        found += [
            self.result(self.kind, match.start() - 2, match.start(), 0.7, "child")
            for match in _PARENT.finditer(text)
            if _is_child(text, match.start())
        ]
        found += [
            self.result(self.kind, *match.span("name"), 0.8, "labelled")
            for match in _labelled().finditer(text)
            if _is_name_alone(match["name"])
        ]
        found += [
            self.result(self.kind, *span, 0.7, "relative")
            for match in _RELATIVE.finditer(text)
            if (span := _relative(text, match.end())) and is_cut_out(text, *match.span())
        ]
        for match in _DOES.finditer(text):
            end = match.start()
            for length in (4, 3, 2):
                start = end - length
                if start >= 0 and _is_framed(text, start, end):
                    found.append(self.result(self.kind, start, end, 0.85, "framed"))
                    break
        return found


@cache
def _labelled() -> re.Pattern[str]:
    """A label of a person, a name, a mark: 收件人任禾，."""
    words = (
        word
        for word, kind in vocabulary().kinds.items()
        if kind is Kind.PERSON_NAME and word[-1] in "人象" and len(word) > 2
    )
    return re.compile(rf"(?:{one_of(words)})(?P<name>[㐀-鿿]{{2,3}})(?=[，,。；;）)\n])")


def _is_child(text: str, end: int) -> bool:
    """Whether a given name between a mark and what ends there is whose parent is spoken of."""
    before = text[end - 3 : end - 2] if end > 2 else "\n"
    name = text[end - 2 : end]
    made = surnames().is_made_of_given(name) and not is_ordinary_word(name)
    whole = surnames().is_full_name(name) and is_unexplained(text, end - 2, end)
    return end > 1 and before in _BEFORE_CHILD and (is_given_word(name) or made or whole)


def _is_name_alone(name: str) -> bool:
    """Whether a full name by the surname list is neither a word nor a label."""
    known = surnames()
    return (
        known.is_full_name(name)
        and name[0] not in _LITTLE
        and not known.is_titled(name)
        and name[:2] not in known.never_names
        and not is_ordinary_word(name)
        and not is_ordinary_word(name[:2])
        and not is_ordinary_word(name[1:])
        and vocabulary().kind_of(name) is None
    )


def _relative(text: str, start: int) -> tuple[int, int] | None:
    """A name of three characters, or a compound surname's, that what follows ends: 儿媳|富未央|怀孕.

    A given name may be a word behind a usual surname only; the first two characters are none.
    """
    known = surnames()
    for end in (start + 4, start + 3):
        name = text[start:end]
        if len(name) < 3 or not _PLAIN.fullmatch(name) or not known.is_full_name(name):
            continue
        if name[0] in _LITTLE and name[:2] not in known.compound:
            continue
        if known.is_titled(name) or is_ordinary_word(name) or name[:2] in known.never_names:
            continue
        if name[:2] not in known.compound and is_ordinary_word(name[:2]):
            continue
        if not known.begins_usually(name) and is_ordinary_word(name[1:]):
            continue  # 邻居|修漏水
        if _BEHIND_RELATIVE.match(text, end) or begins_verb(text[end : end + 4]):
            return start, end
    return None


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
