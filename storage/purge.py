"""Retention: what is past its time goes, in small transactions; the audit trail stays.

Bytes that nothing refers to go ``orphan_hours`` after they were last handed in.  They are deleted under the
lock of their row, which whoever hands the same bytes in must have too (``submissions.record_blobs``): who
comes first keeps them, who comes second is told to send them again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from sqlalchemy import ColumnElement, CursorResult, delete, exists, select, tuple_
from sqlalchemy.orm import Session

from storage import jobs
from storage.accounts import SYSTEM, Identity
from storage.audit import note
from storage.database import Database
from storage.models import (
    Base,
    Batch,
    BatchFile,
    Blob,
    Delivery,
    IdempotentCall,
    Job,
    JobKind,
    JobState,
    Result,
    ReviewState,
    Role,
    Submission,
    SubmittedDocument,
    Upload,
    now,
)
from storage.objects import ObjectStore
from storage.removal import remove_submission
from storage.settings import Settings
from storage.submissions import record_blobs

EVERY = timedelta(hours=1)
"""Between two purges."""

CALLS_KEPT = timedelta(days=7)
"""So long a call may be repeated with its ``Idempotency-Key``."""

JOBS_KEPT = timedelta(days=7)
"""So long jobs that are over can be looked at."""

DELIVERIES_KEPT = timedelta(days=30)
"""So long webhooks that were delivered or given up can be looked at and sent again."""

SUBJECT = "purge"
"""What a purge's job is about."""

_AT_ONCE = 100
"""Rows of one transaction: others want the database too."""

_UNDECIDED = (ReviewState.SUBMITTED, ReviewState.TAKEN)
_HIMSELF = Identity(SYSTEM, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Purged:
    """How much went."""

    submissions: int = 0
    batches: int = 0
    uploads: int = 0
    objects: int = 0
    rows: int = 0


def schedule(session: Session, *, after: timedelta = timedelta()) -> None:
    """Owe a purge, if none is owed or under way."""
    pending = select(Job.id).where(Job.kind == JobKind.PURGE, Job.state.in_((JobState.OWED, JobState.HELD)))
    if session.scalar(pending.limit(1)) is None:
        jobs.owe(session, JobKind.PURGE, SUBJECT, priority=jobs.BATCH_PRIORITY, not_before=now() + after)


def purge(
    database: Database,
    store: ObjectStore,
    settings: Settings,
    stop: Callable[[], bool] = lambda: False,
    *,
    look_through: bool = True,
) -> Purged:
    """Delete all that is past its time.

    Args:
        database: where it is looked up.
        store: where bytes are deleted.
        settings: ``retention_days`` and ``orphan_hours``.
        look_through: whether to look in the store for bytes of which no row knows.
        stop: asked before each transaction whether to leave the rest to the next purge.

    Raises:
        DatabaseUnavailableError: see there; what went is gone, the rest is left to the next purge.
        StoreUnavailableError: likewise.
    """
    done = Purged()
    if settings.retention_days:
        before = now() - timedelta(days=settings.retention_days)
        done = replace(
            done,
            submissions=_until_none(database, stop, lambda s: _submissions(s, before)),
            batches=_until_none(database, stop, lambda s: _batches(s, before)),
        )
    uploads = _until_none(database, stop, lambda s: _uploads(s, store))
    rows = sum(_until_none(database, stop, some) for some in _old_rows())
    if look_through:
        _note_strays(database, store, stop)
    orphaned = now() - timedelta(hours=settings.orphan_hours)
    objects = _until_none(database, stop, lambda s: _orphans(s, store, orphaned))
    return replace(done, uploads=uploads, rows=rows, objects=objects)


def _until_none(database: Database, stop: Callable[[], bool], some: Callable[[Session], int]) -> int:
    total = 0
    while not stop():
        with database.write() as session:
            count = some(session)
        total += count
        if count == 0:
            break
    return total


def _submissions(session: Session, before: datetime) -> int:
    """Finished ones, unless a reviewer has yet to decide."""
    past = (
        select(Submission)
        .where(Submission.finished_at < before, Submission.review.not_in(_UNDECIDED))
        .order_by(Submission.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(past).all()
    for row in rows:
        note(session, _HIMSELF, "submission.purged", row.id, unit=row.unit)
        remove_submission(session, row)
    return len(rows)


def _batches(session: Session, before: datetime) -> int:
    """Finished ones of which no submission is left."""
    left = exists().where(Submission.batch_id == Batch.id)
    past = select(Batch).where(Batch.finished_at < before, ~left).order_by(Batch.id).limit(_AT_ONCE)
    rows = session.scalars(past).all()
    for row in rows:
        note(session, _HIMSELF, "batch.purged", row.id, unit=row.unit)
        session.delete(row)
    return len(rows)


def _uploads(session: Session, store: ObjectStore) -> int:
    """Direct uploads that nobody handed in in time, and what lies in the store for them."""
    past = select(Upload).where(Upload.expires_at < now()).order_by(Upload.id).limit(_AT_ONCE)
    rows = session.scalars(past.with_for_update(skip_locked=True)).all()
    for row in rows:
        store.discard(row.id)
        session.delete(row)
    return len(rows)


def _old_rows() -> list[Callable[[Session], int]]:
    """What is only kept to be looked at."""
    over = Job.state.in_((JobState.DONE, JobState.FAILED))
    return [
        partial(_rows, IdempotentCall, IdempotentCall.created_at < now() - CALLS_KEPT),
        partial(_rows, Job, over & (Job.finished_at < now() - JOBS_KEPT)),
        partial(_rows, Delivery, Delivery.finished_at < now() - DELIVERIES_KEPT),
    ]


def _rows(table: type[Base], past: ColumnElement[bool], session: Session) -> int:
    key = tuple_(*table.__table__.primary_key)
    some = select(*table.__table__.primary_key).where(past).limit(_AT_ONCE)
    gone = session.execute(delete(table).where(key.in_(some)))
    assert isinstance(gone, CursorResult)
    return gone.rowcount


def _note_strays(database: Database, store: ObjectStore, stop: Callable[[], bool]) -> None:
    """Make rows for bytes that have none: of calls that were refused, or cut off, after their upload.

    They are not deleted here: somebody may be about to refer to them.  From now on they are bytes that
    nothing refers to, as others are.
    """
    listed = store.listed()
    while not stop() and (some := {s.sha256: s for s in islice(listed, _AT_ONCE)}):
        with database.read() as session:
            known = set(session.scalars(select(Blob.sha256).where(Blob.sha256.in_(some))))
        if strays := [stored for digest, stored in some.items() if digest not in known]:
            with database.write() as session:
                record_blobs(session, store, [s for s in strays if store.has(s.sha256)])


def _orphans(session: Session, store: ObjectStore, before: datetime) -> int:
    """Bytes that nothing refers to."""
    unused = (
        select(Blob)
        .where(Blob.touched_at < before, *(~exists().where(c == Blob.sha256) for c in _REFERENCES))
        .order_by(Blob.sha256)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(unused).all()
    for row in rows:
        store.delete(row.sha256)
        session.delete(row)
    return len(rows)


_REFERENCES = (SubmittedDocument.sha256, Result.sha256, BatchFile.sha256, Upload.sha256)
"""Wherever a row refers to bytes."""
