"""Person and organisation names as the LAC model reads them, filtered by what we know of names."""

import re
from collections.abc import Sequence

from pii.findings import Finding
from pii.kinds import Kind
from pii.name_model import NameModel, Tagged
from pii.recognizers.base import Recognizer
from pii.sentences import sentences
from pii.surnames import surnames

MODEL = "model"
# What follows makes it a place, a firm or a thing: 中山路, 王府井, 李宁公司.
_NOT_A_PERSON_BEFORE = re.compile(
    r"(?:路|街|大道|镇|村|县|市|区|省|乡|湾|山|河|桥|银行|公司|集团|大学|医院|中学|小学|法"
    r"院|厂|店|牌|杯|奖|条例|办法|法)"
)
_NAME = re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿]{1,8}(?:·[㐀-鿿]{1,10}){1,4}")
_LATIN = re.compile(r"[A-Z][a-z]+(?:[ ·][A-Z][a-z]+){1,3}")

_BEHIND = "现曾系已于向与和住称说因将被把为是的等"
_ROLE = re.compile(r".?.?(?:经理|主任|律师|老师|总监|董事|客户|用户|先生|女士|医生|人员|专员|代表)")


class PersonNameRecognizer(Recognizer):
    """Names in running text."""

    def __init__(self, model: NameModel) -> None:
        self._model = model

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """People, and the organisations that a policy keeps."""
        return (Kind.PERSON_NAME, Kind.ORGANISATION)

    def find(self, text: str) -> list[Finding]:
        """Names and organisations, sentence by sentence, in one batched call."""
        pieces = list(sentences(text))
        answers = self._model.names([text[start:end] for start, end in pieces])
        found = []
        for (start, _), tagged in zip(pieces, answers, strict=True):
            for span in tagged:
                if span.tag == "MAYBE":
                    continue
                end = start + with_last(span, tagged, text[start:])
                result = self._judge(text, span.tag, start + span.start, end)
                if result is not None:
                    found.append(result)
            self._add_close(found, text, start, [s for s in tagged if s.tag == "MAYBE"])
        return found

    def _add_close(self, found: list[Finding], text: str, base: int, spans: list[Tagged]) -> None:
        """Readings the model came close to, where surname and neighbours speak for a name."""
        for start, end in dotted(text, base, spans):
            found.append(self._result(Kind.PERSON_NAME, start, end, 0.85))
        for span in sorted(spans, key=lambda s: s.behind - 1.5 * (s.end - s.start)):
            start, end = base + span.start, base + span.end
            start = with_surname(text, start, end)
            score = close_score(text, start, end, span.behind)
            if score is None or _meets_any(found, start, end):
                continue
            found.append(self._result(Kind.PERSON_NAME, start, end, score))

    def _judge(self, text: str, tag: str, start: int, end: int) -> Finding | None:
        if tag == "ORG":
            return self._result(Kind.ORGANISATION, start, end, 0.6) if end - start > 2 else None
        name = text[start:end].strip()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        # The model takes the little word behind a name with it: 朱强平现(住), 李娜已(签).
        if len(name) > 2 and name[-1] in _BEHIND and not surnames().is_full_name(name):
            name = name[:-1]
        end = start + len(name)
        start = with_surname(text, start, end)
        name = text[start:end]
        score = _name_score(name)
        if score is None or _NOT_A_PERSON_BEFORE.match(text, end):
            return None
        return self._result(Kind.PERSON_NAME, start, end, score)

    @staticmethod
    def _result(kind: Kind, start: int, end: int, score: float) -> Finding:
        return Finding(kind, start, end, score, f"{kind.value}/{MODEL}")


def _meets_any(found: Sequence[Finding], start: int, end: int) -> bool:
    """Whether a name of the same sentence, so one of the last found, is in the way."""
    return any(start < other.end and other.start < end for other in reversed(found[-40:]))


def _name_score(name: str) -> float | None:
    known = surnames()
    if name in known.never_names or _ROLE.fullmatch(name):
        return None
    if _LATIN.fullmatch(name):
        return 0.7
    if not _NAME.fullmatch(name):
        return None
    return 0.85 if "·" in name or known.is_full_name(name) else 0.6


# Words before and behind a person in business prose.
_EDGE = r"\n\t\ue000、：:，,。；;“”\"<>|"
_LEADS_TO_A_PERSON = re.compile(
    rf"""(?:^|[{_EDGE}（(【\[@]|\d[ ]
    |由|让|请|给|叫|找|交|与|和|同|跟|向|被|派|称|联系|通知|接替|协助|转告|陪同
    |客户|用户|同事|经理|主任|主管|师傅|邻居|配偶|爱人|丈夫|妻子|老公|老婆|儿子|女儿
    |父亲|母亲|妹妹|弟弟|姐姐|哥哥|登记|记录|复核|审核|审批|经办|签收|签字|坐席|[部人员长家]
    )[ ]?$""",
    re.VERBOSE,
)
_FOLLOWS_A_PERSON = re.compile(
    rf"""$|[{_EDGE}（()）】\]]|[ ]?\d|女士|先生|老师|同学|师傅
    |称|说|表示|反映|提出|负责|处理|上门|签|来电|到场|代|收|同意|认为|要求|配合|协助|牵头|名下
    |已|将|因|的|在|与|和|现|于|为|未|不|核|转|接|通|询|补|离|家|对|留|当""",
    re.VERBOSE,
)
_CLOSER = 1.5
_NEAR = 4.0
# The characters that most often end a given name of two.
_LAST_OF_A_NAME = frozenset(
    "国军华平明强伟峰辉林生东海文斌涛杰龙波英芳兰珍梅玲霞娟萍红丽敏静燕琴云雪莉莲凤香秀慧洁颖"
    "宇轩涵怡然晨阳博浩睿泽瑞雅琪琳欣妍婷彤萱瑶佳嘉新和清洋鹏超飞勇刚毅安宁康乐春荣成祥福昌光"
)
# Little words that no given name holds.
_NEVER_GIVEN = re.compile(r"[不的了是在有没及其或请被把将让给从向对列款项条第号等者们这那哪个件次]")


def with_last(name: Tagged, readings: Sequence[Tagged], text: str) -> int:
    """Where a name ends whose last character the model took for the next word: 吴建|国(家)."""
    if name.tag != "PER" or name.end - name.start != 2 or text[name.start] not in surnames().single:
        return name.end
    longer = [r for r in readings if r.start == name.start and r.end == name.end + 1]
    near = longer and longer[0].behind <= _NEAR and text[name.end] in _LAST_OF_A_NAME
    return name.end + 1 if near else name.end


def with_surname(text: str, start: int, end: int) -> int:
    """Where a name begins whose surname the model has left outside: 鲜|于泽宇, 应|泽宇."""
    known = surnames()
    if end - start > 3 or start == 0 or text[start : start + 2] in known.compound:
        return start
    if text[start - 1 : start + 1] in known.compound:
        return start - 1
    if text[max(0, start - 2) : start] in known.compound and end - start < 3:
        return start - 2
    alone = end - start == 2 and text[start] not in known.single
    if alone and text[start - 1] in known.single and leads(text, start - 1):
        return start - 1
    return start


def dotted(text: str, base: int, spans: list[Tagged]) -> list[tuple[int, int]]:
    """Names of several parts, each as the model would cut it: 阿迪力·买买提."""
    found: list[tuple[int, int]] = []
    begins: dict[int, list[Tagged]] = {}
    ends: dict[int, list[Tagged]] = {}
    for span in spans:
        if "·" not in text[base + span.start : base + span.end]:
            begins.setdefault(base + span.start, []).append(span)
            ends.setdefault(base + span.end, []).append(span)
    for dot in sorted(at - 1 for at in begins if at > base and text[at - 1] == "·"):
        right = base + _likeliest(begins[dot + 1]).end
        if text[right - 1] in _BEHIND and right - dot > 3:
            right -= 1
        if found and found[-1][1] == dot:
            found[-1] = (found[-1][0], right)
        elif dot in ends:
            found.append((base + _likeliest(ends[dot]).start, right))
    return found


def _likeliest(spans: list[Tagged]) -> Tagged:
    """The longest of the readings that are as good as the best."""
    best = min(span.behind for span in spans)
    return max((s for s in spans if s.behind < best + 0.3), key=lambda s: s.end - s.start)


def leads(text: str, start: int) -> bool:
    """Whether what stands before `start` often stands before a person."""
    return bool(_LEADS_TO_A_PERSON.search(text, max(0, start - 4), start)) or start == 0


def close_score(text: str, start: int, end: int, behind: float) -> float | None:
    """The score of a reading that lies `behind` the best one, or None.

    Measured on generated documents: names with a known surname lie up to 8 units behind, other
    words that begin with one from 5 on; neighbours tell the two apart.
    """
    name = text[start:end]
    if not surnames().is_full_name(name) or _ROLE.fullmatch(name) or _NEVER_GIVEN.search(name[1:]):
        return None
    if _NOT_A_PERSON_BEFORE.match(text, end):
        return None
    led = leads(text, start)
    followed = bool(_FOLLOWS_A_PERSON.match(text, end))
    allowed = _CLOSER + (1.5 if len(name) > 2 else 0) + 2.5 * led + 2.5 * followed
    if behind > allowed or (len(name) == 2 and behind > 1 and not (led or followed)):
        return None
    return 0.8 if len(name) > 2 and led and followed else 0.7
