"""A worker process: takes owed jobs and does them, one at a time, until nothing is owed.

Which job is next the database says; the queue only woke us.  While a job is done a thread says so to the
database (the lease), so that a job of a process that was killed is soon given to another.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from schemas.errors import ScannerUnavailableError
from storage import jobs, logs
from storage.database import Database, DatabaseUnavailableError
from storage.jobs import Claim, LeaseLostError
from storage.models import JobKind
from storage.objects import ObjectStore, StoreUnavailableError
from storage.settings import Settings
from worker.gathering.clamav import screening
from worker.presence import here
from worker.sandbox import CheckPool

_TURN_SECONDS = 5.0
"""After so long a process lets the queue have a look at it before it goes on."""

_TROUBLE_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=2)
_LONGEST_TROUBLE_SECONDS = 600.0

_log = logging.getLogger("yushen.worker")


class HopelessError(Exception):
    """The job cannot be done, now or later; the message is Chinese and for the operator."""


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of job is done.

    Attributes:
        begin: in the transaction of the claim: reads what the job is about; None if nothing is left to do.
        run: does it, outside of any transaction, and finishes it (``jobs.finish``) with its outcome in one.
        fail: in the transaction in which the job is failed for good: says so where its owner looks.
    """

    begin: Callable[[Session, Claim], Any]
    run: Callable[[Process, Job], None]
    fail: Callable[[Session, str, str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A job that is being done.

    Attributes:
        held: the claim.
        subject: what ``Handler.begin`` read.
        lost: set when another worker has it: nothing of this attempt will be stored.
    """

    held: Claim
    subject: Any
    lost: threading.Event = field(default_factory=threading.Event)


class Process:
    """What a worker process works with.  Made after the fork; used by one thread."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        store: ObjectStore,
        handlers: dict[JobKind, Handler],
        hint: Callable[[], None],
    ) -> None:
        """Start the child in which documents are opened, if they will be.

        Args:
            hint: tells the queue that there is work; never raises.
        """
        self.settings = settings
        self.database = database
        self.store = store
        self.hint = hint
        self.workspace = workspace(settings)
        self.workspace.mkdir(parents=True, exist_ok=True)
        if JobKind.CHECK in handlers:
            # Asked for now, so that the child is ready for the first job.
            _ = self.pool
        self.screen = screening(settings.clamav)
        self._handlers = handlers
        self._kinds = tuple(handlers)
        self._ahead: Job | None = None
        self._until = 0.0
        self._at_hand: Job | None = None
        self._closed = threading.Event()
        self._leases = threading.Thread(target=self._keep_leases, name="lease", daemon=True)
        self._leases.start()

    def close(self) -> None:
        """End the child and let go of the database."""
        self._closed.set()
        self._leases.join()
        if "pool" in vars(self):
            self.pool.close()
        self.database.close()

    @cached_property
    def pool(self) -> CheckPool:
        """The child in which documents are opened."""
        return CheckPool(jobs=1)

    def drain(self) -> None:
        """Do owed jobs until none is due, or for some seconds; then have the queue call again."""
        self._until = time.monotonic() + _TURN_SECONDS
        try:
            while self.do_next():
                if self._ahead is None and time.monotonic() >= self._until:
                    self.hint()
                    return
        except DatabaseUnavailableError as error:
            _log.warning("database unavailable", extra={"error": str(error)})

    def do_next(self) -> bool:
        """Do one job; False if none is due.

        Raises:
            DatabaseUnavailableError: see there; whatever was begun is owed still.
        """
        job, self._ahead = self._ahead, None
        if job is None:
            with self.database.write() as session:
                job = self._taken(session)
        if job is None:
            return False
        with logs.about(getattr(job.subject, "request_id", None)):
            self._do(job, self._handlers[job.held.kind])
        return True

    def _taken(self, session: Session) -> Job | None:
        """The next job of which something is left to do, claimed and begun."""
        while held := jobs.claim(
            session, here().token(secrets.token_hex(4)), self.settings.lease, self._kinds
        ):
            subject = self._handlers[held.kind].begin(session, held)
            if subject is not None:
                return Job(held, subject)
            jobs.finish(session, held)
        return None

    def _do(self, job: Job, handler: Handler) -> None:
        begun = time.monotonic()
        outcome = "done"
        try:
            self._at_hand = job
            handler.run(self, job)
        except LeaseLostError:
            outcome = "lost"
        except (StoreUnavailableError, DatabaseUnavailableError, ScannerUnavailableError) as error:
            outcome = "postponed"
            _log.warning("job postponed", extra={"job": job.held.job_id, "error": str(error)})
            self._put_back(job, str(error), delay=_TROUBLE_PAUSE, counts=False)
        except HopelessError as error:
            outcome = "failed"
            self._fail(job, handler, str(error))
        except MemoryError:
            # Raised further, it would end the worker's main process.
            outcome = self._tried(job, handler, "工作进程的内存不够")
        except Exception as error:  # the outermost edge of a job: whatever it is, the job is accounted for
            _log.exception("job raised", extra={"job": job.held.job_id})
            outcome = self._tried(job, handler, f"程序内部错误（{type(error).__name__}）：{error}")
        self._at_hand = None
        _log.info(
            "job",
            extra={
                "job": job.held.job_id,
                "kind": str(job.held.kind),
                "subject": job.held.subject_id,
                "outcome": outcome,
                "attempt": job.held.attempts,
                "waited": round(job.held.waited.total_seconds(), 3),
                "seconds": round(time.monotonic() - begun, 3),
            },
        )

    def _tried(self, job: Job, handler: Handler, error: str) -> str:
        """An attempt that failed by our own fault: once more, or never again."""
        if job.held.attempts >= self.settings.max_attempts:
            self._fail(job, handler, f"{error}（试过 {job.held.attempts} 次）")
            return "failed"
        delay = min(timedelta(seconds=2**job.held.attempts), _LONGEST_PAUSE)
        self._put_back(job, error, delay=delay, counts=True)
        return "again"

    def _put_back(self, job: Job, error: str, *, delay: timedelta, counts: bool) -> None:
        with contextlib.suppress(LeaseLostError):
            self.patiently(lambda s: jobs.give_back(s, job.held, error, delay=delay, counts=counts))

    def _fail(self, job: Job, handler: Handler, reason: str) -> None:
        def fail(session: Session) -> None:
            jobs.fail(session, job.held, reason)
            handler.fail(session, job.held.subject_id, reason)

        with contextlib.suppress(LeaseLostError):
            self.patiently(fail)

    def patiently(self, change: Callable[[Session], None]) -> None:
        """Make a change at the end of a job, and wait for a database that is away: the work is done already.

        The next job is taken in the same transaction: one commit for each job, not two.

        Raises:
            LeaseLostError: another process took the job meanwhile; nothing was changed.
        """
        pause, give_up = 0.2, time.monotonic() + _LONGEST_TROUBLE_SECONDS
        while True:
            try:
                with self.database.write() as session:
                    change(session)
                    session.flush()
                    ahead = self._taken(session) if time.monotonic() < self._until else None
            except DatabaseUnavailableError:
                if time.monotonic() > give_up:
                    raise
            else:
                self._ahead = ahead
                return
            time.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _keep_leases(self) -> None:
        """Say again and again that the job at hand is being worked on, until this process is closed."""
        while not self._closed.wait(self.settings.lease.total_seconds() / 3):
            if job := self._at_hand:
                self._keep_lease(job)

    def _keep_lease(self, job: Job) -> None:
        try:
            with self.database.write() as session:
                jobs.heartbeat(session, job.held, self.settings.lease)
        except DatabaseUnavailableError as error:
            _log.warning("a lease was not kept", extra={"job": job.held.job_id, "error": str(error)})
        except LeaseLostError:
            job.lost.set()


def workspace(settings: Settings) -> Path:
    """Where workers unpack, and where files lie while they are checked.

    On the disk of the local store, so that a file is there by a second name and need not be copied.
    """
    return settings.data.absolute() / "work"
