"""How the pool and its child processes talk: JSON objects, each behind its length, over a pipe."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import BinaryIO

_LENGTH = struct.Struct(">I")
_LARGEST = 256 * 1024 * 1024

Message = dict[str, Any]


class WireError(Exception):
    """What came over the pipe is no message."""


def pack(message: Message) -> bytes:
    """The bytes of one message."""
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    return _LENGTH.pack(len(body)) + body


def read(stream: BinaryIO) -> Message | None:
    """The next message of a blocking stream, None at its end."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    message: Message = json.loads(stream.read(_LENGTH.unpack(head)[0]))
    return message


class Inbox:
    """Puts messages together from the pieces in which a pipe delivers them."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, piece: bytes) -> None:
        """Add what was read."""
        self._pending += piece

    def take(self) -> Message | None:
        """The next whole message, None while there is none.

        Raises:
            WireError: the bytes are no message.
        """
        if len(self._pending) < _LENGTH.size:
            return None
        end = _LENGTH.size + _LENGTH.unpack_from(self._pending)[0]
        if end > _LARGEST:
            raise WireError(f"message of {end} bytes")
        if len(self._pending) < end:
            return None
        body = bytes(self._pending[_LENGTH.size : end])
        del self._pending[:end]
        try:
            message = json.loads(body)
        except ValueError as error:
            raise WireError("not JSON") from error
        if not isinstance(message, dict):
            raise WireError("not an object")
        return message
