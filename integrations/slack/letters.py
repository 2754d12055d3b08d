"""Letters of the front made into jobs, in the order they came; each stays until it is one."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from integrations.errors import log_unexpected
from records.errors import ProductError
from records.letter_box import Letter, LetterBox

logger = logging.getLogger(__name__)

# The front says when there is something; a letter of a dead one, or another host's, is found so.
LOOK_SECONDS = 2.0
# A letter that cannot become a job now holds up the others for so many tries, and is tried for a day.
TRIES, PAUSE_SECONDS = 3, 1.0
LONGEST = timedelta(hours=24)


class Letters:
    """The thread that empties the box."""

    def __init__(self, box: LetterBox, work: Callable[[Letter], bool]) -> None:
        """`work` makes one letter a job and says whether that is done; twice is harmless."""
        self._box = box
        self._work = work
        self._ending = threading.Event()
        self._come = threading.Event()
        self._thread = threading.Thread(target=self._run, name="letters", daemon=True)

    def start(self) -> None:
        """Begin with what is there."""
        self._box.tidy()
        self._thread.start()

    def come(self) -> None:
        """There may be something."""
        self._come.set()

    def stop(self) -> None:
        """Empty it once more, then end; what cannot become a job now waits for the next start."""
        self._ending.set()
        self._come.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._come.clear()
            ending = self._ending.is_set()
            try:
                for name in self._box.waiting():
                    self._take(name)
            except Exception as error:
                log_unexpected(error, where="letters")
            if ending:
                return
            self._come.wait(LOOK_SECONDS)

    def _take(self, name: str) -> None:
        try:
            letters = self._box.open(name)
        except ProductError as error:
            log_unexpected(error, where="letters")
            self._box.set_aside(name)
            return
        for one in letters:
            if not self._worked(one):
                return
        self._box.remove(name)

    def _worked(self, letter: Letter) -> bool:
        for _ in range(TRIES):
            if self._work(letter):
                return True
            if self._ending.wait(PAUSE_SECONDS):
                return False
        if datetime.now(UTC) - datetime.fromisoformat(letter["heard_at"]) < LONGEST:
            return False
        logger.error("a letter was tried for a day and is given up")
        return True
