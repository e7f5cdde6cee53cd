"""The sweeper: gives away again what dead workers held, and wakes workers for what is owed.

One runs beside each worker.  Several do no harm: each asks the database and the queue before it acts.
"""

from __future__ import annotations

import logging
import signal
import threading

from celery import Celery
from kombu.exceptions import KombuError

from storage import jobs, purge
from storage.database import Database, DatabaseUnavailableError
from storage.hints import broker, send, waiting
from storage.opening import open_database, open_store
from storage.settings import Settings
from worker.courier import Couriers
from worker.handlers import HANDLERS, WORKING
from worker.presence import is_gone

_EXHAUSTED = "执行任务的进程在这件材料上反复异常结束（{deaths} 次），已停止重试。请查看工作进程的日志。"

DEATHS_PER_ATTEMPT = 3
"""A worker that dies is seldom the job's doing: documents are opened in a child of their own, and whoever
stops or kills workers hits jobs at random.  So a job outlives more deaths than faults, and each is counted
for itself."""

_log = logging.getLogger("yushen.sweeper")


def run_sweeper(settings: Settings) -> None:
    """Sweep every ``sweep_seconds``, and have webhooks sent, until SIGTERM."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    app = broker(settings.broker_url or "")
    with open_database(settings) as database, Couriers(settings, database, open_store(settings)):
        while True:
            sweep_once(settings, database, app)
            if over.wait(settings.sweep_seconds):
                return


def sweep_once(settings: Settings, database: Database, app: Celery) -> None:
    """Look once; what cannot be reached is looked at the next time."""
    try:
        owed = _return(settings, database)
    except DatabaseUnavailableError as error:
        _log.warning("database unavailable", extra={"error": str(error)})
        return
    if owed:
        _wake(app, owed)


def _return(settings: Settings, database: Database) -> int:
    """Owe again what dead workers held; how many workers the owed jobs could keep busy."""
    with database.write() as session:
        moved = jobs.catch_up(session, settings.lease)
        swept = jobs.sweep(session, DEATHS_PER_ATTEMPT * settings.max_attempts, is_gone)
        for claim in swept.exhausted:
            HANDLERS[claim.kind].fail(session, claim.subject_id, _EXHAUSTED.format(deaths=claim.deaths))
        purge.schedule(session)
        session.flush()
        owed = jobs.due(session, settings.workers, tuple(WORKING))
    if moved:
        _log.warning("the clock was set back", extra={"jobs": moved})
    if swept.returned or swept.exhausted:
        _log.warning("swept", extra={"returned": swept.returned, "failed": len(swept.exhausted)})
    return owed


def _wake(app: Celery, count: int) -> None:
    """Send hints if none wait: then none gets lost for good, and none pile up."""
    try:
        if waiting(app) == 0:
            for _ in range(count):
                send(app)
    except (KombuError, OSError, *app.connection().connection_errors) as error:
        _log.warning("broker unavailable", extra={"error": type(error).__name__})
