"""Gunicorn's threaded worker, in which no client holds a thread by being slow.

The main loop reads the head of each request and sees connections off; a thread gets a request when its head
is there.  Requests whose body has yet to come have threads of their own, so that slow uploads hold up
nothing but uploads.  Whoever sends or takes less than the limits say is cut off.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.http.errors import LimitRequestHeaders, ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

CONNECTIONS = 800
"""Of one process: below the 1024 open files that systems allow by default."""

UPLOADS_PER_THREAD = 4
"""Threads for requests with a body that has yet to come, for each of the others; they mostly wait."""

_SLOWEST = 1024
"""Bytes a second that a client must send, or take, on the average, beside the seconds it may be silent."""

_HEAD_BYTES = 64 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_BODY_FOLLOWS = re.compile(rb"(?im)^(?:transfer-encoding|content-length)[ \t]*:[ \t]*([^\r\n]*)")
_PIECE = 64 * 1024
_LINGER_SECONDS = 2.0


class TooSlowError(ParseException):  # type: ignore[misc]
    """The head of a request does not come."""


class Line(socket.socket):
    """The connection to a client, on which nobody waits for long."""

    def __init__(self, accepted: socket.socket, patience: float) -> None:
        """Take over a connection.

        Args:
            patience: seconds that the client may be silent.
        """
        super().__init__(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        self._patience = patience
        self.begin()

    def begin(self) -> None:
        """A request begins: what the client did before does not count."""
        self._came = 0
        self._waited = 0.0

    def recv(self, size: int, flags: int = 0) -> bytes:
        """What the client sends.

        Raises:
            TimeoutError: it sends nothing, or too slowly. What the service takes is not counted.
        """
        left = self._patience + self._came / _SLOWEST - self._waited
        begun = time.monotonic()
        try:
            seconds = min(left, self._patience)
            data: bytes = self._within(seconds, lambda: super(Line, self).recv(size, flags))
        finally:
            self._waited += time.monotonic() - begun
        self._came += len(data)
        return data

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send it all.

        Raises:
            BrokenPipeError: the client does not take it.
        """
        try:
            seconds = self._patience + len(data) / _SLOWEST
            self._within(seconds, lambda: super(Line, self).sendall(data, flags))
        except TimeoutError as error:
            raise BrokenPipeError(32, "the client takes nothing") from error

    def _within(self, seconds: float, call: Callable[[], Any]) -> Any:
        if seconds <= 0:
            raise TimeoutError("the client is too slow")
        before = self.gettimeout()
        self.settimeout(seconds if before is None else min(seconds, before))
        try:
            return call()
        finally:
            with contextlib.suppress(OSError):
                self.settimeout(before)


class _Connection(TConn):  # type: ignore[misc]
    """Gunicorn's connection; a polite farewell is the main loop's, which does not wait for it."""

    see_off: Callable[[socket.socket], None]

    def close(self, graceful: bool = False) -> None:
        """End it."""
        if graceful:
            self.see_off(self.sock)
        else:
            util.close(self.sock)


@dataclass(slots=True)
class _Head:
    """The beginning of a request.

    Attributes:
        came: what is there of it.
        until: when the rest must be there, on the monotonic clock.
    """

    came: bytearray
    until: float


class Worker(ThreadWorker):  # type: ignore[misc]
    """See the module.  ``patience`` is set before it is started."""

    patience = 60.0

    def init_process(self) -> None:
        """Begin to serve."""
        self._heads: dict[_Connection, _Head] = {}
        self._leaving: dict[socket.socket, float] = {}
        self._uploads = ThreadPoolExecutor(UPLOADS_PER_THREAD * self.cfg.threads)
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            # Gone already, or no file is left for it: it stays in the queue of the system.
            self.log.debug("no connection: %s", error)
            return
        conn = _Connection(self.cfg, Line(accepted, self.patience), client, listener.getsockname())
        conn.see_off = self._see_off
        self.nr_conns += 1
        self.enqueue_req(conn)

    def enqueue_req(self, conn: _Connection) -> None:
        """Gather the head of the next request, then hand it to a thread."""
        read_ahead = conn.parser.unreader.take_buffered() if conn.parser else b""
        self._heads[conn] = _Head(bytearray(read_ahead), time.monotonic() + self.patience)
        conn.sock.setblocking(False)
        conn.sock.begin()
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._gather, conn))
        self._gather(conn, conn.sock)

    def _gather(self, conn: _Connection, _sock: socket.socket) -> None:
        came = self._heads[conn].came
        if not _is_whole(came):
            try:
                data = conn.sock.recv(_PIECE)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._forget(conn)
                conn.close()
                return
            came += data
        if _is_whole(came):
            self._hand_over(conn)
        elif len(came) > _HEAD_BYTES:
            self._refuse(conn, LimitRequestHeaders("no end of the head"))

    def _hand_over(self, conn: _Connection) -> None:
        came = bytes(self._heads.pop(conn).came)
        self.poller.unregister(conn.sock)
        conn.init()
        conn.parser.unreader.unread(came)
        conn.data_ready = True
        pool = self._uploads if _awaits_body(came) else self.tpool
        future = pool.submit(self.handle, conn)
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def _refuse(self, conn: _Connection, why: ParseException) -> None:
        self._forget(conn)
        self.handle_error(None, conn.sock, conn.client, why)
        conn.close(graceful=True)

    def _forget(self, conn: _Connection) -> None:
        del self._heads[conn]
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1

    def murder_pending(self) -> None:
        """End connections whose request does not come, and those whose client does not leave."""
        super().murder_pending()
        now = time.monotonic()
        for conn, head in list(self._heads.items()):
            if head.until > now:
                continue
            if head.came:
                self._refuse(conn, TooSlowError())
            else:
                self._forget(conn)
                conn.close()
        for sock, until in list(self._leaving.items()):
            if until <= now:
                self._part(sock)

    def _cap_keepalive(self, deadline: float) -> None:
        """Stop: who has not begun to ask is not waited for."""
        super()._cap_keepalive(deadline)
        for head in self._heads.values():
            if not head.came:
                head.until = min(head.until, deadline)

    def _see_off(self, sock: socket.socket) -> None:
        """Say that this was all, and wait for the client to leave: a reset could cost it the answer."""
        try:
            sock.shutdown(socket.SHUT_WR)
            sock.setblocking(False)
        except OSError:
            util.close(sock)
            return
        self.nr_conns += 1
        self._leaving[sock] = time.monotonic() + _LINGER_SECONDS
        self.poller.register(sock, selectors.EVENT_READ, self._hear_out)

    def _hear_out(self, sock: socket.socket) -> None:
        try:
            over = not sock.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            over = True
        if over:
            self._part(sock)

    def _part(self, sock: socket.socket) -> None:
        del self._leaving[sock]
        self.nr_conns -= 1
        self.poller.unregister(sock)
        util.close(sock)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what never reaches the application as other errors are answered."""
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        from intake.api.problems import PROBLEMS, TYPE_PREFIX

        slug = "too-slow" if isinstance(exc, TooSlowError) else "malformed-request"
        kind = PROBLEMS[slug]
        request_id = secrets.token_hex(12)
        self.log.warning("no HTTP request: %s", type(exc).__name__, extra={"request_id": request_id})
        said = {
            "type": f"{TYPE_PREFIX}{slug}",
            "title": kind.title,
            "status": kind.status,
            # Nobody knows what language was asked for: the headers were not read.
            "detail": f"{kind.detail} {kind.detail_en}",
            "request_id": request_id,
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        head = (
            f"HTTP/1.1 {kind.status} {kind.title_en}\r\nConnection: close\r\nX-Request-ID: {request_id}\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with contextlib.suppress(OSError):
            util.write_nonblock(client, head.encode() + body)


def _is_whole(came: bytearray) -> bool:
    """Whether the head of a request is there; line ends before it mean nothing."""
    while came.startswith(b"\r\n"):
        del came[:2]
    return _END_OF_HEAD in came


def _awaits_body(came: bytes) -> bool:
    """Whether more than what came belongs to the request, as far as its head tells."""
    head, _, body = came.partition(_END_OF_HEAD)
    lengths = _BODY_FOLLOWS.findall(head)
    return any(not length.strip().isdigit() or int(length) > len(body) for length in lengths)
