"""How large the head of a request may be: uvicorn's quick parser keeps whatever somebody sends."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 64 * 1024


class BoundedHeads(HttpToolsProtocol):
    """Ends a connection whose request line and headers go on beyond the limit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head, self._head = True, 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # Looked at when the piece has been read: the body may begin in it.
        if self._in_head:
            self._head += len(data)
            if self._head > HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()
