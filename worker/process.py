"""A worker process: takes owed jobs and does them, one after another, until nothing is owed.

Which job is next the database says; the queue only woke us.  While a job is done a thread says so to the
database (the lease), so that a job of a process that was killed is soon given to another.

While the child reads the documents of one job, this process writes out the one before and prepares the one
after, so that neither waits for the other.  A job that is prepared is held as any other, and not yet begun:
it is given back when the one before it takes long, and none is prepared beside one that has ended a worker.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import secrets
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, wait
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
from worker.limits import SandboxLimits
from worker.presence import here
from worker.sandbox import CheckPool

_STANDS_BACK = 3
"""Niceness of the children that read: a portal's question is answered while every processor reads."""
_TURN_SECONDS = 5.0
"""After so long a process lets the queue have a look at it before it goes on."""

_PATIENCE_SECONDS = 0.5
"""So long a job waits here behind another; then whoever is free shall have it."""

_TROUBLE_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=2)
_LONGEST_TROUBLE_SECONDS = 600.0

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE})

_log = logging.getLogger("yushen.worker")


class NoRoomError(Exception):
    """The disk of this machine is full, or it has no open file left; the job is not to blame."""


_TROUBLE = (StoreUnavailableError, DatabaseUnavailableError, ScannerUnavailableError, NoRoomError)
"""What the surroundings are to blame for: the job waits until it is over."""


class HopelessError(Exception):
    """The job cannot be done, now or later; the message is Chinese and for the operator."""


def _unseen(_session: Session, _held: Claim) -> bool:
    """Nobody looks at how far a job of this kind is."""
    return True


def _always(_subject: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of job is done.

    Attributes:
        look: in the transaction of the claim: reads what the job is about; None if nothing is left to do.
        run: does it, outside of any transaction, and finishes it (``jobs.finish``) with its outcome in one.
            It may yield what it waits for; this process turns to its other jobs meanwhile.
        fail: in the transaction in which the job is failed for good: says so where its owner looks.
        begin: says there that it is being done; False if it could not be said.
        overlaps: whether it may be prepared, up to what it first waits for, while another waits.
        light: whether that is so little work that the other can wait for it; asked with what ``look`` read.
    """

    look: Callable[[Session, Claim], Any]
    run: Callable[[Process, Job], Iterator[Future[Any]] | None]
    fail: Callable[[Session, str, str], None]
    begin: Callable[[Session, Claim], bool] = _unseen
    overlaps: bool = False
    light: Callable[[Any], bool] = _always


@dataclass(frozen=True, slots=True)
class Job:
    """A job that this process holds.

    Attributes:
        held: the claim.
        subject: what ``Handler.look`` read.
        lost: set when another worker has it: nothing of this attempt will be stored.
    """

    held: Claim
    subject: Any
    lost: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True, eq=False)
class _Work:
    """A job and how far it is.

    Attributes:
        begun: whether its owner is told that it is being done.
        since: when its turn came, on the monotonic clock; it may have been prepared before.
        steps: what is left of ``Handler.run``; None before its start.
        answer: what it waits for.
    """

    job: Job
    handler: Handler
    begun: bool
    since: float = 0.0
    steps: Iterator[Future[Any]] | None = None
    answer: Future[Any] | None = None


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
        self._presence = here()
        self._handlers = handlers
        self._kinds = tuple(handlers)
        self._overlapping = tuple(kind for kind, handler in handlers.items() if handler.overlaps)
        self._others = settings.workers - 1
        self._line: list[_Work] = []
        self._at_hand: _Work | None = None
        self._until = 0.0
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
        return CheckPool(jobs=1, limits=SandboxLimits(niceness=_STANDS_BACK))

    def drain(self) -> None:
        """Do owed jobs until none is due, or for some seconds; then have the queue call again."""
        self._until = time.monotonic() + _TURN_SECONDS
        try:
            while self.do_next():
                if not self._line and time.monotonic() >= self._until:
                    self.hint()
                    return
        except DatabaseUnavailableError as error:
            _log.warning("database unavailable", extra={"error": str(error)})
        finally:
            self._drop_all()

    def do_next(self) -> bool:
        """Do one job; False if none is due.

        Raises:
            DatabaseUnavailableError: see there; whatever was begun is owed still.
        """
        if not self._line:
            with self.database.write() as session:
                taken = self._taken(session, ())
            self._line += taken
        if not self._line:
            return False
        work = self._line[0]
        work.since = time.monotonic()
        if not work.begun:
            # As the one before it ended without a transaction.
            with self.database.write() as session:
                work.handler.begin(session, work.job.held)
            work.begun = True
        if work.steps is None:
            self._advance(work)
        while work.answer is not None:
            self._wait(work.answer)
            self._advance(work)
        return True

    def _taken(self, session: Session, held: Sequence[_Work]) -> list[_Work]:
        """Jobs claimed beside those that are ``held``: one to do, begun, and one to prepare meanwhile."""
        taken: list[_Work] = []
        if not held and (first := self._claimed(session, ahead=False)):
            first.handler.begin(session, first.job.held)
            taken.append(first)
        line = [*held, *taken]
        # After a death nobody knows whose fault it was: what was held then is done alone.
        if len(line) == 1 and time.monotonic() < self._until and _may_be_followed(line[0]):
            second = self._claimed(session, ahead=True)
            taken += [second] if second else []
        return taken

    def _claimed(self, session: Session, *, ahead: bool) -> _Work | None:
        """The next job of which something is left to do."""
        while held := self._claim(session, ahead=ahead):
            handler = self._handlers[held.kind]
            subject = handler.look(session, held)
            if subject is not None:
                return _Work(Job(held, subject), handler, begun=not ahead)
            jobs.finish(session, held)
        return None

    def _claim(self, session: Session, *, ahead: bool) -> Claim | None:
        lease = self._presence.token(secrets.token_hex(4))
        if ahead:
            kinds, only = self._kinds, self._overlapping
            return jobs.claim_ahead(session, lease, self.settings.lease, kinds, only, self._others)
        return jobs.claim(session, lease, self.settings.lease, self._kinds)

    def _wait(self, answer: Future[Any]) -> None:
        """Wait for what the first of the line waits for; prepare the second, or let go of it."""
        while not answer.done():
            second = self._line[1] if len(self._line) > 1 else None
            if second and second.steps is None and second.handler.light(second.job.subject):
                self._advance(second)
                continue
            wait([answer], _PATIENCE_SECONDS if second else None)
            if second and not answer.done():
                self._let_go(second)

    def _let_go(self, work: _Work) -> None:
        """Give back a job that was prepared and is not begun."""
        held = work.job.held
        try:
            with self.database.write() as session:
                jobs.let_go(session, held)
        except DatabaseUnavailableError as error:
            _log.warning("a job was not given back", extra={"job": held.job_id, "error": str(error)})
            return
        except LeaseLostError:
            pass
        self._drop(work)
        self.hint()

    def _drop(self, work: _Work) -> None:
        """Forget a job: nothing of this attempt will be stored."""
        self._line.remove(work)
        if work.answer is not None:
            work.answer.cancel()
        if isinstance(work.steps, Generator):
            work.steps.close()

    def _drop_all(self) -> None:
        """What is left when a turn is cut short is owed again once its lease has run out."""
        for work in tuple(self._line):
            self._drop(work)

    def _advance(self, work: _Work) -> None:
        """Do a job to what it waits for next, or to its end."""
        with logs.about(getattr(work.job.subject, "request_id", None)):
            self._at_hand = work
            try:
                outcome = self._stepped(work)
            except BaseException:
                self._line.remove(work)
                raise
            finally:
                self._at_hand = None
            if outcome is not None:
                self._line.remove(work)
                _note(work, outcome)

    def _stepped(self, work: _Work) -> str | None:
        """The outcome of a job that has come to its end, None of one that waits."""
        job, handler = work.job, work.handler
        work.answer = None
        try:
            with _room():
                if work.steps is None:
                    work.steps = handler.run(self, job) or iter(())
                work.answer = next(work.steps, None)
        except LeaseLostError:
            return "lost"
        except _TROUBLE as error:
            _log.warning("job postponed", extra={"job": job.held.job_id, "error": str(error)})
            self._put_back(job, str(error), delay=_TROUBLE_PAUSE, counts=False)
            return "postponed"
        except HopelessError as error:
            self._fail(job, handler, str(error))
            return "failed"
        except MemoryError:
            # Raised further, it would end the worker's main process.
            return self._tried(job, handler, "工作进程的内存不够")
        except Exception as error:  # the outermost edge of a job: whatever it is, the job is accounted for
            _log.exception("job raised", extra={"job": job.held.job_id})
            return self._tried(job, handler, f"程序内部错误（{type(error).__name__}）：{error}")
        return None if work.answer is not None else "done"

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

        The next jobs are begun and taken in the same transaction: one commit for each job, not three.

        Raises:
            LeaseLostError: another process took the job meanwhile; nothing was changed.
        """
        pause, give_up = 0.2, time.monotonic() + _LONGEST_TROUBLE_SECONDS
        while True:
            try:
                with self.database.write() as session:
                    change(session)
                    session.flush()
                    left = [work for work in self._line if work is not self._at_hand]
                    begun = [w for w in left[:1] if w.begun or w.handler.begin(session, w.job.held)]
                    taken = self._taken(session, left) if time.monotonic() < self._until else []
            except DatabaseUnavailableError:
                if time.monotonic() > give_up:
                    raise
            else:
                for work in begun:
                    work.begun = True
                self._line += taken
                return
            time.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _keep_leases(self) -> None:
        """Say again and again that the jobs held here are worked on, until this process is closed."""
        while not self._closed.wait(self.settings.lease.total_seconds() / 3):
            for work in tuple(self._line):
                self._keep_lease(work.job)

    def _keep_lease(self, job: Job) -> None:
        try:
            with self.database.write() as session:
                jobs.heartbeat(session, job.held, self.settings.lease)
        except DatabaseUnavailableError as error:
            _log.warning("a lease was not kept", extra={"job": job.held.job_id, "error": str(error)})
        except LeaseLostError:
            job.lost.set()


def _may_be_followed(work: _Work) -> bool:
    held = work.job.held
    return work.handler.overlaps and (held.attempts, held.deaths) == (1, 0)


def _note(work: _Work, outcome: str) -> None:
    held = work.job.held
    _log.info(
        "job",
        extra={
            "job": held.job_id,
            "kind": str(held.kind),
            "subject": held.subject_id,
            "outcome": outcome,
            "attempt": held.attempts,
            "deaths": held.deaths,
            "waited": round(held.waited.total_seconds(), 3),
            "seconds": round(time.monotonic() - work.since, 3),
        },
    )


@contextlib.contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise NoRoomError(f"工作目录所在的磁盘已满，或打开的文件太多（{error.strerror}）") from error


def workspace(settings: Settings) -> Path:
    """Where workers unpack, and where files lie while they are checked.

    On the disk of the local store, so that a file is there by a second name and need not be copied.
    """
    return settings.data.absolute() / "work"
