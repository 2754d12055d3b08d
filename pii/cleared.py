"""Text that may leave the process. Models, embedders and indexes accept nothing else."""

import re
from dataclasses import dataclass, field, replace

_SEAL = object()
_MASK = re.compile(r"〔[^〔〕]{1,12}〕")
_NAME_MASK = "〔姓名〕"


@dataclass(frozen=True)
class ClearedText:
    """Text that holds no personal data, made only by `public_text` or by `pii.redact.redact`."""

    text: str
    source: str
    _seal: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._seal is not _SEAL:
            raise TypeError("ClearedText is made by pii.redact.redact or pii.cleared.public_text")

    def __str__(self) -> str:
        return self.text


def public_text(text: str, *, source: str) -> ClearedText:
    """Published text (a law, a duty, company policy), cleared because of where it comes from."""
    if not source.strip():
        raise ValueError("public text needs its source")
    return ClearedText(text, source, _SEAL)


def redacted_text(text: str) -> ClearedText:
    """Text whose findings were just treated. Only `pii.redact` calls this; a test sees to it."""
    return ClearedText(text, "redacted", _SEAL)


def holds_mask(text: str) -> bool:
    """Whether something was masked in a text, so that it is not what was written letter for letter."""
    return bool(_MASK.search(text))


def without_names_masked(text: ClearedText) -> ClearedText:
    """The text to search by: that a name was masked in it must not lead to where another was."""
    if _NAME_MASK not in text.text:
        return text
    return replace(text, text=text.text.replace(_NAME_MASK, ""))
