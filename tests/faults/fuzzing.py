"""Damaged and invented input, and the loop that feeds it: seconds, or so many minutes."""

import os
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

MINUTES = float(os.environ.get("COMPLIANCE_FUZZ_MINUTES", "0"))
SLOWEST_SECONDS = 20
PIECES = (
    *(b"\0", b"\xff" * 9, b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>", b"%PDF-1.7"),
    *(b"PK\x03\x04", b"&b;", b'{"a":' * 40, b"]]>", b"1e999999", b"-1", b"NaN", b"Infinity"),
    *("第九百九十九条".encode(), "￿\u202e".encode(), b"\r\n\r\n", b"--x\r\n", b"2026-02-30"),
    *(
        b"9" * 400,
        b"9" * 5000,  # more digits than Python makes a number of
        b"=cmd|' /C calc'!A0",
        b"../../../etc/passwd",
        b"*a &a [*a]",
        b"!!python/name:os",
    ),
)


def damaged(data: bytes, harms: list[tuple[float, int, int]]) -> bytes:
    """The data with stretches cut out, doubled, turned round or replaced by nasty pieces."""
    for where, harm, size in harms:
        at = int(where * len(data))
        end = min(len(data), at + size)
        piece = data[at:end]
        changes = (b"", piece * 2, piece[::-1], bytes(b ^ (harm & 255 or 1) for b in piece))
        new = changes[harm % 4] if harm % 3 else PIECES[harm % len(PIECES)]
        data = data[:at] + new + data[end:]
    return data


HARMS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 10_000), st.integers(0, 300)), max_size=5
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


def bytes_like(*seeds: bytes) -> st.SearchStrategy[bytes]:
    """Those as they are, so that something gets through; those, damaged; and anything at all."""
    whole = st.sampled_from(seeds)
    return whole | st.builds(damaged, whole, HARMS) | st.binary(max_size=200)


def shaped_like(value: Any) -> st.SearchStrategy[Any]:
    """Objects of that shape, any part of which may be missing or something else."""
    if isinstance(value, dict):
        parts = {key: shaped_like(inner) for key, inner in value.items()}
        return JSON | st.fixed_dictionaries({}, optional=parts)
    if isinstance(value, list):
        return JSON | st.lists(shaped_like(value[0]), max_size=3)
    return st.just(value) | JSON


def words(*seeds: str) -> st.SearchStrategy[str]:
    """Those, damaged; and anything at all."""
    own = bytes_like(*(one.encode() for one in seeds)).map(lambda b: b.decode("utf-8", "replace"))
    return own | st.text(max_size=60)


def attempt(
    parse: Callable[..., object], given_to_it: Any, known: tuple[type[Exception], ...]
) -> bool:
    """Whether there is a result, or else one of the errors a door knows; and soon."""
    began, taken = time.monotonic(), True
    try:
        found = parse(given_to_it)
        if isinstance(found, Iterable) and not isinstance(found, str | bytes):
            list(found)
    except known:
        taken = False
    assert time.monotonic() - began < SLOWEST_SECONDS, "hung"
    return taken


def fed(inputs: st.SearchStrategy[Any], feed: Callable[[Any], object], *, share: float) -> None:
    """Each input fed: twenty the same each time, or new ones for a share of the minutes."""
    until = time.monotonic() + MINUTES * 60 * share
    start = random.SystemRandom().randrange(2**32) if MINUTES else 1
    while True:

        @seed(start)
        @settings(
            max_examples=200 if MINUTES else 20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(inputs)
        def tried(value: Any) -> None:
            feed(value)

        tried()
        start += 1
        if time.monotonic() >= until:
            return
