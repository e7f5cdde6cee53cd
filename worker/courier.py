"""Couriers: threads beside the sweeper that send webhooks, so that no check waits for a slow receiver."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Self

from storage import jobs
from storage.database import Database, DatabaseUnavailableError
from storage.objects import ObjectStore
from storage.settings import Settings
from worker.handlers import DELIVERING
from worker.process import Process

COURIERS = 8
"""So many receivers may be slow at once before others wait for them."""

_LOOK_SECONDS = 1.0
_STOP_SECONDS = 12.0
"""An attempt is over by then, whatever its receiver does (``worker.webhooks``)."""

_log = logging.getLogger("yushen.courier")


class Couriers:
    """Sends what is owed while the block runs.  A delivery that is cut off is sent again, by who lives."""

    def __init__(self, settings: Settings, database: Database, store: ObjectStore) -> None:
        self._database = database
        self._over = threading.Event()
        self._owed = threading.Semaphore(0)
        self._processes = [
            Process(settings, database, store, DELIVERING, lambda: None) for _ in range(COURIERS)
        ]
        self._threads = [
            threading.Thread(target=self._send, args=(process,), name="courier", daemon=True)
            for process in self._processes
        ]
        self._threads.append(threading.Thread(target=self._look, name="courier-look", daemon=True))

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._owed.release(COURIERS)
        for thread in self._threads:
            thread.join(_STOP_SECONDS)
        for process in self._processes:
            process.close()

    def _look(self) -> None:
        """Wake as many couriers as there is work for: one that looks for all spares the database."""
        while not self._over.wait(_LOOK_SECONDS):
            try:
                with self._database.read() as session:
                    count = jobs.due(session, COURIERS, tuple(DELIVERING))
            except DatabaseUnavailableError as error:
                _log.warning("database unavailable", extra={"error": str(error)})
                continue
            if count:
                self._owed.release(count)

    def _send(self, process: Process) -> None:
        while True:
            self._owed.acquire()
            if self._over.is_set():
                return
            try:
                process.do_next()
            except DatabaseUnavailableError as error:
                _log.warning("database unavailable", extra={"error": str(error)})
