"""What the API works with, reachable from any view."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import current_app, g

from storage.accounts import Identity
from storage.database import Database
from storage.objects import ObjectStore
from storage.settings import Settings
from storage.submissions import Caller

EXTENSION = "yushen"


@dataclass(frozen=True, slots=True)
class Services:
    """What the API works with.

    Attributes:
        hint: tells the queue, after a commit, that there is work; never raises.
        waiters: places for calls that wait for their report; a waiting call occupies a thread, and threads
            must remain for the others.
    """

    settings: Settings
    database: Database
    store: ObjectStore
    hint: Callable[[], None]
    waiters: threading.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        places = max(1, self.settings.api_threads // 2)
        object.__setattr__(self, "waiters", threading.Semaphore(places))


def services() -> Services:
    """The services of the present application."""
    return cast("Services", current_app.extensions[EXTENSION])


def identity() -> Identity:
    """Who makes the present call."""
    return cast("Identity", g.identity)


def caller() -> Caller:
    """On whose behalf the present call does something."""
    who = identity()
    return Caller(who.actor, who.unit, g.request_id)
