"""Text that may leave the process. Models, embedders and indexes accept nothing else."""

from dataclasses import dataclass, field

_SEAL = object()


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
