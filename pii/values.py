"""What a value looks like once a label has said what it is.

Shared by form labels in text, column headers and JSON keys: the label decides the kind, the shape
only says where the value ends, and rejects what cannot be one (`电话：见附件`).
"""

import re

from pii.kinds import Kind
from pii.labels import vocabulary
from pii.latin_names import latin_names
from pii.surnames import surnames

_END = r"(?![0-9A-Za-z])"
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[ \-_.](?=[A-Za-z0-9])){3,29}" + _END)
_HANDLE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_\-.@+]{2,63}")
_HAN = "㐀-鿿"
_CAPITALISED = r"[A-Z][A-Za-z'’.\-]{0,20}"
_LATIN_NAME = re.compile(
    rf"{_CAPITALISED}(?: {{1,2}}{_CAPITALISED}){{0,3}}(?![A-Za-z@])"
    r"|[a-z]{2,12}(?: [a-z]{2,12}){1,2}(?![A-Za-z@])"
)
_GOES_ON = re.compile(r" [a-z]{2,}")
_A_PRODUCT = re.compile(r"[a-z][A-Z]{2}")  # OpenBLAS, MySQL; not McDonald
_DOTTED_NAME = re.compile(rf"[{_HAN}]{{1,8}}(?:[·.][{_HAN}]{{1,10}}){{1,4}}")
_PHONE = re.compile(
    r"""(?:\(?\+?(?:00)?86\)?[ -]?)?  # the country
        (?:\(?0\d{2,3}\)?[ -]?)?        # the area
        [1-9](?:[ -]?\d){6,12}          # the number
        (?:(?:-|转|ext\.?)\d{1,6})?     # the extension
    """
    + _END,
    re.IGNORECASE | re.VERBOSE,
)
_SERVICE_LINE = re.compile(r"(?:400|800)[ -]?\d{3}[ -]?\d{4}|9[56]\d{3,4}|1[012]\d{1,4}|123\d{2}")
_MONTH_NAME = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_YEAR, _MONTH, _DAY_OF_MONTH = r"(?:19|20)\d{2}", r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])"
_HAN_DIGIT = "[〇零一二三四五六七八九十]"
DATE = "|".join((
    rf"{_YEAR}\ ?[-/.年]\ ?{_MONTH}(?:\ ?[-/.月]\ ?{_DAY_OF_MONTH}[日号]?)?月?(?!\d)",
    rf"{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)",
    rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_YEAR}(?!\d)",
    rf"(?:一九|二〇|二零){_HAN_DIGIT}{{2}}年{_HAN_DIGIT}{{1,2}}月(?:{_HAN_DIGIT}{{1,3}}日)?",
    rf"{_MONTH_NAME}\ {_DAY_OF_MONTH}(?:st|nd|rd|th)?,?\ {_YEAR}(?!\d)",
    rf"{_DAY_OF_MONTH}(?:st|nd|rd|th)?(?:\ of)?[ -]{_MONTH_NAME},?[ -]{_YEAR}(?!\d)",
))  # fmt: skip
"""A day, or a month of a year, as people write it: a pattern for re.VERBOSE."""
# Under a label a year alone, a day without year and Excel's count of days are dates too; people say 78年3月5号.
_DAY = re.compile(
    rf"{DATE}|{_YEAR}(?!\d)|(?:\d{{2}}年)?{_MONTH}月{_DAY_OF_MONTH}[日号]|\d{{2}}年{_MONTH}月|[1-5]\d{{4}}(?!\d)",
    re.VERBOSE,
)
_PASSWORD = re.compile(r"[!#-&(-|~]{3,64}")
_IP = re.compile(r"[0-9A-Fa-f.:]{7,45}")
_MAC = re.compile(r"[0-9A-Fa-f:\-.]{12,17}")
_ADDRESS = re.compile(r"[^\n\t,，。；;|\ue000:：\"{}]{4,80}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,200}")
# 单位：元 is no firm.
_ORGANISATION = re.compile(
    r"(?=[^\s，。；;|\ue000:：]*(?:[㐀-鿿]{2}|[A-Z][a-z]{2}))(?!元|万元|个人|同上|见|详见|无)[^\s，。、；;|\ue000:：]{2,50}"
    r"(?:(?<=[A-Za-z.,&]) (?=[A-Z(&])[^\s，。；;|\ue000:：]{1,30}){0,6}"
)
_QQ = re.compile(r"[1-9](?:[ ]?\d){4,11}(?!\d)")
_DEGREES = r"[-+]?\d{1,3}(?:\.\d{2,12})?[°度]?(?:\d{1,2}[′'分])?(?:\d{1,2}(?:\.\d+)?[″\"秒])?\ ?[NSEWnsew]?"
_COORDINATES = re.compile(
    rf"[(（\[]?(?:[东西南北][经纬]\ ?)?{_DEGREES}"
    rf"(?:\ ?[,，、/;；\ ]\ ?(?:[东西南北][经纬]\ ?)?{_DEGREES})?(?![0-9A-Za-z.])"
)
_NUMBERED = re.compile(r"[A-Za-z0-9\u4e00-\u9fff]{0,2}[A-Za-z0-9第字号\- ]{5,28}")

_SHAPES: dict[Kind, re.Pattern[str]] = {
    Kind.MOBILE: _PHONE, Kind.LANDLINE: _PHONE, Kind.BIRTH_DATE: _DAY, Kind.PASSWORD: _PASSWORD,
    Kind.ADDRESS: _ADDRESS, Kind.EMAIL: _EMAIL, Kind.WECHAT: _HANDLE, Kind.ALIPAY: _HANDLE,
    Kind.ACCOUNT: _HANDLE, Kind.QQ: _QQ, Kind.COORDINATES: _COORDINATES,
    Kind.ORGANISATION: _ORGANISATION, Kind.MILITARY_ID: _NUMBERED, Kind.IP_ADDRESS: _IP,
    Kind.MAC_ADDRESS: _MAC,
}  # fmt: skip
_NEED_DIGITS = {
    Kind.RESIDENT_ID: 12, Kind.BANK_CARD: 8, Kind.PASSPORT: 5, Kind.TRAVEL_PERMIT: 6,
    Kind.FOREIGNER_ID: 8, Kind.MILITARY_ID: 5, Kind.DRIVING_LICENCE: 6, Kind.CREDIT_CODE: 8,
    Kind.PLATE: 2, Kind.VIN: 4, Kind.SOCIAL_SECURITY: 4, Kind.MEDICAL_INSURANCE: 4,
    Kind.HOUSING_FUND: 4, Kind.IP_ADDRESS: 4, Kind.MAC_ADDRESS: 1, Kind.IMEI: 10,
    Kind.COORDINATES: 4,
}  # fmt: skip
_ADDRESS_SIGN = re.compile(r"[省市区县镇乡村路街道巷号弄栋楼室幢]|\d")


_MOBILE = re.compile(r"(?:.*\D)?1[3-9](?:[ -]?\d){9}")


def refine(kind: Kind, value: str) -> Kind:
    """The kind a value under a broad label really is: 联系电话 may hold a landline or an e-mail."""
    if kind is Kind.MOBILE and not _MOBILE.fullmatch(value):
        return Kind.LANDLINE
    return kind


def value_at(kind: Kind, text: str, start: int = 0) -> tuple[int, int] | None:
    """The span of the value of that kind which begins at `start`, or None."""
    if kind is Kind.PERSON_NAME:
        return _name_at(text, start)
    match = _SHAPES.get(kind, _CODE).match(text, start)
    if match is None:
        return None
    value = match.group()
    if sum(char.isdigit() for char in value) < _NEED_DIGITS.get(kind, 0):
        return None
    if kind is Kind.CREDIT_CODE and len(_CODES.findall(value)) in _NO_FIRM:
        return None
    if kind in (Kind.MOBILE, Kind.LANDLINE) and _SERVICE_LINE.fullmatch(value):
        return None
    if kind is Kind.ADDRESS:
        return _address_at(value, start)
    return match.span()


# Codes of firms have 9, 15 or 18 characters; 税号 of ten digits is a customs tariff's.
_CODES, _NO_FIRM = re.compile("[0-9A-Za-z]"), range(10, 14)
_SPACE = re.compile(r" +")


def _address_at(value: str, start: int) -> tuple[int, int] | None:
    """An address, without the next label of the form: 清荷路12号 现住址."""
    for space in _SPACE.finditer(value):
        if vocabulary().kind_of(value[space.end() :]) is not None:
            value = value[: space.start()]
            break
    return (start, start + len(value)) if _ADDRESS_SIGN.search(value) else None


def _name_at(text: str, start: int) -> tuple[int, int] | None:
    """A name at `start`: with ·, Chinese, or Latin."""
    dotted = _DOTTED_NAME.match(text, start)
    if dotted and len(dotted.group()) > 3:
        return dotted.span()
    han = re.compile(rf"[{_HAN}](?: ?[{_HAN}])*").match(text, start)
    if han:
        return _chinese_name(han.group(), start)
    latin = _LATIN_NAME.match(text, start)
    if latin is None or len(latin.group()) < 2 or _A_PRODUCT.search(latin.group()):
        return None
    # Approved by Fiona, Call before delivery: a word of a sentence.
    word = latin.group()
    if " " not in word and _GOES_ON.match(text, latin.end()) and word not in latin_names().given:
        return None
    return latin.span()


_STOPS = re.compile(
    r"先生|女士|小姐|电话|手机|联系|身份|证件|地址|住址|住所|性别|职务|职位|邮箱|微信|出生"
    r"|年龄|民族|单位|部门|于|的|在|已|与|和|及|为|系|因|向|签|代|同意|授权|确认|委托"
)


# 见附件, 详见合同, 同上, 未填: what people write where a name should stand.
_NO_NAME = "见详同无待按如请未不另略暂及其该本此各"
# 钥匙呢 is what a speaker says, not who 租客 is.
_SAID = "呢吗吧呀啊了的嘛哦"


def _chinese_name(run: str, start: int) -> tuple[int, int] | None:
    """Two to four characters; a longer run is cut at a title, a label or a little word."""
    compact = run.replace(" ", "")
    if len(compact) > 4:
        stop = _STOPS.search(run, 2 if " " not in run else 3)
        if stop is None:
            return None
        run = run[: stop.start()].rstrip()
        compact = run.replace(" ", "")
    elif not surnames().is_full_name(compact):
        stop = _STOPS.search(run, 1)
        if stop is not None:
            run = run[: stop.start()].rstrip()
            compact = run.replace(" ", "")
    if not 2 <= len(compact) <= 4 or compact in surnames().never_names:
        return None
    if not surnames().starts_name(compact) and (
        len(compact) > 3 or compact[0] in _NO_NAME or compact[-1] in _SAID
    ):
        return None
    return start, start + len(run)
