"""Bodies of requests as the application reads them: whatever breaks one off is the caller's and not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, RequestTimeout


class Body:
    """The body of a request; that it breaks off is one of two errors, whatever the server calls it."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        """Bytes of it.

        Raises:
            RequestTimeout: they do not come, or too slowly.
            ClientDisconnected: the client went away, or they are not framed as they should be.
        """
        try:
            return bytes(self._body.read(None if size < 0 else size))
        except TimeoutError as error:
            raise RequestTimeout from error
        except (OSError, ParseException) as error:
            raise ClientDisconnected from error


def with_bodies(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """``application``, which reads bodies as ``Body``."""

    def served(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = Body(environ["wsgi.input"])
        return application(environ, start_response)

    return served
