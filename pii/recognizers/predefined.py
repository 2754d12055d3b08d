"""Recognizers that Presidio brings and we do not repeat: bank accounts and numbers of other countries.

Only those that are sound without its language model, each behind a trigger: loading Presidio takes
two seconds, which a text without the trigger never pays.
"""

import re
import threading
from dataclasses import dataclass
from typing import Any

from pii.findings import Finding
from pii.kinds import Kind
from pii.recognizers.base import Recognizer


@dataclass(frozen=True, slots=True)
class Predefined:
    """A recognizer of Presidio: its class, our kind, what must stand in the text, the score."""

    name: str
    kind: Kind
    trigger: re.Pattern[str]
    score: float


# Each trigger begins with a class of letters, which lets `re` skip to one.
PREDEFINED = (
    # ISO 13616: country, two check digits by MOD 97-10, account.
    Predefined(
        "IbanRecognizer",
        Kind.BANK_CARD,
        re.compile(r"[A-Z](?<![0-9A-Za-z].)[A-Z]\d{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}"),
        0.95,
    ),
    # Nine digits are anything; behind the words they are what the words say.
    Predefined(
        "UsSsnRecognizer",
        Kind.SOCIAL_SECURITY,
        re.compile(
            r"[Ss](?:(?i:sn)|(?i:ocial security))[^0-9\n]{0,24}(?=\d{3}[- .]?\d{2}[- .]?\d{4})"
        ),
        0.95,
    ),
    # Ten digits with a check digit by MOD 11: one in eleven passes, so behind the word.
    Predefined(
        "NhsRecognizer",
        Kind.MEDICAL_INSURANCE,
        re.compile(r"NHS[^0-9\n]{0,24}(?=\d{3}[- ]?\d{3}[- ]?\d{4})"),
        0.95,
    ),
    # A Bitcoin address carries four bytes of SHA-256: it needs no word.
    Predefined(
        "CryptoRecognizer",
        Kind.ACCOUNT,
        re.compile(r"[13b](?<![0-9A-Za-z].)[0-9A-Za-z]{25,61}(?![0-9A-Za-z])"),
        0.95,
    ),
)


class PredefinedRecognizer(Recognizer):
    """Asks a recognizer of Presidio about the lines in which its trigger stands."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: dict[str, Any] = {}

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds in the table."""
        return tuple(dict.fromkeys(one.kind for one in PREDEFINED))

    def find(self, text: str) -> list[Finding]:
        """Findings that begin within a line's reach of the trigger."""
        found: list[Finding] = []
        for one in PREDEFINED:
            for trigger in one.trigger.finditer(text):
                stretch = text[trigger.start() : trigger.end() + 40].split("\n", 1)[0]
                found.extend(self._ask(one, stretch, trigger.start()))
        return found

    def _ask(self, one: Predefined, text: str, base: int) -> list[Finding]:
        recognizer = self._load(one.name)
        return [
            Finding(
                one.kind,
                base + result.start,
                base + result.end,
                one.score,
                f"{one.kind.value}/presidio:{one.name}",
            )
            for result in recognizer.analyze(text, list(recognizer.supported_entities), None)
        ]

    def _load(self, name: str) -> Any:
        with self._lock:
            if name not in self._loaded:
                from presidio_analyzer import predefined_recognizers

                self._loaded[name] = getattr(predefined_recognizers, name)()
            return self._loaded[name]
