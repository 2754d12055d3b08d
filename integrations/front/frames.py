"""What front and service tell each other over a pair of sockets: a kind, bytes, open descriptors."""

import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

_HEADER = struct.Struct("!BI")
# A name such as localhost has two addresses.
_MOST_DESCRIPTORS = 8


class Kind(IntEnum):
    """What a frame says."""

    # To the front: its settings, and the sockets people call at.
    SETTINGS = 1
    # To the service: somebody's connection, and what they said so far.
    CALLER = 2
    # To the service: what was answered, which may have left a letter.
    ANSWERED = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    kind: Kind
    payload: bytes
    descriptors: Sequence[int] = ()


def send(pair: socket.socket, frame: Frame) -> None:
    """Hand it over; descriptors stay open here. Raises OSError where nobody is left to take it."""
    header = _HEADER.pack(frame.kind, len(frame.payload))
    if frame.descriptors:
        socket.send_fds(pair, [header], list(frame.descriptors))
    else:
        pair.sendall(header)
    pair.sendall(frame.payload)


def receive(pair: socket.socket) -> Frame | None:
    """The next one; None at the end."""
    header, descriptors, _flags, _address = socket.recv_fds(pair, _HEADER.size, _MOST_DESCRIPTORS)
    if not header:
        return None
    kind, length = _HEADER.unpack(header + _exactly(pair, _HEADER.size - len(header)))
    return Frame(Kind(kind), _exactly(pair, length), tuple(descriptors))


def _exactly(pair: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = pair.recv(length - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
