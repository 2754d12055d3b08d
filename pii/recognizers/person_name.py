"""Person and organisation names as the LAC model reads them, filtered by what we know of names."""

import re
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from pii.kinds import Kind
from pii.lac import NameModel
from pii.recognizers.base import LANGUAGE, REASON
from pii.surnames import surnames

MODEL = "model"
_SENTENCE = re.compile(r"[^\n\r\t。！？；\ue000|]+[。！？；]?")
_LONG = 72
_COMMA = re.compile(r"[^，,、 ]*[，,、 ]|[^，,、 ]+$")
_HAN_TWICE = re.compile(r"[㐀-鿿·][^㐀-鿿]{0,2}[㐀-鿿]")
# What follows makes it a place, a firm or a thing: 中山路, 王府井, 李宁公司.
_NOT_A_PERSON_BEFORE = re.compile(
    r"(?:路|街|大道|镇|村|县|市|区|省|乡|湾|山|河|桥|银行|公司|集团|大学|医院|中学|小学|法"
    r"院|厂|店|牌|杯|奖|条例|办法|法)"
)
_NAME = re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿]{1,8}(?:·[㐀-鿿]{1,10}){1,4}")
_LATIN = re.compile(r"[A-Z][a-z]+(?:[ ·][A-Z][a-z]+){1,3}")

_BEHIND = "现曾系已于向与和住称说因将被把为是的等"
_ROLE = re.compile(r".?.?(?:经理|主任|律师|老师|总监|董事|客户|用户|先生|女士|医生|人员|专员|代表)")


class PersonNameRecognizer(EntityRecognizer):
    """Names in running text."""

    def __init__(self, model: NameModel) -> None:
        super().__init__(
            supported_entities=[Kind.PERSON_NAME.value, Kind.ORGANISATION.value],
            supported_language=LANGUAGE,
            name="PersonNameRecognizer",
        )
        self._model = model

    def load(self) -> None:
        """The model loads itself when first asked."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """Names and organisations, sentence by sentence, in one batched call."""
        pieces = list(sentences(text))
        answers = self._model.names([text[start:end] for start, end in pieces])
        found = []
        for (start, _), tagged in zip(pieces, answers, strict=True):
            for span in tagged:
                result = self._judge(text, span.tag, start + span.start, start + span.end)
                if result is not None:
                    found.append(result)
        return found

    def _judge(self, text: str, tag: str, start: int, end: int) -> RecognizerResult | None:
        if tag == "ORG":
            return self._result(Kind.ORGANISATION, start, end, 0.6) if end - start > 2 else None
        name = text[start:end].strip()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        # The model takes the little word behind a name with it: 朱强平现(住), 李娜已(签).
        if len(name) > 2 and name[-1] in _BEHIND and not surnames().is_full_name(name):
            name = name[:-1]
        end = start + len(name)
        score = _name_score(name)
        if score is None or _NOT_A_PERSON_BEFORE.match(text, end):
            return None
        return self._result(Kind.PERSON_NAME, start, end, score)

    def _result(self, kind: Kind, start: int, end: int, score: float) -> RecognizerResult:
        return RecognizerResult(
            kind.value,
            start,
            end,
            score,
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                REASON: MODEL,
            },
        )


def _name_score(name: str) -> float | None:
    known = surnames()
    if name in known.never_names or _ROLE.fullmatch(name):
        return None
    if _LATIN.fullmatch(name):
        return 0.7
    if not _NAME.fullmatch(name):
        return None
    return 0.85 if "·" in name or known.is_full_name(name) else 0.6


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans worth asking the model about: sentences with Chinese, long ones cut at commas."""
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text):
        if _HAN_TWICE.search(match.group()):
            spans.extend(_cut(text, *match.span()))
    return spans


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Pieces of at most `_LONG` characters, ended at a comma where there is one."""
    if end - start <= _LONG:
        return [(start, end)]
    spans = []
    begin = start
    for clause in _COMMA.finditer(text, start, end):
        if clause.end() - begin > _LONG and clause.start() > begin:
            spans.append((begin, clause.start()))
            begin = clause.start()
    spans.append((begin, end))
    return [
        (cut, min(cut + 2 * _LONG, stop))
        for first, stop in spans
        for cut in range(first, stop, 2 * _LONG)
    ]
