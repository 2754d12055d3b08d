"""Values announced by a label: 姓名：, 社保号：, "name": , Password=.

Birth dates, social-security numbers, account names and passwords have no shape of their own (any
date is a date), so free text gives them away only through a label from `labels.yaml`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from pii.findings import Finding
from pii.kinds import Kind
from pii.labels import vocabulary
from pii.latin_names import latin_names
from pii.name_context import is_apart_name, is_ordinary_word
from pii.recognizers.base import Recognizer
from pii.surnames import surnames
from pii.values import refine, value_at

_SEPARATOR = re.compile(
    r"[\"'”]?\s{0,3}(?::|=|：)+[ \t\u3000]{0,8}\n?[ \t]{0,8}[\"'“_「]{0,20}[ _]{0,20}"
)
_LEFT = re.compile(r"[A-Za-z0-9_ \-/.()（）㐀-鿿]{1,24}$")
_CUT = re.compile(r"[，。；;！？、|\t\n]")
# Labels that people also write without a colon: 身份证号110101…, QQ 12345678, 生日1990年3月2日.
_TIGHT_KINDS = frozenset({
    Kind.RESIDENT_ID, Kind.BANK_CARD, Kind.BIRTH_DATE, Kind.QQ, Kind.WECHAT, Kind.ALIPAY,
    Kind.SOCIAL_SECURITY, Kind.MEDICAL_INSURANCE, Kind.HOUSING_FUND, Kind.PASSPORT, Kind.PLATE,
    Kind.MOBILE, Kind.DRIVING_LICENCE, Kind.VIN, Kind.IMEI, Kind.TRAVEL_PERMIT,
    Kind.FOREIGNER_ID, Kind.MILITARY_ID, Kind.CREDIT_CODE, Kind.ACCOUNT,
})  # fmt: skip
_ALNUM_START = re.compile(
    r"[A-Za-z0-9+(京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
)
# A password on the next line, an account name in prose: told from a word by a digit or a mark.
_MADE_UP = re.compile(r"[!-~]{0,31}\d")
_HANDLE_LIKE = re.compile(r"[A-Za-z][A-Za-z.\-]{0,30}[\d_@]")
_DOTTED_HANDLE = re.compile(r"[a-z]{2,15}[._][a-z]{2,15}(?![A-Za-z0-9@])")
_HANDLES = frozenset({Kind.ACCOUNT, Kind.WECHAT, Kind.ALIPAY})
_WORD_OF_LETTERS = re.compile(r"[a-z]{3,30}")
# A label alone in its line, and the line below.
_LABEL_LINE = re.compile(
    r"[\n\ue000，,、；;][ \t]{0,8}"
    r"(?P<label>[^\s\ue000:：，。][^\n\ue000:：，。]{0,13}?)(?=[ \t]{0,8}\n)"
)
_LINE_BELOW = re.compile(r"[ \t]{0,8}\n[ \t]{0,8}(?=[^\s\ue000])")
_LONGEST_LABEL_LINE = 60
_LINE_ENDS = re.compile(r"[ \t]*(?:\n|\ue000|\Z)")
_ENDS_CELL = re.compile(r"[ \t　]*(?:[\n\ue000|]|\Z)|[ 　]{2}|[、，；/]")
# What of firms stands behind a mere blank: 单位 and 公司 are words of sentences.
_OF_SHOPS = frozenset(
    (
        "商户",
        "商户名称",
        "店铺",
        "店铺名称",
        "门店",
        "门店名称",
        "店名",
        "供应商",
        "供应商名称",
        "承运商",
        "经销商",
    )
)
_MARKED = re.compile(r"[!-~]*[\d@#$%^&*!_\-]")
_BEFORE_SPACED = "\n\t|，。；、\ue000 "
# A label with a blank, a tab or the wall of a table behind it.
_SPACED = re.compile(r"[ \t|](?<=[^\s|].)(?:[ \t]*[|\t][ \t|]*|[ ]{0,7})(?=[^\s|])")
_LONGEST_LABEL = 24
_LATIN_WORD = re.compile(r"[A-Za-z](?<![A-Za-z].)")
_WORD_BEFORE = re.compile(r"(?<![A-Za-z])([A-Za-z]{2,20}) \Z")
_MORE_NAMES = re.compile(r"[、/,，和及&] ?")


class LabelledRecognizer(Recognizer):
    """Every kind that has labels."""

    def __init__(self) -> None:
        self._vocabulary = vocabulary()
        spellings = self._vocabulary.spellings
        tight = [word for word in spellings if self._vocabulary.kind_of(word) in _TIGHT_KINDS]
        self._tight = _Labels(
            tight, r"(?:号码|号)?(?:是|为|叫|改为|改成)?[ ]{0,2}(?=[A-Za-z0-9+(㐀-鿿])"
        )
        self._spellings = frozenset(word.lower() for word in spellings) | self._vocabulary.roles

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """All of them."""
        return tuple(Kind)

    def find(self, text: str) -> list[Finding]:
        """Values behind a label and a colon, behind a label alone, and below one."""
        return [
            *self._behind_colons(text),
            *self._behind_tight(text),
            *self._behind_space(text),
            *self._below(text),
        ]

    def _behind_colons(self, text: str) -> Iterator[Finding]:
        for separator in _SEPARATOR.finditer(text):
            label = self._label_before(text, separator.start())
            kind = self._vocabulary.kind_of(label) if label else None
            if kind is None:
                if label and self._vocabulary.is_role(label):
                    yield from self._people(text, separator.end())
                continue
            # On the next line a word is the next paragraph: a password there has a digit.
            below = "\n" in separator.group()
            if kind is Kind.PASSWORD and below and not _MADE_UP.match(text, separator.end()):
                continue
            if kind is Kind.ORGANISATION and below:
                continue
            yield from self._values(kind, text, separator.end(), 0.9, label)

    def _people(self, text: str, start: int) -> Iterator[Finding]:
        """Full names behind a word for what somebody did: 会计：王芳, but not 会计：按月结账."""
        for one in self._values(Kind.PERSON_NAME, text, start, 0.85, ""):
            if is_apart_name(text, one.start, one.end):
                yield one

    def _after_role(self, text: str, start: int) -> Iterator[Finding]:
        """A full name alone between a role and the end of its cell: 复核 于未央."""
        span = value_at(Kind.PERSON_NAME, text, start)
        if span and is_apart_name(text, *span) and _ENDS_CELL.match(text, span[1]):
            yield self._result(Kind.PERSON_NAME, span, 0.8, "role")

    @staticmethod
    def _label_before(text: str, end: int) -> str:
        left = _LEFT.search(text, max(0, end - 24), end)
        if left is None:
            return ""
        # "手机 13800138000 邮箱：" leaves only the last word when the words before are values.
        return left.group().rsplit("  ", 1)[-1].strip()

    def _behind_tight(self, text: str) -> Iterator[Finding]:
        for match in self._tight.find(text):
            kind = self._vocabulary.kind_of(match.group("label"))
            if kind is None or not _ALNUM_START.match(text, match.end()):
                continue
            if kind in _HANDLES and not _is_handle(kind, text, match.end(), match.group("label")):
                continue
            yield from self._values(kind, text, match.end(), 0.8, match.group("label"))

    def _behind_space(self, text: str) -> Iterator[Finding]:
        for gap in _SPACED.finditer(text):
            label = self._label_that_ends(text, gap.start())
            if label.lower() in self._vocabulary.roles:
                yield from self._after_role(text, gap.end())
            kind = self._vocabulary.kind_of(label) if label else None
            span = value_at(kind, text, gap.end()) if kind else None
            if kind is None or span is None:
                continue
            if kind is Kind.ORGANISATION and label not in _OF_SHOPS:
                continue
            value = text[slice(*span)]
            if kind is Kind.PERSON_NAME and not _sure_name(value):
                continue
            if kind is Kind.PERSON_NAME and self._runs_on(text, gap, label, value):
                continue
            if kind not in (Kind.PERSON_NAME, Kind.ORGANISATION) and not any(
                char.isdigit() for char in value
            ):
                continue
            yield self._result(refine(kind, value), span, 0.8, self._why(label))

    def _below(self, text: str) -> Iterator[Finding]:
        """A line that is a value, whole, under a line that is a label."""
        first = _LABEL_LINE.match("\n" + text[:_LONGEST_LABEL_LINE])
        lines = ((line["label"], line.end()) for line in _LABEL_LINE.finditer(text))
        for label, end in chain([(first["label"], first.end() - 1)] if first else [], lines):
            kind = self._vocabulary.kind_of(label)
            below = _LINE_BELOW.match(text, end) if kind else None
            span = value_at(kind, text, below.end()) if kind and below else None
            if kind is None or span is None or not _LINE_ENDS.match(text, span[1]):
                continue
            value = text[slice(*span)]
            if kind is Kind.ORGANISATION or self._vocabulary.kind_of(value):
                continue
            if kind is Kind.PERSON_NAME:
                told = _sure_name(value) and not is_ordinary_word(value)
            else:
                told = bool(_MARKED.match(value)) or not value.isascii()
            if told:
                yield self._result(refine(kind, value), span, 0.85, self._why(label))

    def _runs_on(self, text: str, gap: re.Match[str], label: str, value: str) -> bool:
        """Whether words behind a mere blank are the rest of a sentence: the name of the file."""
        if not value.isascii() or gap.group().strip(" "):
            return False
        words = [word.rstrip(".") for word in value.split()]
        if value[0].islower() or not latin_names().may_be_names(words):
            return True
        # Everything has a name: a Font Name, a section name.
        start = gap.start() - len(label)
        before = _WORD_BEFORE.search(text, max(0, start - _LONGEST_LABEL), start)
        return (
            label.lower() == "name"
            and before is not None
            and before.group(1).lower() not in self._vocabulary.whose
        )

    def _label_that_ends(self, text: str, end: int) -> str:
        """The longest label that stands alone right before `end`."""
        for start in range(max(0, end - _LONGEST_LABEL), end):
            if start and text[start - 1] not in _BEFORE_SPACED:
                continue
            if text[start:end].lower() in self._spellings:
                return text[start:end]
        return ""

    def _values(
        self, kind: Kind, text: str, start: int, score: float, label: str
    ) -> Iterator[Finding]:
        span = value_at(kind, text, start)
        while span is not None:
            value = text[slice(*span)]
            sure = kind is not Kind.PERSON_NAME or _sure_name(value)
            exact = refine(kind, value)
            yield self._result(exact, span, score if sure else 0.7, self._why(label))
            more = _MORE_NAMES.match(text, span[1])
            if kind is not Kind.PERSON_NAME or more is None:
                return
            span = value_at(kind, text, more.end())
            if span is None or not _sure_name(text[slice(*span)]):
                return
            if self._vocabulary.kind_of(text[slice(*span)]):
                return  # the next label: Name: Li Na, Tel: …

    def _why(self, label: str) -> str:
        if not label:
            return "role"
        return f"label:{self._vocabulary.word_of(label)}"

    @staticmethod
    def _result(kind: Kind, span: tuple[int, int], score: float, reason: str) -> Finding:
        return Finding(kind, *span, score, f"{kind.value}/{reason}")


class _Labels:
    """Labels to look for with what must follow them, in time that hardly grows with their number.

    Chinese labels are grouped by their first character, which lets `re` skip to one; a Latin label
    begins a word, so only beginnings of words are tried. A Chinese one may follow a Latin word:
    Wi-Fi密码.
    """

    def __init__(self, words: Iterable[str], after: str) -> None:
        words = list(words)
        chinese = [word for word in words if not word.isascii()]
        latin = [word for word in words if word.isascii()]
        self._chinese = re.compile(f"(?P<label>{_grouped(chinese)}){after}", re.IGNORECASE)
        self._latin = re.compile(f"(?P<label>{_grouped(latin)}){after}", re.IGNORECASE)

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Every label, Chinese ones first."""
        yield from self._chinese.finditer(text)
        for word in _LATIN_WORD.finditer(text):
            match = self._latin.match(text, word.start())
            if match:
                yield match


def _grouped(words: Iterable[str]) -> str:
    """A pattern of the words, those of one first letter together, in the order given."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[0].lower(), []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in groups.items())


def _is_handle(kind: Kind, text: str, start: int, label: str) -> bool:
    """Whether no word of a sentence stands behind a label without a colon: not WeChat Pay, 微信 web."""
    if _HANDLE_LIKE.match(text, start):
        return True
    if kind is Kind.ACCOUNT:
        name = _DOTTED_HANDLE.match(text, start)
        return name is not None and latin_names().is_parted_handle(name.group())
    word = _WORD_OF_LETTERS.match(text, start)
    return word is not None and (label.endswith("号") or latin_names().is_handle(word.group()))


def _sure_name(value: str) -> bool:
    compact = value.replace(" ", "")
    if value.isascii():
        return any(latin_names().may_be_name(word) for word in value.split())
    return "·" in value or surnames().is_full_name(compact)
