"""The head of the audit log put outside our reach at each upkeep: a file, or a webhook."""

import logging
import os
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from assistant.app import App
from records.anchors import anchor_line

logger = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10


def anchor_audit(app: App) -> bool:
    """Whether the head was put outside; a failure is logged, and the next hour tries again."""
    place = app.settings.audit_anchor
    if not place:
        return False
    with app.database.reading() as session:
        line = anchor_line(session, app.signer, app.clock())
    try:
        if place.startswith(("https://", "http://")):
            _post(place, line)
        else:
            _append(Path(place), line)
    except (OSError, urllib.error.URLError) as error:
        logger.error("the head of the audit log was not anchored: %s", type(error).__name__)
        return False
    return True


def _append(path: Path, line: str) -> None:
    """The whole line or nothing of it: half a line would spoil the one that comes after."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            left = line.encode()
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except OSError:
            # A place that only appends refuses this; then the half line shows, and is said.
            with suppress(OSError):
                file.truncate(before)
            raise


def _post(url: str, line: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
        url, data=line.encode(), headers={"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
        pass
