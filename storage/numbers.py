"""What the metrics say of this moment; what they count over time is in ``storage.tallies``."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from storage.models import Delivery, DeliveryState, Job, JobState, ReviewState, Submission, now


@dataclass(frozen=True, slots=True)
class Moment:
    """How things stand.

    Attributes:
        jobs: (kind, state) -> how many that are not over.
        oldest_seconds: kind -> for how long the oldest job has been due and not begun.
        dead_webhooks: given up and not sent again.
        waiting_reviews: submitted, and taken by no reviewer.
    """

    jobs: dict[tuple[str, str], int]
    oldest_seconds: dict[str, float]
    dead_webhooks: int
    waiting_reviews: int


def moment(session: Session) -> Moment:
    """How things stand now."""
    present = now()
    due = case(((Job.state == JobState.OWED) & (Job.not_before <= present), Job.not_before))
    rows = session.execute(
        select(Job.kind, Job.state, func.count(), func.min(due, type_=Job.not_before.type))
        .where(Job.state.in_((JobState.OWED, JobState.HELD)))
        .group_by(Job.kind, Job.state)
    ).all()
    dead = select(func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.DEAD)
    queued = select(func.count()).select_from(Submission).where(Submission.review == ReviewState.SUBMITTED)
    return Moment(
        jobs={(str(kind), str(state)): count for kind, state, count, _ in rows},
        oldest_seconds={str(kind): (present - at).total_seconds() for kind, _, _, at in rows if at},
        dead_webhooks=session.scalar(dead) or 0,
        waiting_reviews=session.scalar(queued) or 0,
    )
