"""Whether the articles a text names exist and are in force, and whether what it quotes is in them."""

import re
from dataclasses import dataclass
from datetime import date

from assistant.app import App
from assistant.law.read_law import readable
from assistant.redaction.clearing import clear_text
from knowledge.lookup import Lookup
from knowledge.provisions import Standing
from records.people import Person
from records.permissions import Permission

LONGEST_TEXT = 8000
# Shorter words in quotation marks are terms, not quotations.
SHORTEST_QUOTE = 6
_QUOTES = re.compile(r"“([^”]+)”|「([^」]+)」|\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """Words in quotation marks, and the provision of those named that has them; none if it is None."""

    words: str
    found_in: str | None


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """Each article named with what it leads to on that day, and each quotation with its place."""

    as_of: date
    citations: tuple[Lookup, ...]
    quotes: tuple[CheckedQuote, ...]

    @property
    def holds(self) -> bool:
        """Whether something is cited, all of it is in force, and every quotation is in it."""
        standing = [
            one.provision is not None and one.provision.standing(self.as_of) is Standing.IN_FORCE
            for one in self.citations
        ]
        return bool(standing) and all(standing) and all(one.found_in for one in self.quotes)


def check_citations(
    app: App, person: Person, text: str, *, as_of: date | None = None
) -> CitationCheck:
    """The citations of a text, each looked up exactly. The text is cleared first and not kept.

    Raises NotPermitted, EmptyText, TextTooLong.
    """
    app.authorise(person, Permission.KNOWLEDGE_READ)
    cleared = clear_text(app, text, LONGEST_TEXT).cleared.text
    day = as_of or app.today()
    allowed = tuple(app.library.look_up_all(cleared, as_of=day, audience=readable(person)))
    quotes = tuple(_quote(words, allowed) for words in _quoted(cleared))
    check = CitationCheck(day, allowed, quotes)
    details = {"citations": len(allowed), "quotes": len(quotes), "holds": check.holds}
    app.record(person, "knowledge:citations-checked", "library", details)
    return check


def _quoted(text: str) -> list[str]:
    found = ("".join(groups) for groups in _QUOTES.findall(text))
    return [words for words in found if len(_plain(words)) >= SHORTEST_QUOTE]


def _quote(words: str, citations: tuple[Lookup, ...]) -> CheckedQuote:
    wanted = _plain(words)
    for one in citations:
        if one.provision is not None and wanted in _plain(one.provision.text):
            return CheckedQuote(words, one.provision.id)
    return CheckedQuote(words, None)


def _plain(text: str) -> str:
    """Letter for letter, blanks and a closing stop aside."""
    return "".join(text.split()).rstrip("。；，.;,")
