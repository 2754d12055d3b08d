"""Processes that read files, one a core; one that hangs or dies is replaced, and its file named."""

import contextlib
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import PurePosixPath
from typing import Any

from pii.detect import Detector, ShippedDetector
from pii.formats.opening import Limits
from pii.inventory import Contents, State, look
from pii.rules import Rule, RuledDetector, Rules

MEMORY = 4 * 1024**3
"""More than the models and the largest file need; a bomb ends its own process only."""
START_SECONDS = 300


@dataclass(frozen=True)
class Setup:
    """What every process is given at its start: here, to say what is in a file."""

    key: bytes = field(repr=False)
    rules: Sequence[Rule] = field(default=(), repr=False)
    seconds: float = 120
    limits: Limits = field(default_factory=Limits)

    def reader(self) -> Callable[[bytes, str], Any]:
        """What is done with the bytes and the name of a file; called once in each process."""
        detector = self.detector()
        return lambda data, name: look(data, name, detector, key=self.key, limits=self.limits)

    def detector(self) -> Detector:
        """The models loaded, the rules over them."""
        rules = Rules(tuple(self.rules))
        detector = RuledDetector(ShippedDetector(), lambda: rules)
        detector.find("预热 warming up")
        return detector

    def called(self, path: str) -> str:
        """What of its path the reader is told."""
        return PurePosixPath(path).suffix.lower()

    def failed(self, state: State) -> Any:
        """The result for a file that could not be read."""
        return Contents(state)

    def keep(self, mark: str, result: Any) -> Any:
        """What the manifest remembers of a result; whatever is to lie elsewhere goes there now."""
        return result


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    mark: str | None = None
    until: float = 0
    ready: bool = False


class Workers:
    """Gives out files and brings back what is in them, in whatever order they are done."""

    def __init__(self, count: int, setup: Setup) -> None:
        self._context = get_context("spawn")
        self.setup = setup
        self._workers = [self._start() for _ in range(count)]

    @property
    def free(self) -> bool:
        """Whether another file can be given out now."""
        return any(worker.mark is None for worker in self._workers)

    @property
    def busy(self) -> bool:
        """Whether a file is being read."""
        return any(worker.mark is not None for worker in self._workers)

    def give(self, mark: str, data: bytes, name: str) -> None:
        """One more file to a process that waits."""
        worker = next(worker for worker in self._workers if worker.mark is None)
        # Loading the models is not the file's time.
        allowed = self.setup.seconds if worker.ready else START_SECONDS
        worker.mark, worker.until = mark, time.monotonic() + allowed
        try:
            worker.pipe.send((data, name))
        except OSError:
            worker.until = 0  # it died waiting; `collect` replaces it

    def collect(self, patience: float = 0.5) -> Iterator[tuple[str, Any]]:
        """What is done, has hung or has died by now."""
        pipes = {worker.pipe: worker for worker in self._workers if worker.mark is not None}
        ready = {id(pipe) for pipe in wait(list(pipes), timeout=patience)}
        for number, worker in enumerate(self._workers):
            mark = worker.mark
            if mark is None:
                continue
            if id(worker.pipe) in ready:
                try:
                    contents = worker.pipe.recv()
                    if contents is None:
                        worker.ready = True
                        worker.until = time.monotonic() + self.setup.seconds
                        continue
                    done = (mark, contents)
                    worker.mark = None
                except (EOFError, OSError):
                    # Killed by the kernel for memory, or by a library's own fault.
                    done = (mark, self.setup.failed(State.TOO_LARGE))
                    self._replace(number)
                yield done
            elif time.monotonic() > worker.until:
                yield mark, self.setup.failed(State.TIMED_OUT)
                self._replace(number)

    def close(self) -> None:
        """Every process ended."""
        for worker in self._workers:
            _end(worker)

    def _replace(self, number: int) -> None:
        _end(self._workers[number])
        self._workers[number] = self._start()

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self.setup), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _work(pipe: Connection, setup: Setup) -> None:
    """The life of a process: a file in, its contents out, until nobody is there."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    read = setup.reader()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        pipe.send(None)
        while True:
            data, name = pipe.recv()
            pipe.send(read(data, name))
