"""Laws known only from the words that ended them: 《中华人民共和国合同法》…同时废止."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.numerals import article_heading
from knowledge.provisions import Provision
from knowledge.sources import short_name
from records.language import Bilingual

# What a text is searched for before it is read closely.
MARK = "废止"
_TITLE = r"《[^《》]*(?:〈[^〈〉]*〉[^《》]*)?》"
_LIST = re.compile(
    rf"((?:{_TITLE}\s*(?:[（(][^（）()]*[）)])?\s*(?:、|，|和|及|以及|与)?\s*)+)"
    r"(?:均|一并)?同时(?:予以)?废止"
)
_NAMED = re.compile(r"《([^《》]*)》")
_FROM = re.compile(r"自\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*起\s*施行")


@dataclass(frozen=True)
class Repeal:
    """A law that is no longer law, the provision that says so, and the first day it did not hold."""

    name: str
    by: Provision
    since: date | None

    @property
    def note(self) -> Bilingual:
        """What to tell somebody who names it."""
        name, by = short_name(self.name), short_name(self.by.instrument)
        heading = article_heading(self.by.article)
        since_zh = f"自 {self.since} 起" if self.since else "已"
        since_en = f" from {self.since}" if self.since else ""
        return Bilingual(
            f"《{name}》{since_zh}废止（《{by}》{heading}），原文没有装入。",
            f"《{name}》 is repealed{since_en} (《{by}》, article {self.by.article}); its text is "
            "not loaded.",
        )


def repeals_in(provisions: Iterable[Provision], known: Collection[str]) -> dict[str, Repeal]:
    """Every law that these provisions end, by its name; one that is itself loaded or catalogued is left out."""
    found: dict[str, Repeal] = {}
    for provision in provisions:
        for ended in _LIST.finditer(provision.text):
            for title in _NAMED.findall(ended[1]):
                if title not in known and short_name(title) not in known:
                    # Of two versions that say it, the later stands.
                    found[title] = Repeal(title, provision, _since(provision.text))
    return found


def _since(text: str) -> date | None:
    """The day the repealing text began, as its own words have it: that of an amended version is later."""
    days = {tuple(map(int, parts)) for parts in _FROM.findall(text)}
    if len(days) != 1:
        return None
    try:
        return date(*days.pop())
    except ValueError:
        return None
