"""Webhooks: what is owed to be told to whom, signed as the Standard Webhooks specification says.

A delivery is a row and a job; the worker sends it (``worker.webhooks``), again and again with longer and
longer pauses, until it is delivered or given up: then it stands in the list of dead letters until somebody
asks for it to be sent again.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import jobs, tallies
from storage.models import (
    Batch,
    Delivery,
    DeliveryState,
    JobKind,
    Submission,
    WebhookSecret,
    new_id,
    now,
)

PRIORITY = 5
"""After a check for which a person waits, before those of batches."""

PAUSES = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))
"""Before the second attempt, the third, …; after the last one it is given up."""

KEPT_SIGNING = timedelta(hours=24)
"""So long a replaced secret still signs, so that the receiver can change over."""

SUBMISSION_OVER = "submission.{status}"
BATCH_OVER = "batch.{status}"

_SECRET_BYTES = 32
_SECRET_PREFIX = "whsec_"


def announce_submission(session: Session, submission: Submission) -> None:
    """Owe the news that a submission is done or failed, if its owner wants to be told."""
    if submission.callback_url is None or submission.finished_at is None:
        return
    data = {
        "id": submission.id,
        "status": str(submission.status),
        "conclusion": submission.conclusion,
        "project": submission.project,
        "batch": submission.batch_id,
        "links": {"self": f"/v1/submissions/{submission.id}"},
    }
    kind = SUBMISSION_OVER.format(status=submission.status)
    _owe(session, submission, submission.callback_url, kind, data)


def announce_batch(session: Session, batch: Batch) -> None:
    """Owe the news that a batch is over, if its owner wants to be told."""
    url = batch.options.get("callback_url")
    if url is None or batch.finished_at is None:
        return
    data = {"id": batch.id, "status": str(batch.status), "links": {"self": f"/v1/batches/{batch.id}"}}
    _owe(session, batch, url, BATCH_OVER.format(status=batch.status), data)


def _owe(session: Session, about: Submission | Batch, url: str, kind: str, data: dict[str, Any]) -> None:
    body = {"type": kind, "timestamp": now().isoformat(), "data": data}
    delivery = Delivery(
        id=new_id("msg"),
        unit=about.unit,
        subject_id=about.id,
        request_id=about.request_id,
        url=url,
        kind=kind,
        body=json.dumps(body, ensure_ascii=False),
    )
    session.add(delivery)
    secret_of(session, about.unit)
    jobs.owe(session, JobKind.DELIVER, delivery.id, priority=PRIORITY)


def secret_of(session: Session, unit: str) -> WebhookSecret:
    """The unit's secret, made now if there is none."""
    row = session.get(WebhookSecret, unit)
    if row is None:
        row = WebhookSecret(unit=unit, secret=_new_secret())
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            # Another transaction was faster; its secret is the unit's.
            row = session.get_one(WebhookSecret, unit)
    return row


def replace_secret(session: Session, unit: str) -> WebhookSecret:
    """Give the unit a new secret; the one before signs beside it for ``KEPT_SIGNING``."""
    row = secret_of(session, unit)
    row.previous, row.previous_until = row.secret, now() + KEPT_SIGNING
    row.secret, row.created_at = _new_secret(), now()
    return row


def signing_secrets(session: Session, unit: str) -> list[str]:
    """What a webhook of the unit is signed with now, the present secret first."""
    row = secret_of(session, unit)
    if row.previous and row.previous_until and row.previous_until > now():
        return [row.secret, row.previous]
    return [row.secret]


def delivered(session: Session, held: jobs.Claim, status: int) -> None:
    """The receiver took it.

    Raises:
        LeaseLostError: see there.
    """
    jobs.finish(session, held)
    _attempted(session, held, status, None, state=DeliveryState.DELIVERED, finished_at=now())


def not_delivered(
    session: Session, held: jobs.Claim, attempts: int, status: int | None, error: str, *, final: bool = False
) -> None:
    """The receiver did not take it; owe another attempt, or give up.

    Args:
        session: the transaction.
        held: the claim of this attempt.
        attempts: how many there were, this one included.
        status: of the answer, None if there was none.
        error: why, for the unit.
        final: whether trying again is of no use.

    Raises:
        LeaseLostError: see there.
    """
    if final or attempts > len(PAUSES):
        jobs.finish(session, held)
        _attempted(session, held, status, error, state=DeliveryState.DEAD, finished_at=now())
    else:
        jobs.give_back(session, held, error, delay=_pause(attempts), counts=False)
        _attempted(session, held, status, error)


def given_up(session: Session, delivery_id: str, reason: str) -> None:
    """The program itself failed on it for good."""
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(state=DeliveryState.DEAD, last_error=reason, finished_at=now())
    )


def again(session: Session, delivery: Delivery) -> None:
    """Owe a delivery once more, from the first attempt on."""
    jobs.withdraw(session, [delivery.id])
    delivery.state, delivery.attempts, delivery.finished_at = DeliveryState.PENDING, 0, None
    jobs.owe(session, JobKind.DELIVER, delivery.id, priority=PRIORITY)


def list_deliveries(
    session: Session,
    unit: str | None,
    *,
    limit: int,
    state: DeliveryState | None = None,
    before: str | None = None,
) -> Sequence[Delivery]:
    """Deliveries, newest first.

    Args:
        session: to read in.
        unit: whose; None for all.
        limit: most of them.
        state: only those in this state.
        before: id of the last one that was listed before.
    """
    wanted = select(Delivery)
    if unit is not None:
        wanted = wanted.where(Delivery.unit == unit)
    if state is not None:
        wanted = wanted.where(Delivery.state == state)
    if before is not None:
        wanted = wanted.where(Delivery.id < before)
    return session.scalars(wanted.order_by(Delivery.id.desc()).limit(limit)).all()


def _attempted(
    session: Session, held: jobs.Claim, status: int | None, error: str | None, **more: object
) -> None:
    values = {"attempts": Delivery.attempts + 1, "last_status": status, "last_error": error, **more}
    session.execute(update(Delivery).where(Delivery.id == held.subject_id).values(**values))
    tallies.add(session, {("webhook_attempts", tallies.label(outcome="failed" if error else "ok")): 1})


def _pause(attempts: int) -> timedelta:
    """With a tenth of chance, so that what failed together is not tried again together."""
    return PAUSES[attempts - 1] * (1 + secrets.randbelow(1000) / 10000)


def _new_secret() -> str:
    return _SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
