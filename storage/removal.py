"""Deleting submissions and cancelling batches, whatever a worker is doing with them at that moment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage import jobs
from storage.models import (
    Batch,
    BatchStatus,
    Delivery,
    Event,
    FoundCode,
    Result,
    Submission,
    SubmissionStatus,
    SubmittedDocument,
    now,
)
from storage.submissions import end_batch_if_over

_AT_ONCE = 500
"""Ids in one statement: databases limit how many parameters it may have."""


def remove_submission(session: Session, submission: Submission) -> None:
    """Delete a submission with all that is known of it.

    A worker that is checking it loses its lease, so that its outcome is not stored.  The bytes stay until a
    purge finds that nothing refers to them.
    """
    _remove(session, [submission.id])
    if submission.batch_id:
        end_batch_if_over(session, submission.batch_id)


def cancel_batch(session: Session, batch: Batch) -> int:
    """Check nothing more of a batch: what is not begun is withdrawn, what is being checked comes to its end.

    Returns:
        How many submissions were withdrawn.
    """
    jobs.withdraw(session, [batch.id])
    waiting = session.scalars(
        select(Submission.id).where(
            Submission.batch_id == batch.id, Submission.status == SubmissionStatus.QUEUED
        )
    ).all()
    _remove(session, waiting)
    batch.status, batch.finished_at = BatchStatus.CANCELLED, now()
    batch.notes = [*batch.notes, f"批次已取消：{len(waiting)} 件还没有开始检查的送审件没有检查。"]
    return len(waiting)


def _remove(session: Session, submission_ids: Sequence[str]) -> None:
    for start in range(0, len(submission_ids), _AT_ONCE):
        some = submission_ids[start : start + _AT_ONCE]
        # The job first, as a worker that finishes does it: so that neither waits for the other.
        jobs.withdraw(session, some)
        for table in (FoundCode, Event, Result, SubmittedDocument):
            session.execute(delete(table).where(table.submission_id.in_(some)))
        session.execute(delete(Delivery).where(Delivery.subject_id.in_(some)))
        session.execute(delete(Submission).where(Submission.id.in_(some)))
