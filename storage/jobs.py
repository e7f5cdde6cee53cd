"""Work that is owed: who asks for it, who holds it, and what becomes of it when its worker goes.

A job is OWED, or HELD by the worker that has its lease, or over: DONE or FAILED.  The queue only says that
there is work; which, is asked here.  Every function works within the caller's transaction, so that a job
and what it is about change together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Select, bindparam, delete, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from storage import rows
from storage.models import Job, JobKind, JobState, now

BATCH_PRIORITY = 10
"""Of a batch's submissions: they wait for those for which a person waits, who have 0."""


_LONGEST_PUT_OFF = timedelta(minutes=10)
"""For which nobody puts off a check or a batch on purpose."""

_SKEW = timedelta(seconds=5)
"""By which the clocks of machines may differ."""

_JOBS = rows.table_of(Job)
_HELD = update(_JOBS).where(_JOBS.c.id == bindparam("held_id"), _JOBS.c.lease == bindparam("held_lease"))
"""Changes the job of a claim, as long as the claim stands."""


class LeaseLostError(Exception):
    """The job was given to another worker, or withdrawn: what was done must not be stored."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker holds.

    Attributes:
        lease: proof of it.
        attempts: how often it was tried, this time included.
        waited: how long it was owed.
        deaths: how many workers ended while they held it.
    """

    job_id: int
    kind: JobKind
    subject_id: str
    lease: str
    attempts: int
    waited: timedelta
    deaths: int


@dataclass(frozen=True, slots=True)
class Depth:
    """How much is owed now.

    Attributes:
        owed: jobs that wait for a worker.
        held: jobs that a worker has.
        oldest: when the oldest of those that wait became due; None if none waits.
    """

    owed: int
    held: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Swept:
    """What became of jobs whose worker is gone.

    Attributes:
        returned: how many are owed again.
        exhausted: jobs that ended too many workers, failed now; what they are about is the caller's to fail.
    """

    returned: int
    exhausted: tuple[Claim, ...]


def owe(
    session: Session,
    kind: JobKind,
    subject_id: str,
    *,
    priority: int = 0,
    not_before: datetime | None = None,
) -> None:
    """Owe work.  Give a hint to the queue once the transaction is committed (``storage.hints``).

    Args:
        subject_id: what it is about, see ``JobKind``.
        priority: smaller goes first.
        not_before: when it may begin; now if None.
    """
    owed = {
        "kind": kind,
        "subject_id": subject_id,
        "priority": priority,
        "not_before": not_before or now(),
    }
    rows.add(session, Job, owed)


def claim(
    session: Session, lease: str, lasting: timedelta, kinds: Sequence[JobKind] | None = None
) -> Claim | None:
    """Take the next owed job; None if none is due.

    Args:
        lease: a token that no other claim has, 40 characters at most.
        lasting: how long the worker may be silent.
        kinds: those that the worker can do; all if None.
    """
    return _claimed(session, _claiming(tuple(kinds or JobKind)), lease, lasting, {})


def claim_ahead(
    session: Session,
    lease: str,
    lasting: timedelta,
    kinds: Sequence[JobKind],
    only: Sequence[JobKind],
    others: int,
) -> Claim | None:
    """Take the next owed job to prepare it while another is done; None where it had better be left.

    It is left if it is of another kind than ``only``; if a worker has tried it, who may have died of it; or
    if so few are due that others, who may have nothing to do, could take it now.

    Args:
        session, lease, lasting, kinds: as of ``claim``.
        only: kinds that can be prepared.
        others: workers beside this one.
    """
    return _claimed(session, _claiming_ahead(tuple(kinds), tuple(only)), lease, lasting, {"others": others})


def _claimed(
    session: Session, claiming: ReturningUpdate[Any], lease: str, lasting: timedelta, more: dict[str, Any]
) -> Claim | None:
    session.flush()
    given = {"moment": now(), "token": lease, "until": now() + lasting, **more}
    job = session.connection().execute(claiming, given).first()
    if job is None:
        return None
    waited = now() - job.not_before
    return Claim(job.id, JobKind(job.kind), job.subject_id, lease, job.attempts, waited, job.deaths)


@cache
def _claiming(kinds: tuple[JobKind, ...]) -> ReturningUpdate[Any]:
    """Made once for each worker: putting it together takes longer than running it."""
    first = _due(kinds).limit(1).with_for_update(skip_locked=True)
    return (
        update(_JOBS)
        .where(_JOBS.c.id == first.scalar_subquery())
        .values(
            state=JobState.HELD,
            lease=bindparam("token"),
            lease_until=bindparam("until"),
            attempts=_JOBS.c.attempts + 1,
        )
        .returning(
            _JOBS.c.id,
            _JOBS.c.kind,
            _JOBS.c.subject_id,
            _JOBS.c.attempts,
            _JOBS.c.not_before,
            _JOBS.c.deaths,
        )
    )


@cache
def _claiming_ahead(kinds: tuple[JobKind, ...], only: tuple[JobKind, ...]) -> ReturningUpdate[Any]:
    untried = _JOBS.c.attempts + _JOBS.c.deaths == 0
    enough = _due(kinds).limit(1).offset(bindparam("others"))
    return _claiming(kinds).where(_JOBS.c.kind.in_(only), untried, enough.exists())


def _due(kinds: tuple[JobKind, ...]) -> Select[tuple[int]]:
    """Jobs that can be claimed, in their order."""
    due = select(_JOBS.c.id).where(
        _JOBS.c.state == JobState.OWED, _JOBS.c.not_before <= bindparam("moment"), _JOBS.c.kind.in_(kinds)
    )
    return due.order_by(_JOBS.c.priority, _JOBS.c.id)


def held_subject() -> Select[tuple[str]]:
    """What the job of a claim is about, its row locked; nothing if the claim stands no more, or it is locked.

    Parameters are ``held_id`` and ``held_lease``.
    """
    return (
        select(_JOBS.c.subject_id)
        .where(_JOBS.c.id == bindparam("held_id"), _JOBS.c.lease == bindparam("held_lease"))
        .with_for_update(skip_locked=True)
    )


def heartbeat(session: Session, held: Claim, lasting: timedelta) -> None:
    """Say that the worker still lives.

    Raises:
        LeaseLostError: see there.
    """
    _change(session, held, lease_until=now() + lasting)


def finish(session: Session, held: Claim) -> None:
    """The work is done; called in the transaction that stores its outcome.

    Raises:
        LeaseLostError: see there; the transaction must be rolled back.
    """
    _change(session, held, state=JobState.DONE, **_over())


def fail(session: Session, held: Claim, error: str) -> None:
    """The work cannot be done and is not tried again.

    Args:
        error: for the operator; no document text.

    Raises:
        LeaseLostError: see there.
    """
    _change(session, held, state=JobState.FAILED, last_error=error, **_over())


def give_back(session: Session, held: Claim, error: str, *, delay: timedelta, counts: bool = True) -> None:
    """Owe the job again.

    Args:
        error: why, for the operator.
        delay: how long it waits.
        counts: whether this was one of its attempts; not if a store or the broker was to blame.

    Raises:
        LeaseLostError: see there.
    """
    values = {"state": JobState.OWED, "lease": None, "lease_until": None, "last_error": error}
    attempts = held.attempts if counts else held.attempts - 1
    _change(session, held, not_before=now() + delay, attempts=attempts, **values)


def let_go(session: Session, held: Claim) -> None:
    """Owe a job that was not begun as if it had never been claimed.

    Raises:
        LeaseLostError: see there.
    """
    _change(session, held, state=JobState.OWED, lease=None, lease_until=None, attempts=held.attempts - 1)


def withdraw(session: Session, subject_ids: Sequence[str]) -> int:
    """Owe nothing more about these; a worker that holds one of their jobs loses its lease.

    Returns:
        How many jobs were not over.
    """
    over = (JobState.DONE, JobState.FAILED)
    gone = session.execute(delete(Job).where(Job.subject_id.in_(subject_ids), Job.state.not_in(over)))
    assert isinstance(gone, CursorResult)
    return gone.rowcount


def sweep(session: Session, max_deaths: int, gone: Callable[[str], bool] = lambda lease: False) -> Swept:
    """Owe again what is held by workers that are silent for too long, or known to be gone.

    Args:
        max_deaths: a job whose worker ended so often is failed instead.
        gone: whether the holder of a lease is known not to live any more.
    """
    held = session.scalars(
        select(Job).where(Job.state == JobState.HELD).order_by(Job.id).with_for_update(skip_locked=True)
    )
    lost = [j for j in held if j.lease_until is None or j.lease_until < now() or gone(j.lease or "")]
    for job in lost:
        # A death says nothing of how the attempt would have ended.
        job.attempts, job.deaths = job.attempts - 1, job.deaths + 1
        job.state, job.not_before = JobState.OWED, now()
        job.last_error = "执行任务的进程中途结束"
        job.lease = job.lease_until = None
    exhausted = [j for j in lost if j.deaths >= max_deaths]
    for job in exhausted:
        job.state, job.finished_at = JobState.FAILED, now()
    failed = tuple(
        Claim(j.id, JobKind(j.kind), j.subject_id, "", j.attempts, timedelta(), j.deaths) for j in exhausted
    )
    return Swept(len(lost) - len(exhausted), failed)


def catch_up(session: Session, lasting: timedelta) -> int:
    """After a clock was set back: what was owed or held before it, by the clock as it is now.

    Args:
        lasting: how long a worker may be silent.

    Returns:
        How many jobs were owed for a moment that nobody asked for.
    """
    moment = now()
    at_once = Job.kind.in_((JobKind.CHECK, JobKind.UNPACK)) & (Job.not_before > moment + _LONGEST_PUT_OFF)
    made_later = (Job.created_at > moment + _SKEW) & (Job.not_before > moment)
    ahead = update(Job).where(Job.state == JobState.OWED, at_once | made_later)
    changed = session.execute(ahead.values(not_before=moment))
    # Who lives renews its lease; who does not is noticed as late as ever.
    too_long = update(Job).where(Job.state == JobState.HELD, Job.lease_until > moment + lasting)
    session.execute(too_long.values(lease_until=moment + lasting))
    assert isinstance(changed, CursorResult)
    return changed.rowcount


def due(session: Session, most: int, kinds: Sequence[JobKind] = tuple(JobKind)) -> int:
    """How many jobs of these kinds could be claimed now, counted up to ``most``."""
    owed = select(Job.id).where(Job.state == JobState.OWED, Job.not_before <= now(), Job.kind.in_(kinds))
    return session.scalar(select(func.count()).select_from(owed.limit(most).subquery())) or 0


def depth(session: Session) -> Depth:
    """How much is owed and held."""
    unfinished = Job.state.in_((JobState.OWED, JobState.HELD))
    rows = session.execute(select(Job.state, func.count()).where(unfinished).group_by(Job.state))
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    oldest = session.scalar(
        select(func.min(Job.not_before)).where(Job.state == JobState.OWED, Job.not_before <= now())
    )
    return Depth(counts.get(JobState.OWED, 0), counts.get(JobState.HELD, 0), oldest)


def _over() -> dict[str, datetime | None]:
    return {"finished_at": now(), "lease": None, "lease_until": None}


def _change(session: Session, held: Claim, **values: Any) -> None:
    mine = {"held_id": held.job_id, "held_lease": held.lease}
    if session.connection().execute(_HELD, {**mine, **values}).rowcount != 1:
        raise LeaseLostError(f"任务 {held.job_id} 已不归本进程")
