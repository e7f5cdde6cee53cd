"""A worker's ear for hints: a connection that fails under an acknowledgement is made anew at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery import Celery, Task
from celery.worker.consumer import Consumer
from celery.worker.strategy import default
from kombu.message import Message


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
