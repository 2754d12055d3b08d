"""How many requests one person or program may send a minute; asked before anything is done.

Counted in this process: with several of them each allows as much.
"""

import threading
import time
from collections.abc import Callable

from assistant.errors import TooManyRequests

WINDOW_SECONDS = 60.0
FORGET_ABOVE = 10_000


class Rates:
    """A bucket for each person: full at first, filled evenly."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._now = now
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def count(self, who: str) -> None:
        """Pass, or raise TooManyRequests saying when there is room again."""
        now, each = self._now(), WINDOW_SECONDS / self._size
        with self._lock:
            left, at = self._left.get(who, (self._size, now))
            left = min(self._size, left + (now - at) / each)
            if left < 1:
                raise TooManyRequests((1 - left) * each)
            if len(self._left) > FORGET_ABOVE:
                self._left.clear()
            self._left[who] = (left - 1, now)
