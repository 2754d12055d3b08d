"""What a firm's name is made of, and how people shorten it.

企业名称登记管理规定 (2020) art. 6: place, brand (字号), trade, legal form. Once a name stands whole, the same
document speaks of the brand, of brand and trade, of the brand's shop in some street. Words in `firms.yaml`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pii.findings import Finding
from pii.kinds import Kind
from pii.name_context import is_ordinary_word
from pii.surnames import surnames
from pii.words import is_cut_out
from records.data_files import Entry, load

PATH = Path(__file__).parent / "firms.yaml"
_HAN_ONLY = re.compile(r"[㐀-鿿]+")
_SHORTEST_LATIN = 4
_LONG_TRADE = 4
WHOLE = "legal_form"
"""The reason of a name that ends in its legal form."""


class FirmWords(Entry):
    """The file of words."""

    places: list[str]
    trades: list[str]
    tails: list[str]
    forms: list[str]
    before: list[str]
    behind: list[str]
    stores: list[str]
    shop_places: list[str]
    generic: list[str]
    public: list[str]
    english_trades: list[str]
    english_forms: list[str]


@cache
def firm_words() -> FirmWords:
    """The shipped words, read once."""
    return load(PATH, FirmWords)


def one_of(words: Iterable[str]) -> str:
    """A pattern of the words, the longest first, those of one first letter together: `re` skips to it."""
    groups: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda w: (-len(w), w)):
        groups.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items())


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns made of the words."""

    place: re.Pattern[str]
    only_places: re.Pattern[str]
    trade_at_end: re.Pattern[str]
    form_at_end: re.Pattern[str]
    branch_at_end: re.Pattern[str]
    shop_at_end: re.Pattern[str]
    generic: re.Pattern[str]
    public: re.Pattern[str]
    behind: re.Pattern[str]
    store: re.Pattern[str]
    english: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """Made once."""
    words = firm_words()
    forms, trades = one_of(words.forms), one_of(words.trades)
    tails = one_of(words.tails)
    trade = rf"(?:{trades})(?:{trades}|{tails}){{0,2}}"
    english = one_of(words.english_trades)
    return Patterns(
        place=re.compile(rf"(?:{one_of(words.places)})[省市]?"),
        only_places=re.compile(
            rf"(?:(?:{one_of(words.places)})(?:[省市]|[㐀-鿿]{{1,3}}[区县市])?)+[总市]?(?:每日)?"
        ),
        trade_at_end=re.compile(rf"(?:{trade}|(?:{tails}))(?:（[^）]*）)?$"),
        form_at_end=re.compile(
            rf"(?:（[^）]{{2,6}}）)?(?:{forms}|集团|公司)(?:（[^）]{{2,6}}）)?$"
        ),
        branch_at_end=re.compile(rf"(?<=公司)[㐀-鿿]{{0,8}}(?:{one_of(words.stores)})$"),
        shop_at_end=re.compile(rf"(?:{one_of(words.stores)}|[一二三四五]店)$"),
        generic=re.compile(
            rf"(?:{one_of([*words.generic, *words.trades, *words.tails])}|的|家|所|类)+"
        ),
        public=re.compile(rf"(?:{one_of(words.public)})$"),
        behind=re.compile(rf"(?:{trade})?(?:{one_of(words.behind)})|{trade}"),
        store=re.compile(
            rf"(?:{trade})?(?:公司|集团)?(?:[㐀-鿿]{{0,4}}?(?:{one_of(words.stores)})|[一二三四五]店)|{trade}(?:公司|集团)?|公司|集团"
        ),
        english=re.compile(rf",? (?:{english})$"),
    )


def is_public_body(name: str) -> bool:
    """Whether a name ends as those of courts, bureaus and schools do."""
    return bool(patterns().public.search(name))


def is_generic(name: str) -> bool:
    """Whether nothing in it tells one firm from another: 物流公司, 有限责任公司, 我司."""
    core = patterns().form_at_end.sub("", name)
    return not core or bool(patterns().generic.fullmatch(core))


def names_a_firm(name: str) -> bool:
    """Whether a reading as an organisation names one: no public body, no bare place, no word for firms."""
    if len(name) < 2 or not _HAN_ONLY.search(name) or is_generic(name) or is_public_body(name):
        return False
    if name in firm_words().shop_places:
        return False
    return not patterns().only_places.fullmatch(name)


@dataclass(frozen=True, slots=True)
class Forms:
    """What else stands for a firm: `sure` wherever it stands, `brand` where nothing makes it a word."""

    sure: tuple[str, ...]
    brand: str


def short_forms(name: str) -> Forms:
    """The short forms of a firm's whole name; none of a name without legal form or trade."""
    return _chinese_forms(name) if _HAN_ONLY.search(name) else _latin_forms(name)


def _chinese_forms(name: str) -> Forms:
    made = patterns()
    whole = made.branch_at_end.sub("", name)
    body = made.form_at_end.sub("", whole)
    place = made.place.match(body)
    core = body[place.end() :] if place and len(body) - place.end() >= 2 else body
    core = re.sub(r"^（[^）]*）", "", core)
    brand = core
    while (trade := made.trade_at_end.search(brand)) and trade.start() >= 2:
        brand = brand[: trade.start()]
    brand = re.sub(r"（[^）]*）", "", brand)
    if not 2 <= len(brand) <= 5 or made.generic.fullmatch(brand):
        return Forms((), "")
    sure = {whole, body, core} - {brand, name}
    return Forms(tuple(sorted(one for one in sure if len(one) > 3)), brand)


def _latin_forms(name: str) -> Forms:
    forms = one_of(firm_words().english_forms)
    body = re.sub(rf"(?:,? (?:\([A-Z]+\)|{forms}))+$", "", name)
    brand = patterns().english.sub("", body)
    kept = [one for one in (body, brand) if one != name and len(one) >= _SHORTEST_LATIN]
    return Forms(tuple(dict.fromkeys(kept)), "")


def without_names_of_firms(text: str, findings: list[Finding]) -> list[Finding]:
    """Without people whom the model reads in a firm's whole name: 宁波[李宁]体育有限公司, [和悦]医药有限公司.

    Behind the place nobody stands, and without one a person who is the whole brand is the brand.
    """
    findings = [
        f
        for f in findings
        if not (f.kind is Kind.PERSON_NAME and f.reason.endswith("/model"))
        or not _before_long_trade(text, f)
    ]
    firms = [f for f in findings if f.kind is Kind.ORGANISATION and not f.reason.endswith("/model")]
    if not firms:
        return findings
    inside = [_nobody_in(text, firm) for firm in firms]
    return [
        f
        for f in findings
        if not (f.kind is Kind.PERSON_NAME and f.reason.endswith(("/model", "/pet_name")))
        or not any(
            start <= f.start and f.end <= end and (sure or not _may_be_name(text, f))
            for start, end, sure in inside
        )
    ]


def _before_long_trade(text: str, finding: Finding) -> bool:
    """Whether a trade of two words stands right behind, as behind a brand: 万象成|供应链管理."""
    trade = patterns().behind.match(text, finding.end)
    return (
        trade is not None
        and len(trade.group()) >= _LONG_TRADE
        and not surnames().is_titled(text[finding.start : finding.end])
    )


def _nobody_in(text: str, firm: Finding) -> tuple[int, int, bool]:
    """Where in a firm nobody stands; not sure where only what is no full name counts."""
    if not firm.reason.endswith(WHOLE):
        return firm.start, firm.end, False
    name = text[firm.start : firm.end]
    place, brand = patterns().place.match(name), short_forms(name).brand
    if place:
        return firm.start + place.end(), firm.end, True
    return firm.start, firm.start + len(brand) if name.startswith(brand) else firm.start, True


def _may_be_name(text: str, finding: Finding) -> bool:
    return surnames().begins_usually(text[finding.start : finding.end])


def end_of_brand(text: str, start: int, end: int) -> int | None:
    """Where the firm ends whose brand stands there; None where the brand is only a part of other words."""
    longer = patterns().store.match(text, end)
    if longer is not None:
        return longer.end()
    brand = text[start:end]
    if is_ordinary_word(brand):
        return end if patterns().behind.match(text, end) else None
    return end if len(brand) > 2 or is_cut_out(text, start, end) else None
