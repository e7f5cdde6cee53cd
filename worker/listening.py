"""A worker's ear for hints: what is done where the connection to the queue fails, or fails to be heard."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from celery import Celery, Task, signals
from celery.worker import state
from celery.worker.consumer import Consumer
from celery.worker.strategy import default
from kombu.message import Message

from storage.hints import waiting

_LOOKS = 3
"""So many looks in succession, not one: a hint that came just now is not unheard."""

_DEAF_STATUS = 75
"""Exit status for "try again" (EX_TEMPFAIL of sysexits.h)."""

_log = logging.getLogger("yushen.worker")


def attentive(task: Task, app: Celery, consumer: Consumer) -> Callable[..., Any]:
    """Celery's way to take a message, for ``Task.Strategy``, but for what a failed acknowledgement does.

    Celery logs it and goes on.  What was not acknowledged keeps its place among the messages that this
    worker may hold at once, and when all places are taken so, it never asks for another message, on a
    connection that it does not know to be closed.  Here the error reaches the loop that reads the
    connection, which connects again.  The hint itself may be lost: see ``worker.app``.
    """
    take = default(task, app, consumer)

    def handle(message: Message, body: Any, _ack: Any, reject: Any, callbacks: Any) -> Any:
        def acknowledge(*_: Any) -> None:
            consumer.call_soon(message.ack)

        return take(message, body, acknowledge, reject, callbacks)

    return handle


class Hearing:
    """Watches whether the worker hears, from a thread in its main process.

    Whatever a library or a network does to the connection: where hints wait in the queue while no process
    works on any, look after look, the worker is deaf.  Then its main process ends, and the kernel ends its
    idle pool; the supervisor starts both again.
    """

    def __init__(self, app: Celery, seconds: float) -> None:
        """Watch from the moment at which the worker is ready.

        Args:
            app: the application that the worker runs.
            seconds: between two looks.
        """
        self._app = app
        self._seconds = seconds
        self._unheard = 0
        signals.worker_ready.connect(self._begin, weak=False)
        signals.task_received.connect(self._heard, weak=False)

    def is_lost(self) -> bool:
        """Look once; whether hints went unheard at this and the looks before it."""
        try:
            unheard = not state.active_requests and waiting(self._app) > 0
        except Exception as error:  # kombu raises whatever its transports do
            _log.debug("the queue does not answer", extra={"error": type(error).__name__})
            unheard = False
        self._unheard = self._unheard + 1 if unheard else 0
        return self._unheard >= _LOOKS

    def _heard(self, **_: Any) -> None:
        self._unheard = 0

    def _begin(self, **_: Any) -> None:
        threading.Thread(target=self._watch, name="hearing", daemon=True).start()

    def _watch(self) -> None:
        pause = threading.Event()
        while not pause.wait(self._seconds):
            if self.is_lost():
                _log.error("hints wait and none is heard: ending, to be started again")
                os._exit(_DEAF_STATUS)
