"""The tables.  What is owed stands here; the queue only says who works on it now.

Times are UTC.  Identifiers are prefixed and sort by creation (``new_id``).  Rows of ``audit`` are never
changed or deleted: triggers of the database see to it.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

_ID_RANDOM = 10
_Sequence = BigInteger().with_variant(Integer, "sqlite")


def now() -> datetime:
    """The present moment in UTC, aware."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """An identifier like ``sub_0197…``: milliseconds first, so that it sorts by age, then random bytes."""
    return f"{prefix}_{int(time.time() * 1000):012x}{os.urandom(_ID_RANDOM).hex()}"


INFECTED = "infected"
"""The failure of a document that carries malicious code: its bytes are in quarantine."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC, also on SQLite, which keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what has no zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back that SQLite dropped."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map: ClassVar[Any] = {
        datetime: UtcDateTime(),
        date: Date(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class Role(StrEnum):
    """What a key may do."""

    UNIT = "unit"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class SubmissionStatus(StrEnum):
    """How far a submission is."""

    QUEUED = "queued"
    CHECKING = "checking"
    DONE = "done"
    FAILED = "failed"


class ReviewState(StrEnum):
    """Where a submission stands on its way to a reviewer."""

    NONE = "none"
    SUBMITTED = "submitted"
    TAKEN = "taken"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class BatchStatus(StrEnum):
    """How far a batch is."""

    QUEUED = "queued"
    CHECKING = "checking"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobKind(StrEnum):
    """What a worker can be asked to do."""

    CHECK = "check"
    """Check the submission ``subject_id``."""
    UNPACK = "unpack"
    """Tell the archive of the batch ``subject_id`` apart into submissions."""
    DELIVER = "deliver"
    """Send the webhook delivery ``subject_id``."""
    PURGE = "purge"
    """Delete what is past its retention period."""


class JobState(StrEnum):
    """Whether work is still owed."""

    OWED = "owed"
    HELD = "held"
    """A worker holds the lease; past ``lease_until`` it is owed again."""
    DONE = "done"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """What became of a webhook."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up; sent again only when asked to."""


class Key(Base):
    """An API key: shown once when made, kept as the SHA-256 of its text."""

    __tablename__ = "keys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(String(20))
    unit: Mapped[str | None] = mapped_column(String(200), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[str | None] = mapped_column(String(200))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Blob(Base):
    """Bytes in the object store; those that nothing refers to go some time after ``touched_at``."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    touched_at: Mapped[datetime] = mapped_column(default=now, index=True)


class Batch(Base):
    """Many submissions checked in one request."""

    __tablename__ = "batches"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit: Mapped[str] = mapped_column(String(200), index=True)
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    request_id: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[BatchStatus] = mapped_column(String(20), default=BatchStatus.QUEUED)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The call's options: class, pack, filed_on, project, callback_url, each."""
    notes: Mapped[list[Any]] = mapped_column(default=list)
    """What was left out of the archive and why, Chinese."""
    gathered_at: Mapped[datetime | None]
    """When all its submissions were told apart; before that there may come more."""
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)

    files: Mapped[list[BatchFile]] = relationship(
        order_by="BatchFile.position", cascade="all, delete-orphan", lazy="selectin"
    )


class BatchFile(Base):
    """A file of a batch as it was handed in: an archive, or a document."""

    __tablename__ = "batch_files"

    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)


class Submission(Base):
    """What is judged together, its options, and what came of it."""

    __tablename__ = "submissions"
    __table_args__ = (
        Index("ix_submissions_unit_id", "unit", "id"),
        Index("ix_submissions_status", "status"),
        Index("ix_submissions_review", "review", "submitted_at"),
        Index("ix_submissions_batch", "batch_id", "status"),
        UniqueConstraint("batch_id", "batch_position", name="uq_submissions_place"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit: Mapped[str] = mapped_column(String(200))
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    status: Mapped[SubmissionStatus] = mapped_column(String(20), default=SubmissionStatus.QUEUED)
    title: Mapped[str] = mapped_column(Text)
    pack: Mapped[str] = mapped_column(String(100))
    class_given: Mapped[str | None] = mapped_column(String(100))
    filed_on: Mapped[date | None]
    project: Mapped[str | None] = mapped_column(String(200), index=True)
    callback_url: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(String(64))
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("batches.id"))
    batch_position: Mapped[int | None]
    conclusion: Mapped[str | None] = mapped_column(String(20))
    document_class: Mapped[str | None] = mapped_column(String(100))
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)
    """For the operator: why the program failed; never a deficiency."""
    review: Mapped[ReviewState] = mapped_column(String(20), default=ReviewState.NONE)
    submitted_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None] = mapped_column(String(200))
    review_note: Mapped[str | None] = mapped_column(Text)

    documents: Mapped[list[SubmittedDocument]] = relationship(
        order_by="SubmittedDocument.position", cascade="all, delete-orphan", lazy="selectin"
    )
    results: Mapped[list[Result]] = relationship(cascade="all, delete-orphan")


class SubmittedDocument(Base):
    """A file of a submission as it was handed in."""

    __tablename__ = "submitted_documents"

    submission_id: Mapped[str] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    """None where there are no bytes to be had (an encrypted member of an archive)."""
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    media_type: Mapped[str | None] = mapped_column(String(200))
    failure: Mapped[str | None] = mapped_column(String(40))
    """An ``UnreadableReason`` that was known before it was opened."""
    detail: Mapped[str] = mapped_column(Text, default="")


class Result(Base):
    """A form of a submission's report, as a blob; since the others are made of it, that of "json"."""

    __tablename__ = "results"

    submission_id: Mapped[str] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    form: Mapped[str] = mapped_column(String(20), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)


class FoundCode(Base):
    """How many findings of a code a submission's report has; for counting, not for reading."""

    __tablename__ = "found_codes"

    submission_id: Mapped[str] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    severity: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int]


class Job(Base):
    """Work that is owed."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_next", "state", "priority", "id"),
        Index("ix_jobs_lease", "state", "lease_until"),
        Index("ix_jobs_subject", "subject_id"),
    )

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True, autoincrement=True)
    kind: Mapped[JobKind] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(40))
    priority: Mapped[int] = mapped_column(default=0)
    """Smaller goes first: a person waits for 0, a batch has 10."""
    state: Mapped[JobState] = mapped_column(String(10), default=JobState.OWED)
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was tried, without those tries of which nobody knows how they ended."""
    deaths: Mapped[int] = mapped_column(default=0)
    """How many workers ended while they held it."""
    not_before: Mapped[datetime] = mapped_column(default=now)
    lease: Mapped[str | None] = mapped_column(String(40))
    """Token of the attempt that holds it; who finishes must still hold it."""
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class Event(Base):
    """What happened to a submission, for its owner."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True, autoincrement=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Audit(Base):
    """Who did what, append-only.  No document text and no personal data beside the actor's key."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(_Sequence, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(200))
    """A key's id, ``oidc:<subject>``, or ``system``."""
    unit: Mapped[str | None] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60), index=True)
    target: Mapped[str | None] = mapped_column(String(100), index=True)
    request_id: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class WebhookSecret(Base):
    """What a unit's webhooks are signed with; kept as it is, since signing needs it."""

    __tablename__ = "webhook_secrets"

    unit: Mapped[str] = mapped_column(String(200), primary_key=True)
    secret: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(default=now)
    previous: Mapped[str | None] = mapped_column(String(100))
    previous_until: Mapped[datetime | None]
    """Until then webhooks carry a signature by ``previous`` too."""


class Delivery(Base):
    """A webhook: what is to be told to whom, and whether it was."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_unit_id", "unit", "id"),
        Index("ix_deliveries_state", "state", "finished_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit: Mapped[str] = mapped_column(String(200))
    subject_id: Mapped[str] = mapped_column(String(40), index=True)
    """The submission or batch that it is about."""
    request_id: Mapped[str | None] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    """The JSON that is sent and signed, character by character."""
    state: Mapped[DeliveryState] = mapped_column(String(10), default=DeliveryState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_status: Mapped[int | None]
    """The HTTP status of the last attempt's answer; None if there was none."""
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class Upload(Base):
    """A file that a client uploads by itself, before it hands it in."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    """As the client announced it, in bytes."""
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    """None until the bytes were received and their digest is known."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Tally(Base):
    """A count that only grows, for the metrics: it outlives the submissions that were counted."""

    __tablename__ = "tallies"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    labels: Mapped[str] = mapped_column(String(200), primary_key=True)
    """Of the metric, as ``label=value`` joined by commas."""
    shard: Mapped[int] = mapped_column(primary_key=True)
    """Of the process that counts: so that counting processes seldom wait for one another."""
    value: Mapped[float] = mapped_column(default=0.0)


class IdempotentCall(Base):
    """An answered call with an ``Idempotency-Key``; the same key from the same actor gets the same answer."""

    __tablename__ = "idempotent_calls"

    actor: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the call's options and the digests of its files."""
    target: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
