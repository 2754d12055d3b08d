"""Postal address from province to room as one finding, 地址.

GB/T 23705-2009 order: province, city, district, town, road, number, estate, building, unit, room.
No one pattern reads that in linear time, so an address is grown: from a seed (a province, a road
with a number, an estate with a room) to the left over districts, to the right over parts.
"""

import re
from collections.abc import Iterator

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import ShapeRecognizer
from pii.surnames import surnames

_H = "㐀-鿿"
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|"
    "湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|"
    "青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = rf"(?:{_PROVINCES})(?:壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|省|市)?"
# Each part of an address, and its usual last words. Patterns for re.VERBOSE.
_ADMIN = rf"""
    [{_H}]{{1,7}}?
    (?:自治州|自治县|地区|新区|开发区|高新区|街道|苏木|社区|市(?!广场|花园|公寓|大厦|场|民|中心)|[省区县旗镇乡盟])
"""
_ROAD = rf"""
    [{_H}A-Za-z0-9]{{1,9}}?
    (?:大道|大街|公路|环路|支路|胡同|[路街道巷弄里坊])
    (?:[东南西北中]段|[一二三四五六七八九十0-9]{{1,3}}段|[东南西北中](?=\d))?
"""
_NUMBER = r"""
    \d{1,5}(?:[-之、]\d{1,4}){0,2}[ ]?
    (?:弄|号(?!线|楼|码)(?:院|之[一二三四五]|甲|乙)?)
    (?:附\d{1,3}号)?
    |甲?[一二三四五六七八九十百]{1,4}号(?![线仓机库门柜车桥台炉井窗])
"""
_VILLAGE = rf"[{_H}]{{1,7}}?[村庄屯寨组队坪社]"
_ESTATE = rf"""
    [{_H}A-Za-z0-9·]{{1,14}}?
    (?:小区|花园|大厦|广场|公寓|家园|新村|公馆|花苑|嘉园|中心|写字楼|大楼|科技园|产业园|工业园
      |园区|山庄|别墅|新城|佳苑|名苑|雅苑|[苑府庭居湾城园院里厦轩阁])
    (?:[一二三四五六七八九十0-9]{{1,2}}期|[A-Z东南西北]区)?
"""
_DETAIL = r"""
    [A-Za-z]?\d{1,4}[A-Za-z]?(?:-\d{1,4})?[ ]?
        (?:号楼|号房|单元|[栋幢座楼层室房户铺组门梯F])
    |[A-Za-z甲乙丙丁东南西北](?:[、/][A-Z])?[ ]?(?:单元|[座栋幢区塔户])
    |[一二三四五六七八九十]{1,3}(?:号楼|单元|[栋幢座楼层组室])
    |底商(?:\d{1,3}号)?|(?:沿街)?商铺(?:\d{1,3}号)?
    |\d{1,3}(?:-\d{1,4}){1,3}(?![\d-])
    |(?<=[楼栋幢座层元厦号])[A-Za-z]?\d{2,5}[A-Za-z]?(?![\d-])
"""
_NAMED = rf"(?<=号)(?!.{{0,6}}[请送到在的是和我你他找往])[{_H}A-Za-z0-9·]{{2,8}}?"
_GAP = r"[ ,，、]{0,2}"
# Over the end of a line only to something finer than all before: a list of addresses stays a list.
_LINE_GAP = re.compile(r"[ ,，、]{0,2}\r?\n[ \t]{0,8}")
_FINENESS = {
    "province": 0,
    "admin": 1,
    "village": 2,
    "road": 2,
    "number": 3,
    "estate": 4,
    "detail": 5,
}
# A road or an estate without number is an address only behind its district: 西湖区青桐路. Not 小区.
_DISTRICT = r"(?<![小社地市园景校厂库灾辖各全本该郊老特战军禁片学])[区县]"
_SEED = re.compile(
    rf"""(?P<province>{_PROVINCE})(?=[，,、]?[{_H}A-Za-z0-9 ]{{2}})
    |(?P<road>(?<=[{_H}])(?:大道|大街|公路|胡同|[路街道巷弄])
        (?:[东南西北中]段|[一二三四五六七八九十]段|[东南西北中])?(?=[ ]?(?:{_NUMBER})))
    |(?P<estate>(?<=[{_H}])
        (?:小区|花园|大厦|广场|公寓|家园|新村|公馆|嘉园|佳苑|[苑府庭居湾城园村镇乡]|(?<![公这那哪])里)
        (?:[一二三四五六七八九十0-9]{{1,2}}期|[A-Z东南西北]区)?(?=[ ]?(?:{_DETAIL}|{_NUMBER})))
    |(?P<admin>(?<=[{_H}]{{2}}){_DISTRICT}
        (?=[{_H}]{{2,6}}?(?:大道|[路街巷弄]|小区|花园|家园|公寓|新村|公馆|佳苑)))
    """,
    re.VERBOSE,
)
_STEPS = tuple(
    (name, re.compile(_GAP + f"(?:{pattern})" + ahead, re.VERBOSE))
    for name, pattern, ahead in (
        ("detail", _DETAIL, ""),
        ("admin", _ADMIN, ""),
        ("number", _NUMBER, ""),
        ("road", _ROAD, ""),
        ("village", _VILLAGE, ""),
        ("estate", _ESTATE, rf"(?=$|[^{_H}]|{_DETAIL}|{_NUMBER})"),
        ("estate", _ESTATE, rf"(?={_GAP}(?:{_DETAIL}))"),
        # A building that is no 大厦 by name, between the number and the floor: 385号太古汇一座31楼.
        ("estate", _NAMED, rf"(?={_DETAIL})"),
    )
)
_ADMIN_APART = re.compile(rf"(?:[{_H}]{{2,8}}?(?:自治[区州县]|[省市区县旗镇乡])[ ,，、]{{1,2}})+$")
_ANY_ADMIN = re.compile(_ADMIN, re.VERBOSE)
_LEFT_RUN = re.compile(rf"[{_H}A-Za-z0-9]{{1,30}}$")
# Where the words before an address end. 在…, 位于…, 地址为…
_STOP = re.compile(
    r"到达|送达|抵达|居住在|居住于|住在|住址|住所地?|地址|位于|坐落于?|坐落|寄到|寄至|寄往|送到|送至|送往"
    r"|看了|看过|看上|看中|买了|卖了|租了|住了|去了|到了|找了|两口子|一家|夫妇|夫妻|搬到|搬至|迁至|迁到|变更为|变更至|改为|前往|来到|来自|户籍|现住|家住|租住|"
    r"[在于到至往住是为从由寄送给去回的和与及，、自即其该本此]"
)
_NOT_A_PLACE = re.compile(
    r"(?:人民法院|人民检察院|公安局|政府|管理局|委员会|银行|支行|分行|大学|医院|公司)"
)
_ORGAN = re.compile(
    rf"[{_H}]{{0,6}}(?:人民法院|法院|检察院|公安局|派出所|政府|监督管理局|税务局|委员会|支"
    rf"行|分行|大学|中学|小学|营业厅|营业部|门店|网点|市场|车站|有限公司|分公司|律师协会|仲裁)"
)


# A stretch of road that people talk about, not where somebody lives.
_PUBLIC = re.compile(rf"[{_H}]{{0,4}}(?:店|站|口|沿线|路段|一带|片区|改造|施工|封闭|街道|分局|所)")


# A crossing with a place at it: 清荷路与文汇路交叉口东北角二楼.
_STREET = rf"[{_H}]{{1,5}}(?:大道|大街|[路街巷弄])"
_CROSSING = re.compile(
    rf"[{_H}]{{1,5}}(?P<road>大道|大街|[路街巷弄])[与和、/]{_STREET}(?:的)?(?:交叉口|交汇处|交界处|十字路口|丁字路口|路口|口)的?"
    rf"(?:[东南西北]{{1,2}}[角侧边面方]?|[向往][东南西北前]\d{{1,4}}米|{_NUMBER.strip()}|{_DETAIL.strip()}){{1,4}}",
    re.VERBOSE,
)
# A room in a house the reader knows: 3幢2单元501, 业主12-3-1203, the speaker 12-3-1203; not 3号楼502会议室.
_SURNAME = "".join(sorted(surnames().single))
_ROOMS = (
    re.compile(
        r"(?<![\d#\-A-Za-z第])\d{1,3}(?:号楼|[幢栋座])(?:\d{1,2}单元)?\d{3,4}(?:室|户)?"
        r"(?![\d\-]|室?(?:会议|教室|办公|机房|实验|车间|包[间厢]))"
    ),
    re.compile(
        r"(?:地址[^\n\d]{0,8}|家在|住在|家住|现住|业主|住户|房号|门牌|[搬送寄][到至])[:：]?[ ]?[“\"]?"
        r"(?P<room>\d{1,3}-\d{1,2}-\d{3,4})(?![\d\-])"
    ),
    re.compile(
        r"^[ ]{0,4}(?P<room>\d{1,3}-\d{1,2}-"
        r"(?:\d{3,4}(?=[ ]{0,2}(?:[㐀-鿿·]{1,10})?[ ]?[:：])|(?!19|20)\d{3,4}(?=[ ][㐀-鿿])))",
        re.MULTILINE,
    ),
    # 24-2-1903赵军, 21-1-2603，电话…: a floor and one of its rooms, somebody behind.
    re.compile(
        r"(?<![\d\-/.A-Za-z#第图表号款条])"
        r"(?P<room>\d{1,2}-[1-9]-(?!(?:19|20)\d\d)\d{1,2}(?:0[1-9]|1[0-2])(?:室|户)?)(?![\d\-])"
        rf"(?=[ ]?(?:[{_SURNAME}][㐀-鿿]{{1,2}}(?=[，。；、,;（(\s]|$)"
        rf"|[{_SURNAME}](?:先生|女士|小姐|太太|阿姨|老师)|[，,、；;]?[ ]?(?:联系)?(?:电话|手机)))"
    ),
    re.compile(r"(?<=[㐀-鿿][ \t])(?P<room>\d{1,3}-\d{1,2}-(?!19|20)\d{3,4})(?=[ \t]*(?:\n|$))"),
)


class AddressRecognizer(ShapeRecognizer):
    """An address grown from a seed."""

    kind = Kind.ADDRESS

    def find(self, text: str) -> list[Finding]:
        """Addresses precise enough to find a door, a village or a road."""
        found: list[Finding] = []
        done = 0
        for seed in _SEED.finditer(text):
            if seed.start() < done:
                continue
            start = seed.start() if seed.group("province") else _left_edge(text, seed, done)
            apart = _ADMIN_APART.search(text, max(done, start - 40), start)
            start = apart.start() if apart else start
            end, parts = _grow_right(text, seed.end())
            parts.append(seed.lastgroup or "")
            score = _score(parts, text, end)
            if score is not None:
                found.append(
                    self.result(self.kind, start, end, score, "+".join(sorted(set(parts))))
                )
                done = end
        return [*found, *self._crossings_and_rooms(text)]

    def _crossings_and_rooms(self, text: str) -> Iterator[Finding]:
        if "路口" in text or "交" in text:
            for crossing in _CROSSING.finditer(text):
                stops = list(_STOP.finditer(text, crossing.start(), crossing.start("road") - 1))
                start = stops[-1].end() if stops else crossing.start()
                yield self.result(self.kind, start, crossing.end(), 0.85, "crossing")
        for pattern in _ROOMS:
            for match in pattern.finditer(text):
                yield self.result(self.kind, *match.span(match.lastgroup or 0), 0.75, "room")


def _left_edge(text: str, seed: re.Match[str], floor: int) -> int:
    """Where the name of the road or estate begins, with the administrative names before it."""
    run = _LEFT_RUN.search(text, max(floor, seed.start() - 30), seed.start())
    if run is None:
        return seed.start()
    start = run.start()
    for stop in _STOP.finditer(text, run.start(), seed.start() - 1):
        # 和平区, 由义路: a little word may begin the name of a place.
        begins = re.match(rf"[{_H}]?[省市区县路]", text[stop.end() : stop.end() + 2])
        if len(stop.group()) > 1 or not begins:
            start = stop.end()
    admin = _ANY_ADMIN.search(text, start, seed.start())
    # Without any administrative name, a road's own name is rarely longer than eight characters.
    return start if admin else max(start, seed.start() - 8)


def _grow_right(text: str, end: int) -> tuple[int, list[str]]:
    """Over parts of an address while they follow each other."""
    parts: list[str] = []
    for _ in range(14):
        step = _step(text, end) or _step_over_line(text, end, parts)
        if step is None:
            break
        name, end = step
        parts.append(name)
    return end, parts


def _step(text: str, position: int) -> tuple[str, int] | None:
    for name, pattern in _STEPS:
        match = pattern.match(text, position)
        if match and not _NOT_A_PLACE.search(match.group()):
            # 听松里小区 ends like a district and is an estate.
            return "estate" if match.group().endswith("小区") else name, match.end()
    return None


def _step_over_line(text: str, position: int, parts: list[str]) -> tuple[str, int] | None:
    gap = _LINE_GAP.match(text, position)
    step = _step(text, gap.end()) if gap else None
    finest = max((_FINENESS[part] for part in parts), default=0)
    return step if step and _FINENESS[step[0]] > finest else None


def _score(parts: list[str], text: str, end: int) -> float | None:
    if _ORGAN.match(text, end) and not {"number", "detail"} & set(parts):
        return None
    precise = {"number", "detail"} & set(parts)
    named = {"road", "estate", "village"} & set(parts)
    admin = parts.count("admin") + parts.count("province")
    if parts[-1] == "admin" and named and not precise:
        return None if _PUBLIC.match(text, end) else 0.7
    if precise and (named or admin >= 2):
        return 0.9
    if (named and admin >= 2) or admin >= 4:
        return 0.75
    return None
