"""Whether the long tests run whole: `make test-thorough`, which sets COMPLIANCE_LONG.

Without it each of them takes a sample that is the same each time and spread over the whole.
"""

import os
from collections.abc import Iterable, Sequence
from typing import TypeVar

THOROUGH = bool(os.environ.get("COMPLIANCE_LONG"))
T = TypeVar("T")


def sample(whole: Iterable[T], every: int, *, first: int = 0) -> Sequence[T]:
    """All of it where thorough, otherwise one of so many."""
    return list(whole) if THOROUGH else list(whole)[first::every]


def size(whole: int, quick: int) -> int:
    """The whole size where thorough, otherwise the smaller one that proves the same."""
    return whole if THOROUGH else quick
