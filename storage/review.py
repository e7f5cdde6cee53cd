"""Review: from the unit that submits for it to the reviewer that accepts or returns.

NONE or RETURNED -> SUBMITTED -> TAKEN -> ACCEPTED or RETURNED.  Only what passed is submitted, or what the
unit knowingly sends with its findings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from storage.accounts import Identity
from storage.audit import note
from storage.models import Event, ReviewState, Submission, SubmissionStatus, now

PASS = "pass"
LONGEST_NOTE = 2000
IN_REVIEW = (ReviewState.SUBMITTED, ReviewState.TAKEN, ReviewState.RETURNED, ReviewState.ACCEPTED)
"""States in which reviewers see a submission."""


class ReviewError(Exception):
    """The submission's state does not allow it.  ``slug`` says which rule of the workflow it breaks."""

    slug = "review-not-allowed"


class NotFinishedError(ReviewError):
    """There is no report yet, or there will be none."""

    slug = "not-finished"


class HasFindingsError(ReviewError):
    """It did not pass, and the unit did not say that it knows."""

    slug = "has-findings"


class AlreadyInReviewError(ReviewError):
    """It is with the reviewers, or accepted."""

    slug = "already-in-review"


class NotInQueueError(ReviewError):
    """It does not wait for a reviewer."""

    slug = "not-in-queue"


class TakenByAnotherError(ReviewError):
    """Only who took it may decide."""

    slug = "taken-by-another"


def submit(
    session: Session,
    submission: Submission,
    who: Identity,
    *,
    acknowledge_findings: bool = False,
    request_id: str | None = None,
) -> None:
    """Send a submission to the reviewers.

    Args:
        session: the transaction that it is part of.
        submission: locked by the caller (``locked``).
        who: of the submission's unit.
        acknowledge_findings: the unit knows that it did not pass and sends it nevertheless.
        request_id: of the call.

    Raises:
        NotFinishedError: see there.
        AlreadyInReviewError: see there.
        HasFindingsError: see there.
    """
    if submission.status != SubmissionStatus.DONE:
        raise NotFinishedError(submission.id)
    if submission.review not in (ReviewState.NONE, ReviewState.RETURNED):
        raise AlreadyInReviewError(submission.id)
    if submission.conclusion != PASS and not acknowledge_findings:
        raise HasFindingsError(submission.id)
    submission.submitted_at, submission.reviewed_by, submission.review_note = now(), None, None
    acknowledged = submission.conclusion != PASS
    _move(session, submission, ReviewState.SUBMITTED, who, request_id, acknowledged=acknowledged)


def queue(
    session: Session,
    states: Sequence[ReviewState] = (ReviewState.SUBMITTED,),
    *,
    limit: int,
    after: tuple[str, str] | None = None,
) -> Sequence[Submission]:
    """What waits for reviewers, longest waiting first.

    Args:
        session: to read in.
        states: which to list.
        limit: most of them.
        after: (``submitted_at`` in ISO 8601, id) of the last one that was listed before.
    """
    wanted = select(Submission).where(Submission.review.in_(states))
    if after:
        at, last = datetime.fromisoformat(after[0]), after[1]
        later = and_(Submission.submitted_at == at, Submission.id > last)
        wanted = wanted.where(or_(Submission.submitted_at > at, later))
    return session.scalars(wanted.order_by(Submission.submitted_at, Submission.id).limit(limit)).all()


def take(session: Session, submission: Submission, who: Identity, request_id: str | None = None) -> None:
    """A reviewer takes one from the queue; of two that try, the second is told.

    Raises:
        NotInQueueError: see there.
    """
    if submission.review == ReviewState.TAKEN and submission.reviewed_by == who.actor:
        return
    if submission.review != ReviewState.SUBMITTED:
        raise NotInQueueError(submission.id)
    submission.reviewed_by = who.actor
    _move(session, submission, ReviewState.TAKEN, who, request_id)


def decide(
    session: Session,
    submission: Submission,
    who: Identity,
    decision: ReviewState,
    *,
    note_text: str | None = None,
    request_id: str | None = None,
) -> None:
    """The reviewer who took it accepts or returns it.

    Args:
        session: the transaction that it is part of.
        submission: locked by the caller (``locked``).
        who: the reviewer.
        decision: ACCEPTED or RETURNED.
        note_text: for the unit; not in the audit trail, which holds no text.
        request_id: of the call.

    Raises:
        NotInQueueError: nobody took it, or it is decided.
        TakenByAnotherError: see there.
    """
    if submission.review != ReviewState.TAKEN:
        raise NotInQueueError(submission.id)
    if submission.reviewed_by != who.actor:
        raise TakenByAnotherError(submission.id)
    submission.review_note = note_text
    _move(session, submission, decision, who, request_id)


def locked(session: Session, submission_id: str) -> Submission | None:
    """The submission, for a transaction that changes its review; None if there is none."""
    return session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _move(
    session: Session,
    submission: Submission,
    state: ReviewState,
    who: Identity,
    request_id: str | None,
    **detail: bool,
) -> None:
    submission.review = state
    session.add(Event(submission_id=submission.id, kind=f"review-{state}", data={}))
    note(session, who, f"review.{state}", submission.id, request_id, **detail)
