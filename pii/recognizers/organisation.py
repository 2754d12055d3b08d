"""Organisation by what its name is made of, 单位名称: 企业名称登记管理规定 art. 6, 公司法 art. 7.

Place, brand, trade, legal form; a branch behind it. The left edge of a name is not marked in Chinese: it is the
place, a mark, or the word that leads to a firm. Brand and trade without a form count where no dictionary has the
brand. English names by their form or trade. What remains is the name model's. The standard policy keeps organisations.
"""

import re
from collections.abc import Iterator

from pii.findings import Finding
from pii.firm_names import WHOLE, firm_words, is_generic, is_public_body, one_of, patterns
from pii.kinds import Kind
from pii.name_context import is_ordinary_word
from pii.recognizers.base import Recognizer
from pii.surnames import surnames
from pii.words import is_cut_out, word_edges

_LONGEST, _LONG_TRADE = 26, 4
_RUN = re.compile(r"[㐀-鿿A-Za-z0-9（）()·&]+$")
_TWO, _HAN_RUN = re.compile(r"[㐀-鿿]{2}"), re.compile(r"[㐀-鿿]+\Z")
_MARKS = re.compile(r"^[（()）]+")
_CAPITAL = r"[A-Z][A-Za-z0-9'’\-]*"
_NOT_FIRST = frozenset((
    "The", "A", "An", "Our", "Your", "His", "Her", "Their", "This", "That", "Dear", "Hi", "Please", "From", "To", "By",
    "With", "At", "In", "On", "For", "And", "Re", "Via", "Ask", "Tell", "Contact", "Annex", "Table",
))  # fmt: skip


class OrganisationRecognizer(Recognizer):
    """Names of firms by form, by trade, by party."""

    def __init__(self) -> None:
        words = firm_words()
        stores = one_of(words.stores)
        self._form = re.compile(
            rf"(?:{one_of(words.forms)})(?:（[^）\n]{{2,6}}）)?(?:[㐀-鿿]{{2,6}}?(?:{stores}))?"
        )
        trades, tails = one_of(words.trades), one_of(words.tails)
        self._trade = re.compile(
            rf"(?:{trades})(?:{trades}|{tails}){{0,2}}(?:公司|集团)?(?:[㐀-鿿]{{2,3}}(?:分公司|店))?"
        )
        # 徽品家万达店: brand, the place of the shop, 店.
        self._shop = re.compile(
            rf"(?:{one_of(words.shop_places)}|[㐀-鿿]{{1,3}}(?:路|街|大道|广场|中心|大厦|新村|花园))(?:[一二三四五]?分?店|门店|专柜)"
            r"|(?:[一二三四五]|旗舰|专卖|直营|加盟|体验|连锁|总)店(?![员长铺面主家内外门里])"
        )
        self._trade_word = re.compile(trades)
        self._before = re.compile(one_of(words.before))
        forms = one_of(words.english_forms)
        # The guard stands behind the capital, so that `re` skips to one.
        name = rf"[A-Z](?<![A-Za-z].)[A-Za-z0-9'’\-]*(?: (?:& |and |of )?{_CAPITAL}){{0,4}}?"
        self._english = re.compile(
            rf"{name}(?:,? \([A-Z]+\))?,? (?:{forms})(?![A-Za-z])"
            rf"|{name} (?:{one_of(words.english_trades)})(?![A-Za-z]| [A-Z][a-z])"
        )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The one kind."""
        return (Kind.ORGANISATION,)

    def find(self, text: str) -> list[Finding]:
        """Everything named so, whole names first."""
        return [
            *self._by_form(text),
            *self._by_trade(text),
            *self._by_place_of_shop(text),
            *self._by_english(text),
        ]

    def _by_form(self, text: str) -> Iterator[Finding]:
        done = 0
        for form in self._form.finditer(text):
            run = _RUN.search(text, max(done, form.start() - _LONGEST), form.start())
            start = self._left_edge(text, run.start(), form.start()) if run else None
            if start is not None:
                done = form.end()
                yield _found(start, form.end(), 0.85, WHOLE)

    def _left_edge(self, text: str, start: int, end: int) -> int | None:
        """Where the name begins whose form stands at `end`; None where nothing names a firm."""
        places = [p.span() for p in patterns().place.finditer(text, start, end)]
        # 供应链 holds 应, 代理 holds 代: no sentence begins inside a trade.
        held = [*places, *(t.span() for t in self._trade_word.finditer(text, start, end))]
        for word in self._before.finditer(text, start, end):
            inside = any(a <= word.start() and word.end() <= b for a, b in held)
            if word.end() == end - 1 or inside:
                continue
            # 和畅医药有限公司 behind a mark: no sentence begins with this word.
            if word.start() > start or word.group() not in "和同应":
                start = word.end()
        # 我们公司（上海…有限公司: what stands before an open bracket is another word.
        opened = max(text.rfind(mark, start, end) for mark in "（(")
        if opened > max(text.rfind(mark, start, end) for mark in "）)"):
            start = opened + 1
        marks = _MARKS.match(text[start:end])
        start += marks.end() if marks else 0
        for first, last in places:
            if start < first and last < end - 1 and text[first - 1] not in "（(":
                start = first
                break
        body = text[start:end]
        if len(body) < 2 or is_generic(body) or "公司" in body or is_public_body(body):
            return None
        return start

    def _by_trade(self, text: str) -> Iterator[Finding]:
        for trade in self._trade.finditer(text):
            long = len(trade.group()) >= _LONG_TRADE
            start = _brand_before(text, trade.start(), strong=long)
            if start is None or not is_cut_out(text, trade.start(), trade.end()):
                continue
            place = patterns().place.search(text, max(0, start - 4), start)
            begin = place.start() if place and place.end() == start else start
            yield _found(begin, trade.end(), 0.8, "brand_and_trade")

    def _by_place_of_shop(self, text: str) -> Iterator[Finding]:
        for shop in self._shop.finditer(text):
            start = _brand_before(text, shop.start(), strong=True)
            if start is not None:
                yield _found(start, shop.end(), 0.8, "brand_and_shop")

    def _by_english(self, text: str) -> Iterator[Finding]:
        for name in self._english.finditer(text):
            start, words = name.start(), name.group().split(" ")
            while words and words[0] in _NOT_FIRST:
                start += len(words.pop(0)) + 1
            if len(words) > 1:
                yield _found(start, name.end(), 0.8, "english")


def _brand_before(text: str, end: int, *, strong: bool = False) -> int | None:
    """Where a brand begins that stands before a trade: two or three characters that no word holds.

    Before what only firms are called (`strong`) one of three characters may hold a word: 徽品家, 鲁|安居.
    """
    if _TWO.match(text, end - 2) is None or _is_sentence(text[end - 2 : end]):
        return None
    first = max(0, end - 10)
    run = _HAN_RUN.search(text, first, end)
    base = run.start() if run else first
    edges = {base + edge for edge in word_edges(text[base:end])}
    for start in (end - 3, end - 2):
        brand = text[start:end]
        if start < base or start not in edges:
            continue
        loose = strong and len(brand) > 2 and _holds_a_word(brand)
        if not loose and not all(at in edges for at in range(start, end)):
            continue
        apart = start == base or text[start - 1] in _LITTLE
        if strong:
            apart = apart or text[start - 1] in _TO_FIRMS or start - 1 not in edges
        if len(brand) > 2 and (not apart or brand[0] in _TO_FIRMS):
            continue
        if brand[-1] in _OF_SORTS:
            return None
        if not is_ordinary_word(brand) and not _is_sentence(brand):
            return start
    return None


def _holds_a_word(brand: str) -> bool:
    """Whether a word and a character that is no verb make it up, and the word is none for firms."""
    import rjieba

    tagged = rjieba.tag(brand)
    return len(tagged) > 1 and not any(
        tag[:1] in "vdpcru" if len(word) == 1 else tag[:1] == "v" or is_generic(word)
        for word, tag in tagged
    )


# 植入类(医疗器械), 便携式(仪器): a sort of goods.
_OF_SORTS = frozenset("类型式性级款")
_TO_FIRMS = frozenset("找报放寄送请发退交付")
_LITTLE = frozenset(
    "的了在是和与及由向给对从为被把请让找跟同或也都又就还已将要会能可不没有无各每该本此其他她它们我你您这那哪个家做办去来到上下中内外前后多少几一二两三四五六七八九十"
)


def _is_sentence(brand: str) -> bool:
    """Whether a little word makes it a piece of a sentence: 做过(物流), 的(食品)."""
    return bool(_LITTLE & set(brand)) or surnames().is_titled(brand)


def _found(start: int, end: int, score: float, why: str) -> Finding:
    return Finding(Kind.ORGANISATION, start, end, score, f"{Kind.ORGANISATION.value}/{why}")
