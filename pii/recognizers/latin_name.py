"""Names in Latin letters: Emily Hartwell, Wang Ruotang, Dear Emily, Best regards, Mizuki.

A capitalised word alone says nothing. It is a name where a known first name or a pinyin surname
stands with it, or where a letter has its people: greeting, close, "my name is", sender, husband.
"""

import re
from collections.abc import Iterator

from pii.findings import Finding
from pii.kinds import Kind
from pii.latin_names import LOWER, UPPER, latin_names
from pii.recognizers.base import ShapeRecognizer

# O'Connor, McDonald, Anne-Marie.
WORD = rf"(?:[ODL]['’]|Mc|Mac)?[{UPPER}][{LOWER}]+(?:['’-][{UPPER}{LOWER}][{LOWER}]+)?"
_NAME = rf"(?P<name>{WORD}(?: (?:[A-Z]\. )?(?:van |von |de |da |del |bin )?{WORD}){{0,3}})"
_NOT_INSIDE = rf"(?<![{UPPER}{LOWER}0-9@._/-])"
_END = rf"(?![{UPPER}{LOWER}0-9@_/]|[-.][{UPPER}{LOWER}])"
_LATIN = re.compile(rf"[{UPPER}][{LOWER}]")
_RUN = re.compile(rf"{_NOT_INSIDE}{WORD}(?:[ ]{WORD}){{1,4}}{_END}")
_NAME_VERBOSE = _NAME.replace(" ", "[ ]")
_GREETED = re.compile(
    rf"""(?:^|(?<=[\n\ue000。，]))[ \t]*
    (?:Dear|Hi|Hello|Hey|Good[ ](?:morning|afternoon|evening)),?[ ]
    {_NAME_VERBOSE}(?=[ ]?(?:[,，:!！]|—|-|\n|$|\ue000))""",
    re.VERBOSE,
)
_CLOSED = re.compile(
    r"""(?:^|(?<=[\n\ue000]))[ \t]*
    (?:(?:Kind|Best|Warm|Warmest|Many)?[ ]?(?:[Rr]egards|[Ww]ishes|[Tt]hanks)|Best|Thank[ ]you|Thx
       |(?:Yours[ ])?(?:[Ss]incerely|[Ff]aithfully|[Tt]ruly)|Cheers|Yours)
    (?:[ ]in[ ]advance|[ ]and[ ](?:kind|best)[ ]regards)?[ ]?[,.!，]?(?:[ ]|[ \t]*[\n\ue000][ \t]*){1,3}"""
    + _NAME_VERBOSE
    + r"[ \t]*(?=\n|$|\ue000)",
    re.VERBOSE,
)
_INTRODUCED = re.compile(
    rf"""{_NOT_INSIDE}(?i:
        my\ name\ is|name['’]s|this\ is|i\ am|i['’]m|called|signed\ by|on\ behalf\ of
        |spoke\ (?:to|with)|ask|tell|told|according\ to|met|caller:?|attn:?|contact:?
        |partner|colleague|friend|neighbou?r|cleaner|technician|manager|assistant|owner|tenant|applicant|client|customer
    )[ ]{_NAME_VERBOSE}{_END}""",
    re.VERBOSE,
)
# Siobhan O'Rourke from our Dublin office asked.
_OPENS = re.compile(
    rf"""(?:^|(?<=[\n\ue000])|(?<=[.!?][ ]))(?P<name>{WORD}[ ]{WORD})
    (?=[ ](?:from[ ]our|from[ ]the|asked|asks|called|confirmed|complained|emailed|wrote|wants
      |would[ ]like|requested|reported|signed|told|said|says
      |has[ ](?:asked|called|confirmed|requested|signed|sent|paid))\b)
    """,
    re.VERBOSE,
)
# Hannah will call back. Wenjing asked again.
_ALONE = re.compile(
    rf"""(?:^|(?<=[\n\ue000])|(?<=[.!?;:][ ]))(?P<name>{WORD})[ ]
    (?:(?P<says>asked|asks|called|calls|confirmed|complained|emailed|wrote|said|says|told|signed
      |replied|phoned|promised|agreed|insisted|mentioned|requested)\b
      |(?:keeps|takes|gives|sends|makes|works|lives|leaves|brings|thinks|knows|met|went|came|left|sent|made|took|gave|bought
        |paid|arrived|joined|and|can|could|did|does|from|had|has|is|needs|should|wants|was|will|would)\b|[㐀-鿿])
    """,
    re.VERBOSE,
)
# Whose badge read Wenjing, told us to wait.
_TELLS = re.compile(
    rf"(?<=[a-z,] )(?P<name>{WORD}),? (?P<says>told|assured|promised|informed|asked|showed|offered) "
    r"(?:us|me|him|her|them|my|our|that)\b"
)
# A word behind one of the family is a name, known or not.
_RELATED = re.compile(
    rf"""{_NOT_INSIDE}(?i:husband|wife|son|daughter|mother|father|brother|sister|spouse|fianc[ée]e?)
    ,?[ ]{_NAME_VERBOSE}{_END}""",
    re.VERBOSE,
)
_HEADED = (
    r"(?:^|(?<=[\n\ue000]))(?:From|To|[Cc][Cc]|[Bb]cc|BCC|Reply-To|发件人|收件人|抄送)[:：][ ]?"
)
_SENT = re.compile(rf"{_HEADED}{_NAME}(?=[ ]?[<\n（(;,])")
# Who else stands in such a line: Zhang, Mei; O'Connor, James <j@…>.
_ADDRESSEES = re.compile(rf"{_HEADED}(?P<all>[^\n\ue000]{{1,400}})")
_ADDRESSEE = re.compile(
    rf"(?:^|(?<=[;,；，]))[ ]?(?P<name>{WORD}(?:,? {WORD}){{0,2}})(?=[ ]?(?:[<;,；，]|$))"
)
_HONORIFIC = "先生|女士|小姐|太太|老师|同学"
_BESIDE_HAN = re.compile(
    rf"""(?:{_HONORIFIC}|客户|同事|用户|丈夫|妻子|爱人|配偶|我是|我叫|名叫|叫做|联系人|收件人
        |[由请让给和与]|[（(])[ ]?
    {_NAME_VERBOSE}(?=[）)]|[ ]?(?:{_HONORIFIC}|的|，|、|。|称|说))
    |{_NOT_INSIDE}(?P<titled>{WORD}(?:[ ]{WORD}){{0,2}})(?=[ ]?(?:{_HONORIFIC}))""",
    re.VERBOSE,
)
# Two capitalised words nobody knows, where a sentence has room for a person and not for a place.
_UNKNOWN_PAIR = re.compile(
    rf"""(?:[a-z0-9'’)],[ ]
       |(?<![A-Za-z])(?:and|by|for|from|name|named|that|said|says|to|via|with)[ ]
       |(?<![A-Za-z])(?:file|copy|passport|data|details|account|records?|signature|application
          |contract|card|visa)[ ]of[ ])
    (?P<name>{WORD}[ ]{WORD})
    (?=[,.?!;)]|$|\n|['’]s[ ]
       |[ ](?:and|asked|called|can|confirmed|could|from|had|has|is|reported|said|says|was|who|will
          |would|wrote)[ ])
    """,
    re.VERBOSE,
)
# Marco's work permit.
_POSSESSIVE = re.compile(rf"{_NOT_INSIDE}(?P<name>{WORD})['’]s[ ][a-z]")
# One first name below the last paragraph signs a letter.
_LAST_LINE = re.compile(
    r"(?:\n[ \t]*\n|(?<=[.!?,])\ue000)[ \t]*(?P<name>[A-Z][a-z]{2,15})\s*(?=\ue000|\Z)"
)
_NOT_A_PERSON = re.compile(
    r"""[ ](?:Road|Rd|Street|St|Avenue|Ave|Lane|District|City|Province|County|Town|Garden|Court
    |Plaza|Ltd|Limited|Inc|Corp|Corporation|Co|Company|Group|LLC|GmbH|Bank|Hotel|Hospital|University
    |Trading|Logistics|Law|Act|Team|team)\b""",
    re.VERBOSE,
)


class LatinNameRecognizer(ShapeRecognizer):
    """Names in letters and in Chinese prose about foreigners."""

    kind = Kind.PERSON_NAME

    def find(self, text: str) -> list[Finding]:
        """People of letters, then pairs of words that are a name by themselves."""
        if not _LATIN.search(text):
            return []
        found = []
        for reason, pattern, score in (
            ("greeted", _GREETED, 0.85),
            ("closed", _CLOSED, 0.85),
            ("sent", _SENT, 0.85),
            ("introduced", _INTRODUCED, 0.8),
            ("related", _RELATED, 0.8),
            ("opens", _OPENS, 0.8),
            ("beside_han", _BESIDE_HAN, 0.8),
        ):
            for match in pattern.finditer(text):
                group = match.lastgroup or "name"
                start, end = match.span(group)
                if _is_person(text, start, end, alone=reason != "introduced"):
                    found.append(self.result(self.kind, start, end, score, reason))
        found += [self.result(self.kind, *span, 0.8, why) for why, span in _words_alone(text)]
        for line in _ADDRESSEES.finditer(text):
            for match in _ADDRESSEE.finditer(text, *line.span("all")):
                span = match.span("name")
                if _is_person(text.replace(",", " "), *span, alone=True):
                    found.append(self.result(self.kind, *span, 0.85, "sent"))
        for match in _UNKNOWN_PAIR.finditer(text):
            if all(latin_names().may_be_name(word) for word in match.group("name").split(" ")):
                found.append(self.result(self.kind, *match.span("name"), 0.75, "unknown_pair"))
        for start, end, score in _pairs(text):
            found.append(self.result(self.kind, start, end, score, "latin_pair"))
        return found


def _is_person(text: str, start: int, end: int, *, alone: bool) -> bool:
    """Whether every word may be a name; a word alone needs more than a verb before it."""
    known = latin_names()
    words = text[start:end].split(" ")
    if _NOT_A_PERSON.match(text, end) or not known.may_be_names(words):
        return False
    return alone or len(words) > 1 or words[0] in known.given


def _words_alone(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """One word that opens a sentence and does something, or signs a letter."""
    for why, pattern in (
        ("opens", _ALONE),
        ("tells", _TELLS),
        ("closed", _LAST_LINE),
        ("possessive", _POSSESSIVE),
    ):
        for match in pattern.finditer(text):
            if _may_stand_alone(match["name"], speaks=bool(match.groupdict().get("says"))):
                yield why, match.span("name")


def _may_stand_alone(word: str, *, speaks: bool) -> bool:
    """Whether one word that does something is somebody: a first name, or one in pinyin that speaks."""
    known = latin_names()
    if not known.may_be_name(word):
        return False
    return word in known.given or (speaks and known.is_given_in_pinyin(word))


def _pairs(text: str) -> Iterator[tuple[int, int, float]]:
    """First name and family name, or surname and given name in pinyin, side by side."""
    known = latin_names()
    for run in _RUN.finditer(text):
        words = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", run.group())]
        at = 0
        while at + 1 < len(words):
            (first, start, _), (second, _, end) = words[at], words[at + 1]
            sure = _score(first, second)
            if sure is None or _NOT_A_PERSON.match(text, run.start() + end):
                at += 1
                continue
            third = words[at + 2] if at + 2 < len(words) else None
            if third and first in known.given and known.may_be_name(third[0]):
                end = third[2]
                at += 1
            yield run.start() + start, run.start() + end, sure
            at += 2


def _score(first: str, second: str) -> float | None:
    known = latin_names()
    if known.is_chinese(first, second) and known.may_be_name(first) and known.may_be_name(second):
        return 0.8
    if first in known.given and known.may_be_names([first, second]):
        return 0.8
    return None
