"""What comes over the pipe from a child process: a message, or no message, however it is cut into pieces."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from worker.wire import Inbox, WireError, pack

INSTRUMENTED = ["worker"]
QUICK = 60_000


def seeds() -> Iterator[bytes]:
    yield b"\x03" + pack({"event": "open", "document": 0}) + pack({"event": "done", "report": {}})
    yield b"\x01" + struct.pack(">I", 4) + b"null"
    yield b"\x09" + struct.pack(">I", 0xFFFFFFFF)


def run(data: bytes) -> None:
    if not data:
        return
    step, data = data[0] or 1, data[1:]
    whole, pieces = Inbox(), Inbox()
    whole.feed(data)
    cut = []
    for start in range(0, len(data), step):
        pieces.feed(data[start : start + step])
        if None not in cut:
            # Nobody listens to a process that has once talked nonsense.
            cut += _taken(pieces)
    assert _taken(whole) == cut


def _taken(inbox: Inbox) -> list[object]:
    taken: list[object] = []
    try:
        while (message := inbox.take()) is not None:
            assert isinstance(message, dict)
            taken.append(message)
    except WireError:
        taken.append(None)
    return taken
