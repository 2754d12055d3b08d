"""Surname and title, 高律师, 赵工, 王总, 李女士: the way business letters name people.

A name model misses these. A title of two characters stands after any usual surname; a title of
one (总, 工) only where the neighbours cannot make it part of a longer word (总结, 工作). We look
for the title first: every third character begins some surname, titles are rare.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from pii.findings import Finding
from pii.kinds import Kind
from pii.name_context import (
    begins_verb,
    ends_a_word,
    follows,
    is_announced,
    is_ordinary_word,
    leads,
)
from pii.recognizers.base import ShapeRecognizer
from pii.recognizers.latin_name import WORD
from pii.surnames import surnames
from pii.words import begins_word, is_cut_out

_BEFORE_SHORT = re.compile(
    r"(?:^|(?<=[^㐀-鿿])|(?<=[喂哎嗨给由和与请是的跟对及让叫找问经、致告诉替把被随同])|(?<=(?:联系|"
    r"通知|询问|提醒|告知|转告|拜访|邀请|陪同|安排|委托)))"
)
_AFTER_SHORT = re.compile(
    r"(?=$|[^㐀-鿿]|[啊呀吧呢嘛吗说看听办做想写定批你您我他她咱好的和与在请要已是让也会将问给到把回去来今明昨就不都"
    r"负确同提反签发有对均])(?!的?来说)"
)
# Before a form of address nearly every surname is one; before 经理 or 主任 many are not.
_COURTESY = ("先生", "女士", "小姐", "太太", "夫人")
_UNSAFE_BEFORE_COURTESY = "于向和时从都同别后有由来位全连老公的给与对叫找能会如"
# Too often a word's end to stand before a title just anywhere; 任主任 is also what somebody became.
_TOLD_BY_PLACE = frozenset("任查管官安路易解边常方关单")
_BECAME = "任"
_FAMILIAR = re.compile("[老小](?=[㐀-鿿])")
# 在老谢那, 放小周那里: whose place it is; not 那么, 那些.
_PLACE_BEFORE = frozenset("在放给找去到问从归交寄存搁住")
_PLACE_BEHIND = re.compile(r"那(?![么样些种个时天年次段几])|这[里儿边]|处(?![㐀-鿿])")
_THAT_ONE = re.compile(r"[哪那这][个位]$")
_MOST_USUAL = frozenset("王李张刘陈杨赵吴徐孙朱胡郭何")
_PET_NAME = re.compile(r"阿[㐀-鿿](?<![姨哥姐弟妹婆公爸妈伯叔嫂爷富])(?![㐀-鿿]?·)")
_LATIN = re.compile(rf"(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? (?P<latin>{WORD}(?: {WORD}){{0,2}})")
# 买买提·艾力 standing alone, and in the middle of a sentence.
_DOTTED = (
    ("dotted", re.compile(r"(?<![㐀-鿿·])[㐀-鿿]{1,5}(?:·[㐀-鿿]{2,5}){1,3}"), 0.85),
    (
        "dotted_inside",
        re.compile(
            r"(?![人户与和由系是为向对给请本])[㐀-鿿]{2,5}(?:·(?:(?![与和的说等在是为及向])[㐀-鿿]){2,5}){1,3}"
        ),
        0.65,
    ),
)
_LEFT_OF_DOT, _RIGHT_OF_DOT = 5, 20
# Characters that names from other languages are written with: where they end, the name does.
_SOUNDS = (
    "阿艾爱安昂奥巴拜班邦包鲍贝本比彼边别宾波伯博勃布查茨达戴丹当道德登邓迪蒂丁东杜多俄厄恩儿尔法凡范菲费"
    "芬冯佛弗福伏盖甘冈高戈格葛根贡古瓜哈海罕汉汗杭豪赫黑亨洪胡华霍基吉济加嘉贾简江姜杰金津卡凯坎康考柯科"
    "可克肯孔库奎昆廓拉莱赖兰朗劳勒雷蕾黎里理丽利莉力连列林琳柳龙隆卢鲁露吕伦罗洛玛马买迈麦曼芒毛茂梅门蒙"
    "孟米密敏明缪摩莫默姆慕木穆娜纳乃奈南瑙内嫩妮尼年宁纽努诺欧帕潘庞佩彭皮平珀普蒲其奇契乔切琴青丘秋让热"
    "仁日荣茹儒瑞若萨赛桑森沙莎珊尚绍舍申什圣施石史室朔舒丝斯思松苏孙索塔台泰坦汤唐陶特腾提铁廷图托瓦万旺"
    "威韦维魏温文翁沃乌武西希锡席夏香肖谢辛欣兴雄休许雪逊雅亚牙延颜扬杨耶叶伊依易尹因英永尤于约云扎泽增詹"
    "赞哲珍真芝治朱茱珠兹卓孜宗祖佐措次仓旦吾拥钦曲央顿嘎白合再亥才"
)
# 不 and 都 are sounds in 阿不都 and its like only; alone they are words.
_SOUND = rf"(?:阿不[都力]|[{_SOUNDS}])"
_SOUNDED = re.compile(rf"{_SOUND}{{1,8}}(?:·{_SOUND}{{2,10}}){{1,4}}")


class TitledNameRecognizer(ShapeRecognizer):
    """A surname with the title that follows it."""

    kind = Kind.PERSON_NAME

    def __init__(self) -> None:
        known = surnames()
        self._compound = known.compound
        self._safe = known.before_title
        self._courteous = known.single - frozenset(_UNSAFE_BEFORE_COURTESY)
        self._long = re.compile(f"(?:{_one_of(known.long_titles)})(?![们站台室岗])")
        self._short = re.compile(f"[{''.join(known.short_titles)}]")
        self._polite = re.compile(f"(?:{_one_of(_COURTESY)})(?!们)")
        self._kin = re.compile(f"(?:{_one_of(known.kin)})(?!们)")

    def find(self, text: str) -> list[Finding]:
        """Titles after a surname that is one here, not the end of another word."""
        found = [
            *self._titled(text, "surname_title", self._long, self._safe, 0.85, _not_familiar),
            *self._titled(text, "surname_short_title", self._short, self._safe, 0.8, _apart),
            *self._titled(text, "surname_title", self._long, _TOLD_BY_PLACE, 0.8, _is_told),
            *self._titled(text, "kin", self._kin, surnames().single, 0.8, _led),
            *self._titled(text, "courtesy", self._polite, self._courteous, 0.85, _anywhere),
            *self._familiar(text),
            *_pet_names(text),
            *_dotted(text),
            *(_named(*match.span("latin"), 0.85, "latin_title") for match in _LATIN.finditer(text)),
        ]
        return [one for one in found if not ends_a_word(text, one.start)]

    def _titled(
        self,
        text: str,
        name: str,
        title: re.Pattern[str],
        singles: frozenset[str],
        score: float,
        stands: Callable[[str, int, int], bool],
    ) -> Iterator[Finding]:
        for match in title.finditer(text):
            start = self._surname_before(text, match.start(), singles)
            if start is None or not stands(text, start, match.end()):
                continue
            if text[start : match.end()] in surnames().never_names:
                continue
            if not is_ordinary_word(text[start : match.end()]) and begins_word(text, start):
                yield _named(self._with_given(text, start, match), match.end(), score, name)

    @staticmethod
    def _with_given(text: str, start: int, title: re.Match[str]) -> int:
        """Where 郭林先生 begins: 林 is a surname too, and no word with what stands before it."""
        before = text[start - 1 : start]
        if title.group() not in _COURTESY or before not in surnames().common or before in "向常":
            return start
        pair = text[start - 1 : start + 1]
        return start if title.start() - start > 1 or is_ordinary_word(pair) else start - 1

    def _surname_before(self, text: str, end: int, singles: frozenset[str]) -> int | None:
        for length in (4, 2):
            if end >= length and text[end - length : end] in self._compound:
                return end - length
        return end - 1 if text[max(0, end - 1) : end] in singles else None

    def _familiar(self, text: str) -> Iterator[Finding]:
        """老周, 小林."""
        for match in _FAMILIAR.finditer(text):
            start = match.end()
            known = text[start : start + 2] in self._compound
            end = start + 2 if known else start + 1
            if not known and text[start] not in self._safe:
                if text[start] in surnames().single and _is_led(text, match.start(), end):
                    yield _named(match.start(), end, 0.6, "familiar")
                continue
            if text[match.start() : end] in surnames().never_names or text[start:end] in _PLACES:
                continue
            if _is_whose_place(text, match.start(), end) or known:
                yield _named(match.start(), end, 0.86, "familiar")
            elif (
                _apart(text, match.start(), end)
                or _is_usual(text, match.start(), end)
                or _is_at_work(text, match.start(), end)
                or _is_that_one(text, match.start(), end)
                or _is_led(text, match.start(), end)
            ):
                yield _named(match.start(), end, 0.6, "familiar")


def _is_whose_place(text: str, start: int, end: int) -> bool:
    """Whether 老谢 is whose place is spoken of: 钥匙在老谢那."""
    return text[start - 1 : start] in _PLACE_BEFORE and bool(_PLACE_BEHIND.match(text, end))


def _is_that_one(text: str, start: int, end: int) -> bool:
    """Whether it is asked which 老高 is meant, or said: 哪个老高，; not 这个老路口."""
    return (
        text[start] == "老"
        and text[start + 1 : end] in surnames().common
        and _THAT_ONE.search(text, max(0, start - 2), start) is not None
        and (end == len(text) or not "㐀" <= text[end] <= "鿿")
    )


# 老西门 and 小东门 are parts of a town.
_PLACES = frozenset(("东方", "西门", "南门", "东门", "东郭", "南郭", "百里", "第五", "乐正"))


def _led(text: str, start: int, end: int) -> bool:
    """Whether a mark or a word that speaks of a person stands before, and no further title behind."""
    return leads(text, start) and _not_familiar(text, start, end)


def _is_told(text: str, start: int, end: int) -> bool:
    """Whether a mark or a word before says that a surname stands here: 、查老师, 让任主任."""
    told = is_announced(text, start) if text[start] == _BECAME else leads(text, start)
    return told and _not_familiar(text, start, end)


def _one_of(words: Iterable[str]) -> str:
    """The words, longest first, so that 总经理 is not read as 总."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def _named(start: int, end: int, score: float, name: str) -> Finding:
    return Finding(Kind.PERSON_NAME, start, end, score, f"{Kind.PERSON_NAME.value}/{name}")


def _anywhere(text: str, start: int, end: int) -> bool:
    return True


def _not_familiar(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] not in ("老", "小", "大")


def _apart(text: str, start: int, end: int) -> bool:
    """Whether neither neighbour makes the two characters part of a longer word."""
    led = _BEFORE_SHORT.match(text, start) or is_announced(text, start)
    return bool(led) and (
        _AFTER_SHORT.match(text, end) is not None
        or (begins_verb(text[end : end + 4]) and not is_ordinary_word(text[end - 1 : end + 1]))
    )


def _pet_names(text: str) -> Iterator[Finding]:
    """阿珍, where it is no word (阿姨, 阿里) and no beginning of a longer name."""
    for match in _PET_NAME.finditer(text):
        if _is_pet_name(text, match) and not is_ordinary_word(match.group()):
            yield _named(*match.span(), 0.6, "pet_name")
    for match in _doubled().finditer(text):
        start, end = match.span()
        led = match["led"] is not None or (leads(text, start) and text[end : end + 1] in ":：")
        if led or (
            not is_ordinary_word(match["name"])
            and leads(text, start)
            and (follows(text, end) or begins_verb(text[end : end + 4]))
        ):
            yield _named(*match.span("name"), 0.6, "pet_name")


@cache
def _doubled() -> re.Pattern[str]:
    """涛涛, 东东 of characters that names are made of: behind a word that calls somebody, or alone."""
    one = f"(?P<one>[{surnames().doubled}])(?P=one)"
    return re.compile(
        rf"(?P<led>(?<=[让叫找请给陪接跟问等])[ ]?)?(?P<name>{one})(?![㐀-鿿]?(?P=one))"
    )


def _is_pet_name(text: str, match: re.Match[str]) -> bool:
    """Whether 阿珍 ends there: no drug or place of a longer name goes on, 阿莫西林."""
    behind = text[match.end() : match.end() + 1]
    return is_cut_out(text, *match.span()) and (
        not "㐀" <= behind <= "鿿"
        or follows(text, match.end())
        or begins_verb(text[match.end() : match.end() + 4])
    )


# What people do who are called 老储 or 小束.
_WORK = re.compile(
    r"(?:保洁|保安|门卫|管家|前台|司机|泥工|木工|水电|电工|油漆|瓦工|维修|地接|导游|领队|调度|会计|出纳|厨师|库管|仓管|客服|销售|业务|护士|护工|月嫂"
    r"|班长|组长|队长|师傅|快递|房东|邻居|同事|同学|工友|教练|店员|收银|采购|质检|安全员|业务员|服务员)[ ：:]?$"
)


def _is_at_work(text: str, start: int, end: int) -> bool:
    """Whether a word for work stands before 老储, which no word holds: not 客服小程序."""
    return bool(_WORK.search(text, max(0, start - 5), start)) and is_cut_out(text, start, end)


_TO_SOMEBODY = frozenset("等叫让找给跟和问请托陪催归")


def _is_led(text: str, start: int, end: int) -> bool:
    """Whether 业主老班在家 says who: work or a word for people before, an end or what people do behind.

    What is a word as well, 小车, only where it speaks: 房东小车：.
    """
    led = (
        is_announced(text, start)
        or text[start - 1 : start] in _TO_SOMEBODY
        or _WORK.search(text, max(0, start - 5), start) is not None
    )
    if not led or text[start:end] in surnames().never_names:
        return False
    if is_ordinary_word(text[start:end]):
        return text[end : end + 1] in (":", "：")
    behind = text[end : end + 4]
    return (is_cut_out(text, start, end) and follows(text, end)) or begins_verb(behind)


def _is_usual(text: str, start: int, end: int) -> bool:
    """Whether 老曹 in 维修老曹没来 is cut out of no word, nor one itself: 小马上, 老路."""
    surname = text[start + 1 : end]
    known = surname in surnames().common or surname in surnames().compound
    # The dictionary counts 老张 among the nouns.
    word = surname not in _MOST_USUAL and is_ordinary_word(text[start:end])
    return known and not word and is_cut_out(text, start, end)


def _dotted(text: str) -> Iterator[Finding]:
    sounded = [match.span() for match in _SOUNDED.finditer(text)] if "·" in text else []
    yield from (_named(*span, 0.85, "dotted_sounds") for span in sounded)
    for name, pattern, score in _DOTTED:
        done = 0
        dot = text.find("·")
        while dot >= 0:
            match = pattern.search(text, max(done, dot - _LEFT_OF_DOT), dot + _RIGHT_OF_DOT)
            if match:
                done = match.end()
                if not any(start < done and match.start() < end for start, end in sounded):
                    yield _named(*match.span(), score, name)
            dot = text.find("·", max(done, dot + 1))
