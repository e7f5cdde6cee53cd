"""What a caller may see, and lists of it, newest first.

Every read of a submission or a batch on someone's behalf goes through here: what is not theirs is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, false, func, select, true
from sqlalchemy.orm import Session

from storage import rows
from storage.accounts import Identity
from storage.models import (
    INFECTED,
    Audit,
    Batch,
    BatchStatus,
    Event,
    FoundCode,
    ReviewState,
    Role,
    Submission,
    SubmissionStatus,
    SubmittedDocument,
)

_SUBMISSIONS, _DOCUMENTS = rows.table_of(Submission), rows.table_of(SubmittedDocument)
_STATUS = select(_SUBMISSIONS.c.status).where(_SUBMISSIONS.c.id == bindparam("its_id"))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None for everything.

    Attributes:
        document_class: the one it was judged by, else the one that was given.
    """

    status: SubmissionStatus | None = None
    conclusion: str | None = None
    document_class: str | None = None
    unit: str | None = None
    project: str | None = None
    batch: str | None = None


def visible(who: Identity) -> ColumnElement[bool]:
    """Which submissions ``who`` may see: a unit its own, a reviewer those in review, an administrator all."""
    match who.role:
        case Role.ADMINISTRATOR:
            return true()
        case Role.REVIEWER:
            return _SUBMISSIONS.c.review != ReviewState.NONE
        case _:
            return _SUBMISSIONS.c.unit == who.unit if who.unit else false()


def find_submission(session: Session, who: Identity, submission_id: str) -> Submission | None:
    """The submission of that id, None where there is none that ``who`` may see."""
    return session.scalar(select(Submission).where(Submission.id == submission_id, visible(who)))


@dataclass(frozen=True, slots=True)
class Known:
    """A submission with its documents, as plain rows: what is asked most often, by who waits for a report."""

    submission: Row[Any]
    documents: list[Row[Any]]


def tell_submission(session: Session, who: Identity, submission_id: str) -> Known | None:
    """The submission of that id, None where there is none that ``who`` may see."""
    found = session.connection().execute(_telling(who), {"its_id": submission_id}).all()
    return Known(found[0], [row for row in found if row.position is not None]) if found else None


@lru_cache(maxsize=1000)
def _telling(who: Identity) -> Select[Any]:
    """Made once for each caller: putting it together takes longer than running it."""
    documents = (_DOCUMENTS.c.position, _DOCUMENTS.c.name, _DOCUMENTS.c.sha256, _DOCUMENTS.c.size)
    return (
        select(_SUBMISSIONS, *documents, _DOCUMENTS.c.media_type)
        .outerjoin_from(_SUBMISSIONS, _DOCUMENTS, _DOCUMENTS.c.submission_id == _SUBMISSIONS.c.id)
        .where(_SUBMISSIONS.c.id == bindparam("its_id"), visible(who))
        .order_by(_DOCUMENTS.c.position)
    )


def status_of(session: Session, submission_id: str) -> SubmissionStatus | None:
    """How far a submission is; None if there is none."""
    row = session.connection().execute(_STATUS, {"its_id": submission_id}).first()
    return SubmissionStatus(row.status) if row else None


def list_submissions(
    session: Session, who: Identity, filters: Filters, limit: int, before: str | None = None
) -> Sequence[Submission]:
    """Submissions that ``who`` may see, newest first.

    Args:
        session: to read with.
        who: asks.
        filters: what it is narrowed to.
        limit: at most so many.
        before: only those older than the one of this id, which need not be there any more.
    """
    query = _narrowed(select(Submission).where(visible(who)), filters)
    if before:
        query = query.where(Submission.id < before)
    return session.scalars(query.order_by(Submission.id.desc()).limit(limit)).all()


def _narrowed(query: Select[Submission], filters: Filters) -> Select[Submission]:
    judged_by = func.coalesce(Submission.document_class, Submission.class_given)
    wanted: Sequence[tuple[ColumnElement[Any], object]] = (
        (Submission.status.expression, filters.status),
        (Submission.conclusion.expression, filters.conclusion),
        (judged_by, filters.document_class),
        (Submission.unit.expression, filters.unit),
        (Submission.project.expression, filters.project),
        (Submission.batch_id.expression, filters.batch),
    )
    return query.where(*(column == value for column, value in wanted if value is not None))


def _batches(who: Identity) -> ColumnElement[bool]:
    match who.role:
        case Role.ADMINISTRATOR:
            return true()
        case Role.UNIT if who.unit:
            return Batch.unit == who.unit
        case _:
            return false()


def find_batch(session: Session, who: Identity, batch_id: str) -> Batch | None:
    """The batch of that id, None where there is none that ``who`` may see."""
    return session.scalar(select(Batch).where(Batch.id == batch_id, _batches(who)))


def list_batches(session: Session, who: Identity, limit: int, before: str | None = None) -> Sequence[Batch]:
    """Batches that ``who`` may see, newest first; arguments as of ``list_submissions``."""
    query = select(Batch).where(_batches(who))
    if before:
        query = query.where(Batch.id < before)
    return session.scalars(query.order_by(Batch.id.desc()).limit(limit)).all()


def batch_items(
    session: Session, batch_id: str, limit: int | None = None, after: int = -1
) -> Sequence[Submission]:
    """The submissions of a batch in their order, those after position ``after``."""
    query = select(Submission).where(Submission.batch_id == batch_id, Submission.batch_position > after)
    return session.scalars(query.order_by(Submission.batch_position).limit(limit)).all()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is.

    Attributes:
        total: submissions that are known of.
        by_outcome: conclusion, or "failed" -> how many have it.
    """

    total: int
    by_outcome: Mapping[str, int]

    @property
    def done(self) -> int:
        """Submissions that are over."""
        return sum(self.by_outcome.values())


def batch_progress(session: Session, batch_ids: Sequence[str]) -> dict[str, Progress]:
    """How far each of these batches is."""
    rows = session.execute(
        select(Submission.batch_id, Submission.status, Submission.conclusion, func.count())
        .where(Submission.batch_id.in_(batch_ids))
        .group_by(Submission.batch_id, Submission.status, Submission.conclusion)
    )
    totals = dict.fromkeys(batch_ids, 0)
    outcomes: dict[str, dict[str, int]] = {batch_id: {} for batch_id in batch_ids}
    for batch_id, status, conclusion, count in rows:
        totals[batch_id or ""] += count
        if status == SubmissionStatus.FAILED:
            outcomes[batch_id or ""]["failed"] = count
        elif status == SubmissionStatus.DONE and conclusion:
            outcomes[batch_id or ""][conclusion] = count
    return {batch_id: Progress(totals[batch_id], outcomes[batch_id]) for batch_id in batch_ids}


def is_over(batch: Batch) -> bool:
    """Whether nothing more happens to a batch by itself."""
    return batch.status in (BatchStatus.DONE, BatchStatus.FAILED, BatchStatus.CANCELLED)


def events_of(session: Session, submission_id: str) -> Sequence[Event]:
    """What happened to a submission, in order."""
    return session.scalars(select(Event).where(Event.submission_id == submission_id).order_by(Event.id)).all()


@dataclass(frozen=True, slots=True)
class Infection:
    """What is known of a file in quarantine.

    Attributes:
        found: with what it is infected, Chinese.
        submissions: at which it was handed in, oldest first.
    """

    found: str
    submissions: list[str]


def quarantined(session: Session, digests: Iterable[str]) -> dict[str, Infection]:
    """What is known of infected files, by digest; nothing of those whose submissions are deleted."""
    rows = session.execute(
        select(SubmittedDocument.sha256, SubmittedDocument.detail, SubmittedDocument.submission_id)
        .where(SubmittedDocument.failure == INFECTED, SubmittedDocument.sha256.in_(list(digests)))
        .order_by(SubmittedDocument.submission_id)
        .distinct()
    )
    known: dict[str, Infection] = {}
    for sha256, detail, submission_id in rows:
        infection = known.setdefault(str(sha256), Infection(detail, []))
        if submission_id not in infection.submissions:
            infection.submissions.append(submission_id)
    return known


def audit_rows(
    session: Session,
    limit: int,
    *,
    before: int | None = None,
    target: str | None = None,
    actor: str | None = None,
) -> Sequence[Audit]:
    """The audit trail, newest first.

    Args:
        session: to read with.
        limit: at most so many.
        before: only rows older than this number.
        target: only what was done to this.
        actor: only what this one did.
    """
    query = select(Audit)
    if before is not None:
        query = query.where(Audit.id < before)
    if target is not None:
        query = query.where(Audit.target == target)
    if actor is not None:
        query = query.where(Audit.actor == actor)
    return session.scalars(query.order_by(Audit.id.desc()).limit(limit)).all()


def finding_counts(session: Session, batch_id: str) -> dict[str, dict[str, int]]:
    """Submission of a batch -> severity -> how many findings it has."""
    rows = session.execute(
        select(FoundCode.submission_id, FoundCode.severity, func.sum(FoundCode.count))
        .join(Submission, Submission.id == FoundCode.submission_id)
        .where(Submission.batch_id == batch_id)
        .group_by(FoundCode.submission_id, FoundCode.severity)
    )
    counts: dict[str, dict[str, int]] = {}
    for submission_id, severity, count in rows:
        counts.setdefault(submission_id, {})[severity] = int(count)
    return counts
