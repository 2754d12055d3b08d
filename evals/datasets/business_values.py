"""What people and papers have: values of every kind, and look-alikes, made with a seed."""

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from evals.datasets import identifier_makers as made
from evals.datasets.business_people import Person, Pools

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_REGIONS = ("330203", "320508", "510104", "440604", "610113", "430102", "350203", "370203")
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

Value = Callable[[Person, random.Random, Pools], str]


def _resident_id(person: Person, chosen: random.Random, _: Pools) -> str:
    digits = f"{chosen.choice(_REGIONS)}{person.born:%Y%m%d}{chosen.randrange(1000):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def _bank_card(_: Person, chosen: random.Random, __: Pools) -> str:
    digits = chosen.choice(("622848", "621700", "622202")) + f"0000{chosen.randrange(10**8):08d}"
    total = sum(
        int(d) if place % 2 else int(d) * 2 - 9 * (int(d) > 4)
        for place, d in enumerate(reversed(digits))
    )
    card = digits + str(-total % 10)
    spaced = " ".join(card[i : i + 4] for i in range(0, len(card), 4))
    return spaced if chosen.random() < 0.3 else card


def _mobile(_: Person, chosen: random.Random, __: Pools) -> str:
    head = chosen.choice(("135", "139", "151", "158", "176", "177", "186", "189"))
    tail = f"{chosen.randrange(10**4):04d}"
    return chosen.choice((f"{head}0000{tail}", f"{head}0000{tail}", f"{head} 0000 {tail}"))


def _landline(_: Person, chosen: random.Random, __: Pools) -> str:
    return f"0{chosen.randrange(571, 580)}-8000{chosen.randrange(1000, 9999)}"


def _order(chosen: random.Random, _: Pools) -> str:
    long, short = chosen.randrange(10**17, 10**18), chosen.randrange(10**9, 10**10)
    return chosen.choice((f"{long}", f"DD{short}"))


def _address(_: Person, chosen: random.Random, pool: Pools) -> str:
    province, city, district, *_rest = chosen.choice(pool.of("places"))
    start = chosen.choice((f"{province}{city}{district}", f"{city}{district}", f"{city}{district}"))
    return str(start) + _road_and_door(chosen, pool)


def _bare_address(_: Person, chosen: random.Random, pool: Pools) -> str:
    _, city, district, *_rest = chosen.choice(pool.of("places"))
    return str(
        chosen.choice((district + _road_and_door(chosen, pool), city + _estate(chosen, pool)))
    )


def _road_and_door(chosen: random.Random, pool: Pools) -> str:
    road = f"{chosen.choice(pool.of('roads'))}{chosen.randrange(1, 400)}号"
    return road + chosen.choice(("", _estate(chosen, pool), _estate(chosen, pool)))


def _estate(chosen: random.Random, pool: Pools) -> str:
    estate = chosen.choice(pool.of("estates"))
    number, unit, room = (
        chosen.randrange(1, 30),
        chosen.randrange(1, 4),
        chosen.randrange(101, 2900),
    )
    doors = (f"{number}幢{unit}单元{room}室", f"{number}号楼{room}", f"{number}-{unit}-{room}")
    return str(estate) + chosen.choice(doors)


def _estate_only(_: Person, chosen: random.Random, pool: Pools) -> str:
    return _estate(chosen, pool)


def _road(_: Person, chosen: random.Random, pool: Pools) -> str:
    return f"{chosen.choice(pool.of('roads'))}{chosen.randrange(1, 400)}号"


def _room(_: Person, chosen: random.Random, __: Pools) -> str:
    number, unit, room = chosen.randrange(1, 30), chosen.randrange(1, 4), chosen.randrange(2, 29)
    doors = (
        f"{number}幢{unit}单元{room}01",
        f"{number}号楼{room}02室",
        f"{number}-{unit}-{room}03",
    )
    return str(chosen.choice(doors))


def _village(_: Person, chosen: random.Random, pool: Pools) -> str:
    village = f"{chosen.choice(pool.of('villages'))}{chosen.randrange(1, 12)}组"
    return village + chosen.choice(("", f"{chosen.randrange(1, 90)}号"))


def _shopfront(person: Person, chosen: random.Random, pool: Pools) -> str:
    inside = (
        f"{chosen.randrange(101, 130)}室",
        "一楼商铺",
        f"底商{chosen.randrange(1, 20)}号",
        "西侧二楼",
    )
    return _road(person, chosen, pool) + chosen.choice(inside)


def _corner(_: Person, chosen: random.Random, pool: Pools) -> str:
    roads = chosen.choice(pool.of("roads")), chosen.choice(pool.of("cross_roads"))
    where = (
        "交叉口东北角二楼",
        f"路口往南{chosen.randrange(2, 30)}0米",
        f"交汇处{chosen.randrange(2, 60)}号",
    )
    return "与".join(roads) + chosen.choice(where)


def _short_of_pieces(person: Person) -> bool:
    """Names with · take no nickname."""
    return "·" in person.name


def _familiar(person: Person, chosen: random.Random, _: Pools) -> str:
    return person.first if _short_of_pieces(person) else chosen.choice("老小") + person.surname


def _pet_name(person: Person, chosen: random.Random, _: Pools) -> str:
    last = person.first[-1]
    return person.first if _short_of_pieces(person) else chosen.choice((f"阿{last}", last * 2))


def _called(person: Person, chosen: random.Random, _: Pools) -> str:
    titles = [
        "总",
        "工",
        "姐",
        "哥",
        "叔",
        "师傅",
        "老师",
        "经理",
        "主任",
        "阿姨",
        "大姐",
        "医生",
        "会计",
        "队长",
        "老板",
    ]
    return person.surname + chosen.choice(titles)


def _english_address(_: Person, chosen: random.Random, pool: Pools) -> str:
    *_rest, city, district = chosen.choice(pool.of("places"))
    door = f"Room {chosen.randrange(101, 2900)}, Building {chosen.randrange(1, 30)}"
    road = f"{chosen.randrange(1, 400)} {chosen.choice(pool.of('english_roads'))} Road"
    form = chosen.randrange(3)
    if form == 0:
        return f"{door}, No. {road}, {district} District, {city} {chosen.randrange(10**5, 10**6)}"
    if form == 1:
        return f"{door}, {chosen.choice(pool.of('english_estates'))}, {road}, {city}"
    return f"{road}, {district} District, {city}, China"


def _password(_: Person, chosen: random.Random, __: Pools) -> str:
    word = chosen.choice(("Maple", "sunny", "Qwe", "lucky", "Home"))
    return f"{word}{chosen.choice('@#_-!')}{chosen.randrange(1000, 9999)}"


def _plate(_: Person, chosen: random.Random, __: Pools) -> str:
    return f"{chosen.choice('浙苏川粤')}{chosen.choice('ABCE')}{chosen.randrange(10**5):05d}"


def _apart(chosen: random.Random, mobile: str) -> str:
    """A number with marks between its groups."""
    number = mobile.replace(" ", "")
    head, middle, tail = number[:3], number[3:7], number[7:]
    return chosen.choice((
        f"{head}-{middle}-{tail}", f"{head}.{middle}.{tail}", f"+86 {head} {middle} {tail}",
        f"({head}){middle}-{tail}", f"{number[:5]} {number[5:8]} {number[8:]}",
    ))  # fmt: skip


def _in_cells(mobile: str, *places: int) -> str:
    """A number over neighbouring cells, cut at these places."""
    value = mobile.replace(" ", "")
    cuts = (0, *places, len(value))
    return "\t".join(value[start:end] for start, end in pairwise(cuts))


def _estate_in_cells(_: Person, chosen: random.Random, pool: Pools) -> str:
    return re.sub(r"(?=\d)", "\t", _estate(chosen, pool), count=1)


def _id_in_parts(person: Person, chosen: random.Random, pool: Pools) -> str:
    number = _resident_id(person, chosen, pool)
    return chosen.choice((" ", "-", "|")).join((number[:6], number[6:14], number[14:]))


def _over_a_line(chosen: random.Random, mobile: str) -> str:
    """A number broken over the end of a line."""
    number = mobile.replace(" ", "")
    at = chosen.choice((3, 7))
    return f"{number[:at]}\n{number[at:]}"


def _born_as_said(person: Person, chosen: random.Random, _: Pools) -> str:
    """A birthday as people say it: 78年3月5号, 1978年3月."""
    born = person.born
    year = chosen.choice((f"{born.year}", f"{born.year % 100:02d}"))
    return f"{year}年{born.month}月" + chosen.choice(("", f"{born.day}号"))


# What {p1.<word>} stands for: the kind of the gold span, and how the value is made.
VALUES: dict[str, tuple[str, Value]] = {
    "title": ("person_name", lambda p, c, _: p.surname + c.choice(("先生", "女士"))),
    "surname": ("surname", lambda p, c, _: p.surname),
    "call": ("surname", _called),
    "lao": ("person_name", _familiar),
    "a": ("person_name", _pet_name),
    "estate": ("address", _estate_only),
    "village": ("address", _village),
    "shopfront": ("address", _shopfront),
    "corner": ("address", _corner),
    "road": ("address", _road),
    "room": ("address", _room),
    "first": ("person_name", lambda p, c, _: p.first if len(p.first) > 1 else p.name),
    "id": ("resident_id", _resident_id),
    "card": ("bank_card", _bank_card),
    "mobile": ("mobile", _mobile),
    "landline": ("landline", _landline),
    "email": ("email", lambda p, c, _: f"{p.spelled}@example.{c.choice(('com', 'cn', 'org'))}"),
    "wechat": ("wechat", lambda p, c, _: f"{p.spelled}_{c.randrange(100)}"),
    "account": ("account", lambda p, c, _: p.spelled),
    "password": ("password", _password),
    "door": ("password", lambda p, c, _: f"{c.randrange(10**5, 10**6)}{c.choice(('', '#'))}"),
    "plate": ("plate", _plate),
    "address": ("address", _address),
    "bare_address": ("address", _bare_address),
    "address_en": ("address", _english_address),
    "born": ("birth_date", lambda p, c, _: c.choice((f"{p.born:%Y-%m-%d}", f"{p.born:%Y/%m/%d}"))),
    "born_zh": ("birth_date", lambda p, c, _: f"{p.born.year}年{p.born.month}月{p.born.day}日"),
    "born_en": (
        "birth_date",
        lambda p, c, _: c.choice((
            f"{p.born.day} {_MONTHS[p.born.month - 1]} {p.born.year}",
            f"{_MONTHS[p.born.month - 1]} {p.born.day}, {p.born.year}",
        )),
    ),
    "residence": ("resident_id", lambda _, c, __: made.residence_permit(c)),
    "passport": ("passport", lambda _, c, __: made.passport(c)),
    "permit": ("travel_permit", lambda _, c, __: made.home_return_permit(c)),
    "licence": ("driving_licence", _resident_id),
    "plate_new": ("plate", lambda _, c, __: made.new_energy_plate(c)),
    "vin": ("vin", lambda _, c, __: made.vin(c)),
    "qq": ("qq", lambda _, c, __: f"{c.randrange(10**8, 10**10)}"),
    "social": ("social_security", lambda _, c, __: c.choice("ABC") + made.digits(c, 8)),
    "medical": ("medical_insurance", lambda _, c, __: made.digits(c, 10)),
    "fund": ("housing_fund", lambda _, c, __: "1" + made.digits(c, 11)),
    "ip": ("ip_address", lambda _, c, __: f"{c.choice((36, 101, 183))}.{c.randrange(60, 255)}.1.{c.randrange(2, 250)}"),
    "mac": ("mac_address", lambda _, c, __: made.mac(c)),
    "imei": ("imei", lambda _, c, __: made.imei(c)),
    "coordinates": ("coordinates", lambda _, c, __: made.coordinates(c)),
    "spoken": ("mobile", lambda _, c, __: made.spoken_mobile(c)),
    "mobile_apart": ("mobile", lambda p, c, pool: _apart(c, _mobile(p, c, pool))),
    "mobile_line": ("mobile", lambda p, c, pool: _over_a_line(c, _mobile(p, c, pool))),
    "mobile_tab": ("mobile", lambda p, c, pool: _in_cells(_mobile(p, c, pool), 3, 7)),
    "mobile_halves": ("mobile", lambda p, c, pool: _in_cells(_mobile(p, c, pool), 3)),
    "estate_tab": ("address", _estate_in_cells),
    "id_parts": ("resident_id", _id_in_parts),
    "born_said": ("birth_date", _born_as_said),
    "born_dots": (
        "birth_date",
        lambda p, c, _: c.choice((
            f"{p.born.year}.{p.born.month}.{p.born.day}", f"{p.born:%Y.%m.%d}", f"{p.born:%Y%m%d}", f"{p.born:%Y.%m}",
        )),
    ),
    "birthday": ("birth_date", lambda p, c, _: f"{p.born.month}月{p.born.day}{c.choice('日号')}"),
    "pin": ("password", lambda _, c, __: made.digits(c, c.choice((4, 6)))),
    "phrase": ("password", lambda _, c, __: c.choice(("Maple@home", "sunny-day!", "QweAsd!!", "lucky.star"))),
    "zh_password": ("password", lambda p, c, _: f"{p.spelled[:-2]}{p.born:%m%d}"),
    "wechat_word": ("wechat", lambda p, c, _: p.spelled[:-2] + c.choice(("", "_hz", "-n"))),
    "medical_card": (
        "medical_insurance",
        lambda _, c, __: c.choice((
            f"{c.choice('ABDX')}{made.digits(c, 9)}", f"3302{made.digits(c, 8)}", made.digits(c, 12),
        )),
    ),
}  # fmt: skip


def _credit_code(chosen: random.Random) -> str:
    code = "91330203MA" + "".join(chosen.choice(_CODE) for _ in range(7))
    total = sum(_CODE.index(char) * pow(3, i, 31) for i, char in enumerate(code))
    return code + _CODE[-total % 31]


def _day(chosen: random.Random) -> str:
    day = date(2023, 1, 1) + timedelta(days=chosen.randrange(1000))
    return chosen.choice((f"{day.year}年{day.month}月{day.day}日", day.isoformat()))


_LAWS = (
    "《个人信息保护法》第四十七条",
    "《民法典》第五百零九条",
    "《消费者权益保护法》第五十五条",
)

# Values that look like personal data and must stay.
TRAPS: dict[str, Callable[[random.Random, Pools], str]] = {
    "order": _order,
    "contract": lambda c, _: f"HT-{c.randrange(2019, 2027)}-{c.randrange(1, 999):03d}",
    "invoice": lambda c, _: f"{c.randrange(10**7, 10**8):08d}",
    "hotline": lambda c, _: f"400-{c.randrange(100, 999)}-{c.randrange(1000, 9999)}",
    "amount": lambda c, _: f"{c.randrange(100, 90000)}.{c.randrange(100):02d}",
    "date": lambda c, _: _day(c),
    "product": lambda c, _: f"KFR-{c.randrange(26, 99)}GW/{c.choice('ABC')}{c.randrange(10, 99)}",
    "court": lambda c, p: f"{c.choice(p.of('places'))[2]}人民法院",
    "law": lambda c, _: c.choice(_LAWS),
    "firm": lambda c, p: str(c.choice(p.of("firms"))),
    "credit": lambda c, _: _credit_code(c),
    "waybill": lambda c, _: f"SF{made.digits(c, 13)}",
    "policyno": lambda c, _: f"{c.randrange(10**14, 10**15)}",
    "caseno": lambda c, _: f"（{c.randrange(2019, 2026)}）浙0203民初{c.randrange(10**4)}号",
    "yuan": lambda c, _: c.choice(("壹万贰仟叁佰元整", "肆拾伍万陆仟元整", "叁仟捌佰元整")),
    "version": lambda c, _: f"{c.randrange(1, 9)}.{c.randrange(20)}.{c.randrange(9)}.{c.randrange(9)}",
    "place": lambda c, p: "".join(c.choice(p.of("places"))[1:3]),
    "short": lambda c, p: str(c.choice(p.of("short_firms"))),
    "shop": lambda c, p: str(c.choice(p.of("shops"))),
    "city": lambda c, p: str(c.choice(p.of("places"))[1]),
}  # fmt: skip
