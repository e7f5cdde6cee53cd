"""Hints for the queue: "there is work".  Which, the database says; a lost hint costs seconds, no work."""

from __future__ import annotations

import logging
import queue
import threading
from typing import Any

from celery import Celery

QUEUE = "yushen"
TASK = "yushen.work"
ENOUGH = 64
"""So many hints wait in the queue at most by each sender: more would find nothing to do."""

_log = logging.getLogger(__name__)


def broker(url: str) -> Celery:
    """The queue at ``url`` for those who send."""
    app = Celery("yushen", broker=url, set_as_current=False)
    app.conf.update(
        task_default_queue=QUEUE,
        task_ignore_result=True,
        broker_transport_options={"max_retries": 1, "socket_connect_timeout": 2, "socket_timeout": 5},
        broker_connection_timeout=2,
        # Once more over a new connection: the old one may be to a broker that was started again since.
        task_publish_retry=True,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1, "interval_step": 0},
    )
    return app


class Hints:
    """Sends hints from a thread of its own: a broker that is slow or down never holds up an answer."""

    def __init__(self, url: str) -> None:
        self._broker = broker(url)
        self._wanted: queue.Queue[bool] = queue.Queue(maxsize=ENOUGH)
        self._thread = threading.Thread(target=self._send_all, name="hints", daemon=True)
        self._thread.start()

    def give(self) -> None:
        """Say that there is work; after the commit.  Returns at once and never raises."""
        try:
            self._wanted.put_nowait(True)
        except queue.Full:
            return

    def close(self, timeout: float = 5.0) -> None:
        """Send what waits, for ``timeout`` seconds at most."""
        self._wanted.put(False)
        self._thread.join(timeout)

    def _send_all(self) -> None:
        while self._wanted.get():
            try:
                send(self._broker)
            except Exception as error:  # the edge of this thread: kombu raises whatever its transports do
                _log.warning("a hint was not sent: %s", type(error).__name__)


def send(app: Celery) -> None:
    """Send one hint now."""
    app.send_task(TASK, queue=QUEUE, ignore_result=True)


def waiting(app: Celery) -> int:
    """How many hints wait in the queue."""
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        declared = channel.queue_declare(queue=QUEUE, durable=True, auto_delete=False)
        return int(declared.message_count)
