"""Logs: one JSON object a line on stderr, with the id of the request that it is about.

No names of persons, no names of files and no text of documents go into logs: what is logged is ids, counts,
times and words of ours.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


@contextlib.contextmanager
def about(request_id: str | None) -> Iterator[None]:
    """What is logged inside is about this request."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)


def setup(part: str, level: str) -> None:
    """Log from now on as this module says; whatever logged before is replaced.

    Args:
        part: of the service: "api", "worker", "sweeper".
        level: least that is logged.
    """
    root = logging.getLogger()
    root.handlers[:] = [handler(part)]
    root.setLevel(level)
    logging.captureWarnings(True)
    for chatty in ("alembic", "httpx", "httpcore", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def handler(part: str) -> logging.Handler:
    """A handler that writes such lines on stderr."""
    made = logging.StreamHandler(sys.stderr)
    made.setFormatter(_Formatter(part))
    return made


class _Formatter(JsonFormatter):
    def __init__(self, part: str) -> None:
        super().__init__("%(message)s", json_ensure_ascii=False)
        self._part = part

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """State the fields in an order that reads well."""
        log_data["at"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname
        log_data["part"] = self._part
        log_data["logger"] = record.name
        if (request_id := getattr(record, "request_id", None) or _request_id.get()) is not None:
            log_data["request_id"] = request_id
        super().add_fields(log_data, record, message_dict)
