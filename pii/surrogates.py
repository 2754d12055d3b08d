"""Values that look real and belong to nobody: same length and checksum, from ranges nobody issues.

Each is drawn by HMAC (RFC 2104) under the key of its case, so the same value gives the same
surrogate in every file of the case and says nothing about the original to anybody without the key.
Where a standard leaves a range unassigned, the surrogate comes from it; where we know of none, only
the shape is kept, and the function says so.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pii.kinds import Kind
from pii.recognizers.credit_code import CHARACTERS as CREDIT_CHARACTERS
from pii.recognizers.credit_code import ORGANISATION_WEIGHTS
from pii.recognizers.resident_id import CHECK_CHARACTERS, WEIGHTS

_DIGITS, _LETTERS = "0123456789", "abcdefghijklmnopqrstuvwxyz"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
# Heavenly stems and earthly branches: how Chinese texts have always named nobody in particular.
_GIVEN = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
_PROVINCE_CHARACTERS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PROVINCE = re.compile(
    r"(?:中国)?(?P<name>内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区"
    r"|(?:北京|天津|上海|重庆)市?|[㐀-鿿]{2,3}省)"
)
_PLAIN_DATE = re.compile(
    r"(?P<y>\d{4})(?P<a>\D{0,2})(?P<m>\d{1,2})(?:(?P<b>\D{0,2})(?P<d>\d{1,2}))?(?P<rest>\D*)"
)
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})(?P<a>[-/.])(?P<m>\d{1,2})(?P<b>[-/.])(?P<y>\d{4})")
_MIDDLE_OF_MONTH = 15


class Draw:
    """Characters that depend on nothing but the key, the value and the attempt."""

    def __init__(self, key: bytes, kind: Kind, value: str, attempt: int) -> None:
        text = f"{kind.value}\0{value}\0{attempt}"
        self._state = int.from_bytes(hmac.new(key, text.encode(), hashlib.sha512).digest())

    def below(self, limit: int) -> int:
        """A number from 0 up to the limit."""
        self._state, drawn = divmod(self._state, limit)
        return drawn

    def of(self, characters: str, count: int) -> str:
        """That many of these characters."""
        return "".join(characters[self.below(len(characters))] for _ in range(count))


@dataclass(frozen=True, slots=True)
class Rules:
    """What all surrogates of a case and policy share."""

    shift: timedelta
    """Every date moves by this much, so that intervals stay true."""
    keep_region: bool
    """Whether the province stays. County and city never do."""


def date_shift(key: bytes) -> timedelta:
    """A month to a year, earlier or later, the same for a whole case."""
    drawn = int.from_bytes(hmac.new(key, b"date shift", hashlib.sha256).digest())
    days = 30 + drawn // 2 % 336
    return timedelta(days=days if drawn % 2 else -days)


def surrogate(kind: Kind, value: str, draw: Draw, rules: Rules) -> str | None:
    """The surrogate of a canonical value, without separators; None where there is no sound one."""
    return _MAKERS.get(kind, _shape)(value, draw, rules)


def poured(value: str, new: str) -> str:
    """The new characters in the layout of the old: separators and a country code stay."""
    places = [i for i, char in enumerate(value) if char.isalnum()]
    if len(places) < len(new):
        return new
    text = list(value)
    for place, char in zip(places[len(places) - len(new) :], new, strict=True):
        text[place] = char
    return "".join(text)


def _shape(value: str, draw: Draw, _rules: Rules) -> str:
    """Digit for digit and letter for letter. No unassigned range is known for these."""
    drawn: list[str] = []
    for char in value:
        if char.isdigit():
            drawn.append(draw.of(_DIGITS if drawn else _DIGITS[1:], 1))
        else:
            drawn.append(draw.of(_LETTERS, 1) if char.isascii() else char)
    return "".join(drawn).upper()


def _area(province: str, draw: Draw, rules: Rules) -> str:
    """Six digits GB/T 2260 assigns to nobody: city 00 with a county, or province 70."""
    kept = province if rules.keep_region and province.isdigit() else "70"
    return f"{kept}00{1 + draw.below(99):02d}"


def _birth(digits: str, rules: Rules) -> str | None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) + rules.shift
    except (ValueError, OverflowError):
        return None
    return f"{born:%Y%m%d}"


def _with_id_check(body: str) -> str:
    """ISO 7064 MOD 11-2, as in GB 11643."""
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECK_CHARACTERS[total % 11]


def _resident_id(value: str, draw: Draw, rules: Rules) -> str | None:
    """GB 11643: unassigned region, birth date shifted with the case, new sequence, right check."""
    old = len(value) == 15
    birth = _birth(f"19{value[6:12]}" if old else value[6:14], rules)
    if birth is None or len(value) not in (15, 18):
        return _shape(value, draw, rules)
    area, sequence = _area(value[:2], draw, rules), draw.of(_DIGITS, 3)
    return area + birth[2:] + sequence if old else _with_id_check(area + birth + sequence)


def _foreigner_id(value: str, draw: Draw, rules: Rules) -> str | None:
    """18 characters: nationality 999, which ISO 3166 never assigns; the older card by shape."""
    birth = _birth(value[6:14], rules) if len(value) == 18 else None
    if birth is None:
        return _shape(value, draw, rules)
    return _with_id_check("9" + draw.of(_DIGITS, 2) + "999" + birth + draw.of(_DIGITS, 3))


def _mobile(value: str, draw: Draw, rules: Rules) -> str:
    """154: left out when the ranges of the 15x block were assigned (电信网编号计划)."""
    return "154" + draw.of(_DIGITS, 8) if len(value) == 11 else _shape(value, draw, rules)


def _landline(value: str, draw: Draw, rules: Rules) -> str:
    """A local number that begins with 1: those are service numbers, never a subscriber's."""
    area = re.match(r"0(?:10|2\d|[3-9]\d{2})", value)
    if area is None or len(value) < 10:
        return "1" + draw.of(_DIGITS, len(value) - 1)
    kept = area.group() if rules.keep_region else ("026" if area.end() == 3 else "0300")
    return kept + "1" + draw.of(_DIGITS, len(value) - area.end() - 1)


def _luhn(body: str) -> str:
    digits = [int(digit) for digit in reversed(body)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[0::2]]
    return body + str(-(sum(doubled) + sum(digits[1::2])) % 10)


def _bank_card(value: str, draw: Draw, _rules: Rules) -> str:
    """9999…: ISO/IEC 7812 gives 9 to national bodies by country code, and 999 is no country."""
    return _luhn("9999" + draw.of(_DIGITS, max(4, len(value) - 5)))


def _imei(_value: str, draw: Draw, _rules: Rules) -> str:
    """00…: reporting body 00 is for test equipment (GSMA TS.06)."""
    return _luhn("00" + draw.of(_DIGITS, 12))


def _credit_code(value: str, draw: Draw, rules: Rules) -> str:
    """GB 32100: unassigned region, a new organisation code (GB 11714), both checks right."""
    if len(value) != 18:
        return _shape(value, draw, rules)
    inner = draw.of(_DIGITS, 8)
    total = sum(int(d) * w for d, w in zip(inner, ORGANISATION_WEIGHTS, strict=True))
    body = value[:2].upper() + _area(value[2:4], draw, rules)
    body += inner + "0123456789X0"[(11 - total % 11) % 11]
    outer = sum(CREDIT_CHARACTERS.index(char) * pow(3, i, 31) for i, char in enumerate(body))
    return body + CREDIT_CHARACTERS[-outer % 31]


def _email(value: str, draw: Draw, _rules: Rules) -> str:
    """At example.com, which RFC 2606 keeps for nobody."""
    return draw.of(_LETTERS + _DIGITS[2:], min(20, max(6, len(value) // 2))) + "@example.com"


def _birth_date(value: str, _draw: Draw, rules: Rules) -> str | None:
    """The date as it was written, moved with the case; None where it is not in digits."""
    match = _PLAIN_DATE.fullmatch(value) or _DAY_FIRST.fullmatch(value)
    if match is None:
        return None
    part = match.groupdict()
    try:
        day = int(part["d"] or _MIDDLE_OF_MONTH)
        moved = date(int(part["y"]), int(part["m"]), day) + rules.shift
    except (ValueError, OverflowError):
        return None
    year, month = f"{moved.year:04d}", f"{moved.month:0{len(part['m'])}d}"
    last = f"{moved.day:0{len(part['d'])}d}" if part["d"] else ""
    if match.re is _DAY_FIRST:
        return f"{last}{part['a']}{month}{part['b']}{year}"
    return f"{year}{part['a']}{month}{part['b'] or ''}{last}{part['rest']}"


def _plate(value: str, draw: Draw, rules: Rules) -> str:
    """A serial with I, which GA 36-2018 leaves out."""
    if value[:1] not in _PROVINCE_CHARACTERS or len(value) not in (7, 8):
        return _shape(value, draw, rules)
    province = value[0] if rules.keep_region else draw.of(_PROVINCE_CHARACTERS, 1)
    return province + draw.of("ABCDEFGH", 1) + "I" + draw.of(_DIGITS, len(value) - 3)


def _passport(value: str, draw: Draw, rules: Rules) -> str:
    """EI and seven digits: the second letter is never I or O. Others by shape."""
    return "EI" + draw.of(_DIGITS, 7) if len(value) == 9 else _shape(value, draw, rules)


def _vin(_value: str, draw: Draw, _rules: Rules) -> str:
    """GB 16735 with a right check digit; ISO 3780 gives no region that begins with 0."""
    body = "0" + draw.of("ABCDEFGHJKLMNPRSTUVWXYZ", 2) + draw.of(_DIGITS, 14)
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(int(values.get(c, c)) * w for c, w in zip(body, weights, strict=True))
    return body[:8] + "0123456789X"[total % 11] + body[9:]


def _ip_address(value: str, draw: Draw, _rules: Rules) -> str | None:
    """240.0.0.0/4 (RFC 1112, reserved) or 2001:db8::/32 (RFC 3849, documentation)."""
    if ":" in value:
        return "2001:db8:" + ":".join(f"{draw.below(65536):x}" for _ in range(6))
    if value.count(".") != 3:
        return None
    return ".".join(str(n) for n in (240 + draw.below(15), *(draw.below(256) for _ in range(3))))


def _mac_address(_value: str, draw: Draw, _rules: Rules) -> str:
    """A locally administered address (IEEE 802: second bit set), which no maker is given."""
    return draw.of("0123456789ABCDEF", 1) + "2" + draw.of("0123456789ABCDEF", 10)


def _person_name(value: str, draw: Draw, _rules: Rules) -> str | None:
    """A surname and 甲, 丙寅: names nobody takes for a person's. None for other scripts."""
    if not re.fullmatch(r"[㐀-鿿]{2,4}", value):
        return None
    return draw.of(_SURNAMES, 1) + draw.of(_GIVEN, 1 if len(value) == 2 else 2)


def _address(value: str, draw: Draw, rules: Rules) -> str:
    """Of the province only, with streets called 某: the shape of an address, and no place."""
    province = _PROVINCE.match(value) if rules.keep_region else None
    number, room = 1 + draw.below(2000), 101 + draw.below(2900)
    return f"{province['name'] if province else '某省'}某市某区某路{number}号{room}室"


def _none(_value: str, _draw: Draw, _rules: Rules) -> None:
    """There is nothing that looks like one and says nothing."""


_MAKERS: dict[Kind, Callable[[str, Draw, Rules], str | None]] = {
    Kind.RESIDENT_ID: _resident_id, Kind.DRIVING_LICENCE: _resident_id,
    Kind.SOCIAL_SECURITY: _resident_id, Kind.MEDICAL_INSURANCE: _resident_id,
    Kind.FOREIGNER_ID: _foreigner_id, Kind.MOBILE: _mobile, Kind.LANDLINE: _landline,
    Kind.BANK_CARD: _bank_card, Kind.IMEI: _imei, Kind.CREDIT_CODE: _credit_code,
    Kind.EMAIL: _email, Kind.BIRTH_DATE: _birth_date, Kind.PLATE: _plate,
    Kind.PASSPORT: _passport, Kind.VIN: _vin, Kind.IP_ADDRESS: _ip_address,
    Kind.MAC_ADDRESS: _mac_address, Kind.PERSON_NAME: _person_name, Kind.ADDRESS: _address,
    Kind.ORGANISATION: _none, Kind.PASSWORD: _none, Kind.COORDINATES: _none,
}  # fmt: skip
AS_WRITTEN = frozenset({Kind.BIRTH_DATE, Kind.EMAIL, Kind.IP_ADDRESS, Kind.ADDRESS})
"""Kinds whose marks carry meaning: made from the text as written, and not poured."""
