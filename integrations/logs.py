"""Log lines for people or for programs; of an error its class and place, never its text."""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, TextIO

_ERROR = re.compile(r"\b[\w.]+(?:Error|Exception)\b")
Format = Literal["text", "json"]
_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """One line a record. The text of an error may quote a client: it is left out, its causes too."""

    def __init__(self, form: Format) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        record.exc_text = None  # another handler may have put the whole traceback there
        if self._form == "text":
            return super().format(record)
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

    def formatException(self, ei: _Caught) -> str:
        """Class and places, innermost first."""
        kind, _, trace = ei
        frames = traceback.extract_tb(trace)[-6:]
        places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
        return f"{kind.__name__ if kind else 'unknown'} at {places}"


class NameOnly(logging.Filter):
    """For a library that writes the text of errors into its messages: what failed, of which class."""

    def filter(self, record: logging.LogRecord) -> bool:
        """The beginning of the message, the first error named in it, the place."""
        said = record.getMessage()
        named = _ERROR.search(said)
        kind = f": {named[0]}" if named else ""
        record.msg = f"{said.partition(':')[0][:120]}{kind} ({record.filename}:{record.lineno})"
        record.args = None
        return True


class ErrorStream(logging.StreamHandler[TextIO]):
    """Writes to whatever is the error stream at that moment: it may have been replaced since."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """The error stream of now."""
        return sys.stderr


def set_up_logs(form: Format) -> None:
    """Every logger of the process to the error stream in this form; warnings and worse."""
    handler = ErrorStream()
    handler.setFormatter(Discreet(form))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    jobs = logging.getLogger("dbos")
    if not jobs.handlers:
        # With a handler of its own it sets up none that writes past ours.
        jobs.addHandler(logging.NullHandler())
        jobs.addFilter(NameOnly())
    for client in ("httpx", "httpx2"):
        # Their lines quote whole addresses; whoever asks for more detail must not get those.
        logging.getLogger(client).setLevel(logging.WARNING)
