"""Something between the service and its S3 store that can be told to misbehave."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_Look = Callable[[bytes, socket.socket, socket.socket], bool]
_BUSY = (
    b"<?xml version='1.0'?><Error><Code>SlowDown</Code>"
    b"<Message>Please reduce your request rate.</Message></Error>"
)
FAULTS = ("busy", "silent", "closed", "cut")
"""What a store may do: ask for less, say nothing, hang up, break off its answers."""


class FaultyS3:
    """A proxy on a port of its own; ``fault`` is None or one of ``FAULTS``."""

    def __init__(self, endpoint: str) -> None:
        host, _, port = endpoint.partition(":")
        self._behind = (host, int(port))
        self.fault: str | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self._over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._over.set()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._behind) as behind:
            back = threading.Thread(target=_pass_on, args=(behind, client, self._answer), daemon=True)
            back.start()
            _pass_on(client, behind, self._request)
            back.join()

    def _request(self, data: bytes, client: socket.socket, _behind: socket.socket) -> bool:
        """What to do about a piece of a request; False: hang up."""
        if self.fault == "busy":
            head = b"HTTP/1.1 503 Slow Down\r\nConnection: close\r\nContent-Type: application/xml\r\n"
            client.sendall(head + b"Content-Length: %d\r\n\r\n%b" % (len(_BUSY), _BUSY))
        if self.fault == "silent":
            self._over.wait()
        return self.fault not in ("busy", "silent", "closed")

    def _answer(self, data: bytes, _behind: socket.socket, client: socket.socket) -> bool:
        """The same of a piece of an answer."""
        if self.fault == "cut":
            client.sendall(data[: len(data) // 2])
        return self.fault != "cut"


def _pass_on(source: socket.socket, target: socket.socket, goes_on: _Look) -> None:
    with suppress(OSError):
        while (data := source.recv(65536)) and goes_on(data, source, target):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
