"""The Celery application: one task, which is a hint that there is work.

Messages are acknowledged before they are worked on, and may get lost: what is owed stands in the database,
and the sweeper sends another hint.  So no broker needs to redeliver, and nothing is redelivered for ever.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import Celery, signals

from storage.hints import TASK, broker, send
from storage.opening import open_database, open_store
from storage.settings import Settings
from worker.handlers import WORKING
from worker.listening import Hearing
from worker.mortality import die_with_parent
from worker.process import Process

_LONGEST_TASK_SECONDS = 6 * 3600
"""Far above what limits on documents allow to a submission: only for what nobody thought of."""

_COMES_UP_SECONDS = 60.0

_log = logging.getLogger("yushen.worker")


def make_app(settings: Settings) -> Celery:
    """The application that ``settings`` ask for; its processes set themselves up when they are forked.

    Args:
        settings: with a ``broker_url``.
    """
    app = broker(settings.broker_url or "")
    app.conf.update(
        worker_prefetch_multiplier=1,
        task_acks_late=False,
        task_time_limit=_LONGEST_TASK_SECONDS,
        worker_proc_alive_timeout=_COMES_UP_SECONDS,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        # Nothing here asks workers questions through the broker, and each answer would cost it writes.
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        # After a reconnection Celery would have fewer messages at once until so many are acknowledged.
        worker_enable_prefetch_count_reduction=False,
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
    )
    here: list[Process] = []

    def hint() -> None:
        try:
            send(app)
        except Exception as error:  # kombu raises whatever its transports do; the sweeper sends another
            _log.warning("a hint was not sent", extra={"error": type(error).__name__})

    @app.task(name=TASK, Strategy="worker.listening:attentive")  # type: ignore[untyped-decorator]
    def work() -> None:
        here[0].drain()

    def come_up(**_: Any) -> None:
        die_with_parent()
        here[:] = [Process(settings, open_database(settings), open_store(settings), WORKING, hint)]

    def go_down(**_: Any) -> None:
        while here:
            here.pop().close()

    Hearing(app, settings.sweep_seconds)
    # With a receiver, Celery leaves the logging as it was set up.
    signals.setup_logging.connect(_leave_logging, weak=False)
    signals.worker_process_init.connect(come_up, weak=False)
    signals.worker_process_shutdown.connect(go_down, weak=False)
    return app


def _leave_logging(**_: Any) -> None:
    """See ``storage.logs``."""


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM, which waits for the jobs at hand."""
    app = make_app(settings)
    for name in ("celery.worker.strategy", "celery.app.trace"):
        # Two lines for each hint, beside our own one for each job.
        logging.getLogger(name).setLevel(logging.WARNING)
    app.worker_main(
        [
            "--quiet",
            "worker",
            "--pool=prefork",
            f"--concurrency={settings.workers}",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            f"--loglevel={settings.log_level}",
        ]
    )
