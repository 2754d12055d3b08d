"""A case (案卷): what stands for whom, the same in every file, and what is already known.

The case itself is plain data. Whoever keeps it between runs keeps it encrypted: it holds the
originals (`records/vault.py`).
"""

import base64
import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from pii.canonical import canonical
from pii.findings import Finding
from pii.kinds import Kind
from pii.policy import Treatment
from pii.propagate import Known, parts_of, spreads
from pii.surnames import surnames
from pii.surrogates import AS_WRITTEN, Draw, Rules, date_shift, poured, surrogate

KEY_BYTES = 32
_STEMS = {Kind.PERSON_NAME: "客户", Kind.ORGANISATION: "单位"}
_ATTEMPTS = 60
_LONGEST_PART = 12
_NEVER_NAMED = frozenset({Kind.PASSWORD, Kind.COORDINATES, Kind.BIRTH_DATE, Kind.IP_ADDRESS})


@dataclass(frozen=True, slots=True)
class StandIn:
    """A text in the copies and the text of the original it stands for."""

    kind: Kind
    treatment: Treatment
    text: str
    original: str = field(repr=False)


class Case:
    """Stand-ins, the same for the same value. Share one object across the files of a case."""

    def __init__(
        self,
        key: bytes | None = None,
        *,
        stand_ins: Iterable[StandIn] = (),
        known: Iterable[Known] = (),
    ) -> None:
        self.key = key or secrets.token_bytes(KEY_BYTES)
        self._lock = threading.RLock()
        self._by_original: dict[tuple[Kind, Treatment, str], str] = {}
        self._by_value: dict[tuple[Kind, str], str] = {}
        self._originals: dict[str, StandIn] = {}
        self._known: dict[str, Known] = {}
        self._wholes: dict[str, set[str]] = {}
        self._numbers: dict[Kind, int] = {}
        self._avoided: set[str] = set()
        for one in known:
            self._know(one)
        for stand_in in stand_ins:
            self._remember(stand_in)
        self._kept = (len(self._by_original), len(self._known))

    @property
    def known(self) -> Sequence[Known]:
        """Every value found with certainty in a file of this case."""
        return tuple(self._known.values())

    @property
    def stand_ins(self) -> Sequence[StandIn]:
        """Every stand-in that leads back to an original."""
        return tuple(
            StandIn(kind, treatment, text, original)
            for (kind, treatment, original), text in self._by_original.items()
        )

    def fresh(self) -> tuple[Sequence[StandIn], Sequence[Known]]:
        """What came to it since it was opened, or since `mark_kept`."""
        stand_ins, known = self._kept
        return self.stand_ins[stand_ins:], self.known[known:]

    def mark_kept(self) -> None:
        """Nothing is fresh now."""
        self._kept = (len(self._by_original), len(self._known))

    def learn(self, texts: Sequence[str], found: Sequence[Sequence[Finding]]) -> None:
        """Remember the certain values of a file, and which texts cannot serve as pseudonyms."""
        with self._lock:
            for text, findings in zip(texts, found, strict=True):
                self._avoided.update(_looks_like_pseudonym().findall(text))
                for finding in findings:
                    value = text[finding.start : finding.end]
                    if spreads(finding.kind, value, finding.score) and _tells(finding.kind, value):
                        self._know(Known(finding.kind, value, finding.score))

    def learn_known(self, known: Iterable[Known]) -> None:
        """Remember values another reading has found certain."""
        with self._lock:
            for one in known:
                self._know(one)

    def original_of(self, text: str) -> StandIn | None:
        """Whom a text in a copy stands for."""
        return self._originals.get(text)

    def texts(self) -> Iterable[str]:
        """Every text that stands for somebody."""
        return self._originals.keys()

    def stand_in(
        self, kind: Kind, original: str, treatment: Treatment, *, keep_region: bool = False
    ) -> str | None:
        """What stands for the value; spaces and marks make no difference to whom it stands for.

        None where a surrogate is asked for and nothing sound looks like one.
        """
        with self._lock:
            given = self._by_original.get((kind, treatment, original))
            if given is not None:
                return given
            if treatment is Treatment.ENCRYPT:
                given = self._token(kind, original)
            elif treatment is Treatment.SURROGATE:
                given = self._surrogate(kind, original, keep_region)
            else:
                given = self._pseudonym(kind, original)
            if given is not None:
                self._remember(StandIn(kind, treatment, given, original))
            return given

    def _know(self, one: Known) -> None:
        if one.value not in self._known:
            self._known[one.value] = one
            for part in parts_of(one.kind, one.value):
                self._wholes.setdefault(part, set()).add(one.value)

    def _remember(self, one: StandIn) -> None:
        self._by_original[one.kind, one.treatment, one.original] = one.text
        if one.treatment is Treatment.PSEUDONYM:
            self._by_value.setdefault((one.kind, canonical(one.kind, one.original)), one.text)
            if one.text not in self._originals:
                self._numbers[one.kind] = self._numbers.get(one.kind, 0) + 1
        self._originals.setdefault(one.text, one)

    def _whole(self, kind: Kind, original: str) -> str | None:
        """陈明远 for 明远, where the case knows just one such person."""
        wholes = self._wholes.get(original, set()) if kind is Kind.PERSON_NAME else set()
        return next(iter(wholes)) if len(wholes) == 1 else None

    def _pseudonym(self, kind: Kind, original: str) -> str | None:
        whole = self._whole(kind, original)
        if whole is not None:
            return self.stand_in(kind, whole, Treatment.PSEUDONYM)
        given = self._by_value.get((kind, canonical(kind, original)))
        number = self._numbers.get(kind, 0)
        while given is None:
            text = _STEMS.get(kind, kind.display.zh) + _letters(number)
            given = None if text in self._originals or text in self._avoided else text
            number += 1
        return given

    def _surrogate(self, kind: Kind, original: str, keep_region: bool) -> str | None:
        whole = self._whole(kind, original)
        if whole is not None and whole.endswith(original):
            return (self.stand_in(kind, whole, Treatment.SURROGATE) or "")[-len(original) :]
        rules = Rules(date_shift(self.key), keep_region)
        value = canonical(kind, original)
        written = original if kind in AS_WRITTEN else value
        for attempt in range(_ATTEMPTS):
            made = surrogate(kind, written, Draw(self.key, kind, value, attempt), rules)
            if made is None:
                break
            text = made if kind in AS_WRITTEN else poured(original, made)
            if self._is_free(text, kind, value, original):
                return text
        if kind in _NEVER_NAMED:
            return None
        return self.stand_in(kind, original, Treatment.PSEUDONYM)

    def _is_free(self, text: str, kind: Kind, value: str, original: str) -> bool:
        """Whether the text is nobody's: neither an original nor another value's stand-in."""
        taken = self._originals.get(text)
        if taken is not None:
            return kind is taken.kind and canonical(kind, taken.original) == value
        parts = {
            text[a : a + size]
            for size in range(2, min(len(text), _LONGEST_PART) + 1)
            for a in range(len(text) - size + 1)
        }
        return text != original and text not in self._known and self._known.keys().isdisjoint(parts)

    def _token(self, kind: Kind, original: str) -> str:
        """〔密：ABCD-EFGH〕: forty bits of a keyed digest. It leads back only through the case."""
        for attempt in range(_ATTEMPTS):
            content = f"{kind.value}\0{original}\0{attempt}\0token"
            digest = hmac.new(self.key, content.encode(), hashlib.sha256).digest()
            letters = base64.b32encode(digest[:5]).decode()
            text = f"〔密：{letters[:4]}-{letters[4:]}〕"
            if text not in self._originals:
                return text
        raise RuntimeError("forty bits cannot be taken sixty times over")


def _letters(number: int) -> str:
    """A … Z, AA …"""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _tells(kind: Kind, value: str) -> bool:
    """Whether a value says as much in another file. A header cell under 投诉人 once made 服务 a name.

    Within its own file the layout stands beside the value; over a case only the characters do.
    """
    return kind is not Kind.PERSON_NAME or len(value) > 2 or surnames().is_full_name(value)


@cache
def _looks_like_pseudonym() -> re.Pattern[str]:
    stems = "|".join(_STEMS.get(kind, kind.display.zh) for kind in Kind)
    return re.compile(rf"(?:{stems})[A-Z]{{1,3}}(?![A-Za-z])")
