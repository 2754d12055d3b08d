"""Sentences with one identifier each, in the ways people write it, and sentences with near misses."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from evals.datasets.business_documents import BusinessDocument, Half, Span
from evals.datasets.identifier_makers import (
    CHECKSUMMED,
    CODE,
    Make,
    bank_card,
    credit_code,
    digits,
    resident_id,
)  # fmt: skip


def _grouped(mark: str) -> Callable[[str, random.Random], str]:
    def write(value: str, _: random.Random) -> str:
        if not value[:17].isdigit() and not value.isdigit():
            return value  # people write codes with letters in one piece
        edges = (0, 6, 14, 18) if len(value) == 18 else (0, 4, 8, 12, 16, 19)
        return mark.join(value[a:b] for a, b in pairwise(edges) if value[a:b])

    return write


def _misread(value: str, chosen: random.Random) -> str:
    """One to three digits as a scanner reads them; the first stays, and so does a 5 among letters."""
    known = "015" if value[:17].isdigit() else "01"
    places = [i for i, char in enumerate(value) if char in known and i > 0]
    for place in chosen.sample(places, min(len(places), chosen.randrange(1, 4))):
        value = value[:place] + {"0": "O", "1": "l", "5": "S"}[value[place]] + value[place + 1 :]
    return value


def _in_words(value: str, _: random.Random) -> str:
    if not value.isdigit():
        return value
    return value.translate(str.maketrans("0123456789", "零一二三四五六七八九"))


def _full_width(value: str, _: random.Random) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in value)


def _broken(mark: str) -> Callable[[str, random.Random], str]:
    def write(value: str, chosen: random.Random) -> str:
        at = chosen.randrange(4, len(value) - 4)
        return value[:at] + mark + value[at:]

    return write


WRITINGS: dict[str, Callable[[str, random.Random], str]] = {
    "plain": lambda value, _: value,
    "lower case": lambda value, _: value.lower(),
    "full width": _full_width,
    "spaced": _grouped(" "),
    "hyphenated": _grouped("-"),
    "zero width": _broken("\u200b"),
    "over a line's end": _broken("\n"),
    "misread": _misread,
    "in words": _in_words,
}
_CARRIERS: dict[Half, tuple[str, ...]] = {
    "tuned": (
        "经核对，{}与系统一致，可以办理。", "请按{}登记后归档", "（{}）", "号码 {} 已复印留存，原件退回。",
        "Please note {} in the file.", "{}", "另附{}、签字页。", "请把{}一并核对一下",
    ),
    "held_out": (
        "来人出示的是{}，窗口已经扫描。", "备注栏只写了{}", "其中{}一项有涂改痕迹；", "We copied {} last week.",
        "原记录为 {} ，现更正。", "见附表：{}。", "“{}”字迹清楚",
    ),
}  # fmt: skip


def identifier_documents(half: Half, *, count: int, seed: int = 23) -> list[BusinessDocument]:
    """`count` sentences with one identifier each, kinds and writings in turn."""
    chosen = random.Random(f"identifiers-{half}{seed}")
    return [_sentence(number, half, chosen) for number in range(count)]


def _sentence(number: int, half: Half, chosen: random.Random) -> BusinessDocument:
    names, writings = list(CHECKSUMMED), list(WRITINGS)
    kind, make = CHECKSUMMED[names[number % len(names)]]
    writing = writings[number // len(names) % len(writings)]
    value = WRITINGS[writing](make(chosen), chosen)
    before, after = chosen.choice(_CARRIERS[half]).split("{}")
    span = Span(kind, len(before), len(before) + len(value))
    return BusinessDocument(f"{writing}-{number}.txt", before + value + after, (span,), ())


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A number that is nobody's: what it is, and the sentence it stands in."""

    what: str
    text: str


def near_misses(half: Half, *, count: int, seed: int = 29) -> Iterator[NearMiss]:
    """Numbers of things in the sentences they stand in, and identifiers with a wrong check."""
    chosen = random.Random(f"near-{half}{seed}")
    makers = list(_NEAR.items())
    for number in range(count):
        what, make = makers[number % len(makers)]
        sentence = chosen.choice(_CARRIERS[half]) if what.startswith("wrong") else "{}"
        yield NearMiss(what, sentence.format(make(chosen)))


def _wrong(make: Make, places: str) -> Make:
    def spoiled(chosen: random.Random) -> str:
        value = make(chosen)
        return value[:-1] + chosen.choice([c for c in places if c != value[-1]])

    return spoiled


_NEAR: dict[str, Make] = {
    "wrong resident_id": _wrong(resident_id, "0123456789X"),
    "wrong credit_code": _wrong(credit_code, CODE),
    "wrong bank_card": _wrong(bank_card, "0123456789"),
    "order number": lambda c: f"订单号{digits(c, 18)}已发货",
    "waybill": lambda c: f"运单号：{c.choice(('SF', 'JD', 'YT'))}{digits(c, 13)}",
    "invoice": lambda c: f"发票代码{digits(c, 12)}，发票号码{digits(c, 8)}",
    "e-invoice": lambda c: f"数电发票号码：24{digits(c, 18)}",
    "amount": lambda c: f"货款共计{c.randrange(10**9, 10**11)}.{digits(c, 2)}元",
    "serial": lambda c: f"序列号 SN{digits(c, 16)}",
    "bar code": lambda c: f"条码69{digits(c, 11)}",
    "case number": lambda c: f"（{c.randrange(2015, 2026)}）浙0203民初{digits(c, 4)}号",
    "hotline": lambda c: f"客服电话：400-{digits(c, 3)}-{digits(c, 4)}",
    "time stamp": lambda c: f"时间戳17{digits(c, 11)}",
    "contract": lambda c: f"合同编号：{digits(c, 15)}",
    "version": lambda c: (
        f"版本{c.randrange(9)}.{c.randrange(99)}.{c.randrange(99)}.{c.randrange(9)}"
    ),
    "policy": lambda c: f"保单号：{digits(c, 19)}",
}
