"""An answer while it is being written: server-sent events (WHATWG HTML, section 9.2).

`claim` is one statement of a model that stands, as soon as it is complete; `answer` (or `page`) the
whole at the end; `problem` what went wrong instead. What has not passed the check is never sent.
"""

import json
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

from starlette.responses import StreamingResponse

from integrations.errors import log_unexpected
from integrations.web.problems import problem_of
from records.errors import ProductError

Tell = Callable[[str, Any], None]
# A comment so often, so that nothing between us and the reader takes silence for the end.
ALIVE_SECONDS = 10.0
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def stream(work: Callable[[Tell], None]) -> StreamingResponse:
    """The events that `work` tells, each sent as it is told. `work` runs in a thread of its own."""
    told: queue.SimpleQueue[tuple[str, Any] | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            work(lambda name, data: told.put((name, data)))
        except ProductError as error:
            told.put(("problem", problem_of(error).model_dump()))
        except Exception as error:
            log_unexpected(error, where="stream")
            told.put(("problem", problem_of(None).model_dump()))
        finally:
            told.put(None)

    threading.Thread(target=run, name="stream", daemon=True).start()
    return StreamingResponse(_events(told), media_type="text/event-stream", headers=HEADERS)


def _events(told: "queue.SimpleQueue[tuple[str, Any] | None]") -> Iterator[str]:
    while True:
        try:
            event = told.get(timeout=ALIVE_SECONDS)
        except queue.Empty:
            yield ": \n\n"
            continue
        if event is None:
            return
        name, data = event
        yield f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
