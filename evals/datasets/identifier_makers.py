"""Invented identifiers of every kind, with the check characters of their standards.

The checks are computed here from the standards, not by the code under test.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta

Make = Callable[[random.Random], str]
_REGIONS = ("110105", "310115", "330203", "320508", "440306", "510104", "610113", "430102")
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))


def digits(chosen: random.Random, count: int) -> str:
    """So many random digits."""
    return f"{chosen.randrange(10**count):0{count}d}"


def mod11_2(body: str) -> str:
    """The check character of GB 11643 (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return "10X98765432"[total % 11]


def luhn(body: str) -> str:
    """The check digit of ISO/IEC 7812."""
    total = sum(
        int(digit) if place % 2 else sum(divmod(int(digit) * 2, 10))
        for place, digit in enumerate(reversed(body))
    )
    return str(-total % 10)


def _born(chosen: random.Random) -> str:
    return f"{date(1945, 1, 1) + timedelta(days=chosen.randrange(365 * 65)):%Y%m%d}"


def resident_id(chosen: random.Random) -> str:
    """GB 11643."""
    body = chosen.choice(_REGIONS) + _born(chosen) + digits(chosen, 3)
    return body + mod11_2(body)


def residence_permit(chosen: random.Random) -> str:
    """Of residents of Hong Kong, Macau and Taiwan."""
    body = chosen.choice(("810000", "820000", "830000")) + _born(chosen) + digits(chosen, 3)
    return body + mod11_2(body)


def foreigner_id(chosen: random.Random) -> str:
    """Card of 2023."""
    body = "9" + chosen.choice(("11", "31", "44")) + digits(chosen, 3) + _born(chosen)
    body += digits(chosen, 3)
    return body + mod11_2(body)


def bank_card(chosen: random.Random) -> str:
    """Sixteen or nineteen digits of issuers in China and abroad."""
    head, length = chosen.choice((
        ("622848", 19), ("621700", 19), ("622202", 19), ("625912", 16), ("622588", 16),
        ("4380", 16), ("5201", 16), ("3568", 16), ("9558", 19),
    ))  # fmt: skip
    if head == "9558":
        head = "955880"
    body = head + digits(chosen, length - 1 - len(head))
    return body + luhn(body)


def credit_code(chosen: random.Random) -> str:
    """GB 32100, the organisation code inside by GB 11714."""
    inner = "MA" + "".join(chosen.choice(CODE) for _ in range(6))
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in inner]
    total = sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    body = "91" + chosen.choice(_REGIONS) + inner + "0123456789X0"[(11 - total % 11) % 11]
    return body + CODE[-sum(CODE.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31]


def vin(chosen: random.Random) -> str:
    """GB 16735."""
    head = "LSV" + "".join(chosen.choice(_VIN) for _ in range(5))
    tail = chosen.choice("ABCDEFGHJKLMNPRSTVWXY123456789") + chosen.choice(_VIN[:23])
    tail += digits(chosen, 6)
    values = [int(_VIN_VALUES.get(c, c)) for c in head + "0" + tail]
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    check = sum(v * w for v, w in zip(values, weights, strict=True)) % 11
    return head + "0123456789X"[check] + tail


CHECKSUMMED: dict[str, tuple[str, Make]] = {
    "resident_id": ("resident_id", resident_id),
    "residence_permit": ("resident_id", residence_permit),
    "foreigner_id": ("foreigner_id", foreigner_id),
    "bank_card": ("bank_card", bank_card),
    "credit_code": ("credit_code", credit_code),
    "vin": ("vin", vin),
}


def passport(chosen: random.Random) -> str:
    """Ordinary passports before and since 2017."""
    return chosen.choice(("E" + digits(chosen, 8), "EJ" + digits(chosen, 7)))


def home_return_permit(chosen: random.Random) -> str:
    """港澳居民来往内地通行证."""
    return chosen.choice("HM") + digits(chosen, 8)


def imei(chosen: random.Random) -> str:
    """Fifteen digits with Luhn."""
    body = "86" + digits(chosen, 12)
    return body + luhn(body)


def spoken_mobile(chosen: random.Random) -> str:
    """A mobile number as it is said."""
    number = "1" + chosen.choice("3589") + digits(chosen, 9)
    return number.translate(
        str.maketrans("0123456789", chosen.choice(("零一二三四五六七八九", "零幺二三四五六七八九")))
    )


def new_energy_plate(chosen: random.Random) -> str:
    """GA 36-2018, small vehicles."""
    return (
        f"{chosen.choice('沪粤浙川')}{chosen.choice('ABC')}{chosen.choice('DF')}{digits(chosen, 5)}"
    )


def mac(chosen: random.Random) -> str:
    """EUI-48."""
    return ":".join(f"{chosen.randrange(256):02X}" for _ in range(6))


def coordinates(chosen: random.Random) -> str:
    """Longitude and latitude within China."""
    return f"{chosen.uniform(100, 122):.6f}, {chosen.uniform(22, 41):.6f}"
