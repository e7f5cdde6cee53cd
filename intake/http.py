"""The API's processes: gunicorn around the Flask application (``python -m intake.http``)."""

from __future__ import annotations

import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from intake.patience import CONNECTIONS, Worker
from storage import logs
from storage.settings import Settings, load_settings
from worker.mortality import die_with_parent

_STOP_SECONDS = 25


class _Log(Logger):  # type: ignore[misc]
    """Gunicorn's own lines, as all others (``storage.logs``)."""

    def setup(self, cfg: Any) -> None:
        """Hand lines on to the root logger."""
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, set up from the settings and not from files."""

    def __init__(self, settings: Settings, bind: str) -> None:
        self._settings = settings
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        given: dict[str, Any] = {
            "bind": self._bind,
            "workers": self._settings.api_processes,
            "threads": self._settings.api_threads,
            "worker_class": Worker,
            "worker_connections": CONNECTIONS,
            "graceful_timeout": _STOP_SECONDS,
            # A thread that reads a slow upload says nothing; only a process that hangs whole is killed.
            "timeout": 120,
            "keepalive": 15,
            "accesslog": None,
            "logger_class": _Log,
            "loglevel": self._settings.log_level.lower(),
            "control_socket_disable": True,
            "post_fork": _post_fork,
        }
        Worker.patience = self._settings.client_seconds
        for name, value in given.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application; called in each process, after the fork."""
        from intake.api.app import create_app
        from intake.api.bodies import with_bodies
        from intake.api.services import Services
        from storage.hints import Hints
        from storage.opening import open_database, open_store

        hints = Hints(self._settings.broker_url or "")
        services = Services(
            self._settings, open_database(self._settings), open_store(self._settings), hints.give
        )
        return with_bodies(create_app(services))


def _post_fork(_server: Any, _worker: Any) -> None:
    """A process of the API ends with the one that started it."""
    die_with_parent()


if __name__ == "__main__":
    settings = load_settings()
    logs.setup("api", settings.log_level)
    _Server(settings, sys.argv[1]).run()
