"""Submissions from the promise to check them to their outcome.

Each change here is part of the caller's transaction: what is promised, what is owed for it, what its owner
is told and what the audit trail says stand together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import jobs, rows, tallies, webhooks
from storage.accounts import SYSTEM
from storage.jobs import BATCH_PRIORITY, Claim
from storage.models import (
    INFECTED,
    Audit,
    Batch,
    BatchFile,
    BatchStatus,
    Blob,
    Event,
    FoundCode,
    IdempotentCall,
    JobKind,
    Result,
    Submission,
    SubmissionStatus,
    SubmittedDocument,
    new_id,
    now,
)
from storage.objects import ObjectStore, Stored, StoreUnavailableError

REPORT = "json"
"""The form of a report that is kept: the JSON that every door gives out."""


class IdempotencyConflictError(Exception):
    """The key was used before, for another call."""


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf something happens.

    Attributes:
        actor: a key's id, ``oidc:<subject>``, or ``system``.
        unit: whose submission it is.
        request_id: of the HTTP request, follows the submission into the worker.
    """

    actor: str
    unit: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How to judge, as the call says it.

    Attributes:
        pack: id of the rule pack.
        class_id: of the document class; None: find out.
        filed_on: the filing date.
        project: the unit's own name or number for the project.
        callback_url: where a webhook goes.
        each: of a batch, what is one submission: "file" or "folder"; None: as ``yushen check`` has it.
    """

    pack: str
    class_id: str | None = None
    filed_on: date | None = None
    project: str | None = None
    callback_url: str | None = None
    each: str | None = None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file as it was handed in.

    Attributes:
        name: for people and for the report, without folders.
        stored: its bytes, durable; None where there are none to be had.
        failure: an ``UnreadableReason`` that is known before it is opened.
        detail: Chinese, to ``failure``.
    """

    name: str
    stored: Stored | None
    failure: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """An ``Idempotency-Key`` and the SHA-256 over the call's options and the digests of its files."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was promised.

    Attributes:
        id: of the submission or batch.
        repeated: it was promised before, to a call with the same idempotency key.
    """

    id: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a check.

    Attributes:
        conclusion: of the report.
        document_class: by which it was judged; None: undetermined.
        report: its JSON, durable; every other form is made of it when it is asked for.
        found: (code, severity) -> how many findings.
        media_types: SHA-256 of a document -> what it is by its content.
    """

    conclusion: str
    document_class: str | None
    report: Stored
    found: Mapping[tuple[str, str], int] = field(default_factory=dict)
    media_types: Mapping[str, str] = field(default_factory=dict)


def accept(
    session: Session,
    store: ObjectStore,
    files: Sequence[HandedIn],
    options: Options,
    caller: Caller,
    *,
    title: str | None = None,
    idempotency: Idempotency | None = None,
) -> Accepted:
    """Promise to check one submission.  After the commit, give a hint (``storage.hints``), then answer.

    Args:
        store: where the bytes of ``files`` are.
        files: in the order in which the report names them; at least one.
        title: what a person calls it; the first file's name if None.

    Raises:
        IdempotencyConflictError: see there.
        StoreUnavailableError: bytes vanished between their upload and now; the caller should send them again.
    """
    submission_id = new_id("sub")
    if idempotency and (earlier := _promised(session, caller, idempotency, submission_id)):
        return Accepted(earlier, repeated=True)
    _add(session, store, submission_id, files, options, caller, title=title)
    return Accepted(submission_id)


def accept_batch(
    session: Session,
    store: ObjectStore,
    files: Sequence[HandedIn],
    options: Options,
    caller: Caller,
    *,
    idempotency: Idempotency | None = None,
) -> Accepted:
    """Promise to check a batch: archives and documents, told apart into submissions by a worker.

    Args and raises as of ``accept``; every file has bytes.
    """
    batch_id = new_id("bat")
    if idempotency and (earlier := _promised(session, caller, idempotency, batch_id)):
        return Accepted(earlier, repeated=True)
    record_blobs(session, store, [f.stored for f in files if f.stored])
    batch = Batch(
        id=batch_id, unit=caller.unit, created_by=caller.actor, request_id=caller.request_id, notes=[]
    )
    batch.options = {
        "pack": options.pack,
        "class": options.class_id,
        "filed_on": options.filed_on.isoformat() if options.filed_on else None,
        "project": options.project,
        "callback_url": options.callback_url,
        "each": options.each,
    }
    batch.files = [
        BatchFile(position=i, name=f.name, sha256=f.stored.sha256, size=f.stored.size)
        for i, f in enumerate(files)
        if f.stored
    ]
    session.add(batch)
    jobs.owe(session, JobKind.UNPACK, batch_id)
    _audit(session, caller, "batch.created", batch_id, {"files": len(files)})
    session.flush()
    return Accepted(batch_id)


def options_of(batch: Batch) -> Options:
    """The options that a batch was handed in with."""
    given = batch.options
    filed_on = date.fromisoformat(given["filed_on"]) if given.get("filed_on") else None
    return Options(
        given["pack"],
        given.get("class"),
        filed_on,
        given.get("project"),
        given.get("callback_url"),
        given.get("each"),
    )


def add_to_batch(
    session: Session, store: ObjectStore, batch: Batch, position: int, title: str, files: Sequence[HandedIn]
) -> str | None:
    """Promise to check one submission of a batch; None if it was promised by an earlier attempt."""
    place = select(Submission.id).where(
        Submission.batch_id == batch.id, Submission.batch_position == position
    )
    if session.scalar(place) is not None:
        return None
    submission_id = new_id("sub")
    caller = Caller(batch.created_by, batch.unit, batch.request_id)
    _add(
        session,
        store,
        submission_id,
        files,
        options_of(batch),
        caller,
        title=title,
        batch=(batch.id, position),
    )
    return submission_id


def record_blobs(session: Session, store: ObjectStore, stored: Iterable[Stored]) -> None:
    """Note that these bytes are referred to now.

    A purge deletes bytes under the lock of their row: after this they are either gone or kept.

    Raises:
        StoreUnavailableError: they are gone.
    """
    distinct = sorted({s.sha256: s for s in stored}.values(), key=lambda s: s.sha256)
    blobs = [{"sha256": s.sha256, "size": s.size, "touched_at": now()} for s in distinct]
    # Sorted: two transactions that touch the same rows must do so in the same order.
    rows.put(session, Blob, blobs, summed=False, column="touched_at")
    if gone := [s.sha256 for s in distinct if not store.has(s.sha256)]:
        raise StoreUnavailableError(f"文件 {gone[0]} 在保存之后被清除")


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A submission as a worker needs it."""

    id: str
    pack: str
    class_given: str | None
    filed_on: date | None
    request_id: str | None
    documents: tuple[Original, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """A file of it; attributes as of ``SubmittedDocument``."""

    position: int
    name: str
    sha256: str | None
    size: int
    failure: str | None
    detail: str


def look(session: Session, submission_id: str) -> ToCheck | None:
    """A submission to check; None if it was deleted meanwhile, or has its outcome already."""
    connection = session.connection()
    row = connection.execute(_UNFINISHED, {"its_id": submission_id}).first()
    if row is None:
        return None
    files = connection.execute(_ORIGINALS, {"its_submission": submission_id})
    return ToCheck(
        submission_id,
        row.pack,
        row.class_given,
        row.filed_on,
        row.request_id,
        tuple(Original(f.position, f.name, f.sha256, f.size, f.failure, f.detail) for f in files),
    )


def begin(session: Session, held: Claim) -> bool:
    """A worker starts on the submission that the claim is about.

    Returns:
        False if that cannot be said now, or it was said: the claim stands no more, or its job is locked.
    """
    connection = session.connection()
    given = {"held_id": held.job_id, "held_lease": held.lease, "status": SubmissionStatus.CHECKING}
    row = connection.execute(_BEGUN, given).first()
    if row is None:
        return False
    _event(session, held.subject_id, "checking")
    if row.batch_id:
        connection.execute(_BATCH_BEGUN, {"its_batch": row.batch_id, "status": BatchStatus.CHECKING})
    return True


def complete(session: Session, store: ObjectStore, held: Claim, outcome: Outcome) -> None:
    """Store the outcome of the submission that the claim is about, exactly once.

    Raises:
        LeaseLostError: another worker has it; the transaction must be rolled back.
    """
    jobs.finish(session, held)
    submission_id, report = held.subject_id, outcome.report
    came_of_it = {"conclusion": outcome.conclusion, "document_class": outcome.document_class}
    data = {"conclusion": outcome.conclusion}
    if not _over(session, submission_id, SubmissionStatus.DONE, data, outcome.found, **came_of_it):
        return
    record_blobs(session, store, [report])
    kept = {"submission_id": submission_id, "form": REPORT, "sha256": report.sha256, "size": report.size}
    rows.add(session, Result, kept)
    found = (
        {"submission_id": submission_id, "code": code, "severity": severity, "count": count}
        for (code, severity), count in outcome.found.items()
    )
    rows.add(session, FoundCode, *found)
    known = [
        {"its_submission": submission_id, "its_bytes": sha256, "media_type": media_type}
        for sha256, media_type in outcome.media_types.items()
    ]
    if known:
        session.connection().execute(_BY_CONTENT, known)


def mark_infected(session: Session, submission: ToCheck, infected: Mapping[str, str]) -> None:
    """Note that originals are infected, wherever they were handed in: they are in quarantine now.

    Args:
        session: the transaction.
        submission: at which it was found.
        infected: digest of an original -> with what, Chinese.
    """
    for sha256, detail in sorted(infected.items()):
        session.execute(
            update(SubmittedDocument)
            .where(SubmittedDocument.sha256 == sha256)
            .values(failure=INFECTED, detail=detail)
        )
        unit = session.scalar(select(Submission.unit).where(Submission.id == submission.id)) or ""
        caller = Caller(SYSTEM, unit, submission.request_id)
        said = {"submission": submission.id, "found": detail}
        _audit(session, caller, "document.quarantined", sha256, said)


def fail(session: Session, submission_id: str, reason: str) -> None:
    """The program failed on a submission for good.

    Args:
        reason: for the operator; never a deficiency, no document text.
    """
    _over(session, submission_id, SubmissionStatus.FAILED, {}, {}, failure=reason)


def fail_batch(session: Session, batch_id: str, reason: str) -> None:
    """The program failed on telling a batch apart; submissions that are there already are still checked."""
    batch = session.get(Batch, batch_id)
    if batch is None or batch.finished_at is not None:
        return
    batch.failure, batch.status, batch.finished_at = reason, BatchStatus.FAILED, now()
    webhooks.announce_batch(session, batch)


def gathered(session: Session, batch: Batch, notes: Sequence[str]) -> None:
    """All submissions of the batch are there.

    Args:
        notes: what was left out and why, Chinese.
    """
    batch.notes, batch.gathered_at = list(notes), now()
    _batch_begins(batch)
    session.flush()
    end_batch_if_over(session, batch.id)


def again(session: Session, submission: Submission) -> None:
    """Check a failed submission once more."""
    submission.status, submission.failure, submission.finished_at = SubmissionStatus.QUEUED, None, None
    jobs.owe(session, JobKind.CHECK, submission.id, priority=BATCH_PRIORITY if submission.batch_id else 0)
    _event(session, submission.id, "queued")
    if submission.batch_id and (batch := session.get(Batch, submission.batch_id)):
        batch.status, batch.finished_at = BatchStatus.CHECKING, None


def _add(
    session: Session,
    store: ObjectStore,
    submission_id: str,
    files: Sequence[HandedIn],
    options: Options,
    caller: Caller,
    *,
    title: str | None,
    batch: tuple[str, int] | None = None,
) -> None:
    record_blobs(session, store, [f.stored for f in files if f.stored])
    batch_id, position = batch or (None, None)
    submission = {
        "id": submission_id,
        "unit": caller.unit,
        "created_by": caller.actor,
        "request_id": caller.request_id,
        "title": title or files[0].name,
        "pack": options.pack,
        "class_given": options.class_id,
        "filed_on": options.filed_on,
        "project": options.project,
        "callback_url": options.callback_url,
        "batch_id": batch_id,
        "batch_position": position,
    }
    rows.add(session, Submission, submission)
    rows.add(session, SubmittedDocument, *(_document(submission_id, i, f) for i, f in enumerate(files)))
    jobs.owe(session, JobKind.CHECK, submission_id, priority=BATCH_PRIORITY if batch else 0)
    _event(session, submission_id, "queued")
    _audit(session, caller, "submission.created", submission_id, {"files": len(files)})


def _document(submission_id: str, position: int, file: HandedIn) -> Mapping[str, Any]:
    return {
        "submission_id": submission_id,
        "position": position,
        "name": file.name,
        "sha256": file.stored.sha256 if file.stored else None,
        "size": file.stored.size if file.stored else 0,
        "failure": file.failure,
        "detail": file.detail,
    }


def _promised(session: Session, caller: Caller, given: Idempotency, target: str) -> str | None:
    """What the same call was promised before; None if it is the first, of which ``target`` is noted."""
    try:
        with session.begin_nested():
            session.add(
                IdempotentCall(
                    actor=caller.actor, key=given.key, fingerprint=given.fingerprint, target=target
                )
            )
    except IntegrityError:
        earlier = session.get_one(IdempotentCall, (caller.actor, given.key))
        if earlier.fingerprint != given.fingerprint:
            raise IdempotencyConflictError(given.key) from None
        return earlier.target
    return None


def _over(
    session: Session,
    submission_id: str,
    status: SubmissionStatus,
    data: Mapping[str, Any],
    found: Mapping[tuple[str, str], int],
    **came_of_it: str | None,
) -> bool:
    """End a submission; False if it is gone or has its outcome already."""
    ended = {"its_id": submission_id, "status": status, "finished_at": now(), **came_of_it}
    row = session.connection().execute(_ENDED, ended).first()
    if row is None:
        return False
    conclusion = came_of_it.get("conclusion") or ""
    counts: dict[tuple[str, str], float] = {
        ("submissions", tallies.label(status=str(status), conclusion=conclusion)): 1
    }
    for (code, severity), count in found.items():
        counts["findings", tallies.label(code=code, severity=severity)] = count
    counts |= _times(session, submission_id, row.created_at, row.finished_at)
    tallies.add(session, counts)
    _event(session, submission_id, str(status), data)
    if row.callback_url:
        webhooks.announce_submission(session, session.get_one(Submission, submission_id))
    if row.batch_id:
        end_batch_if_over(session, row.batch_id)
    return True


def _times(
    session: Session, submission_id: str, created: datetime, over: datetime
) -> dict[tuple[str, str], float]:
    """What the metrics say of how long a submission took, since it was queued for the last time."""
    events = session.connection().execute(_LAST_EVENTS, {"its_submission": submission_id})
    last: dict[str, datetime] = {row.kind: row.at for row in events}
    queued = last.get("queued", created)
    begun = last.get("checking", queued)
    return (
        tallies.timing("stage_seconds", begun - queued, stage="waiting")
        | tallies.timing("stage_seconds", over - begun, stage="checking")
        | tallies.timing("stage_seconds", over - queued, stage="whole")
    )


def _batch_begins(batch: Batch) -> None:
    if batch.status == BatchStatus.QUEUED:
        batch.status = BatchStatus.CHECKING


def end_batch_if_over(session: Session, batch_id: str) -> None:
    """End a batch if all its submissions are there and over; called when one of them is over, or gone."""
    # Locked: of two workers that finish the last two, the second must see what the first did.
    batch = session.scalar(
        select(Batch).where(Batch.id == batch_id).with_for_update().execution_options(populate_existing=True)
    )
    if batch is None or batch.gathered_at is None or batch.finished_at is not None:
        return
    unfinished = exists().where(
        Submission.batch_id == batch_id,
        Submission.status.in_((SubmissionStatus.QUEUED, SubmissionStatus.CHECKING)),
    )
    if not session.scalar(select(unfinished)):
        batch.status, batch.finished_at = BatchStatus.DONE, now()
        webhooks.announce_batch(session, batch)


def _event(session: Session, submission_id: str, kind: str, data: Mapping[str, Any] | None = None) -> None:
    rows.add(session, Event, {"submission_id": submission_id, "kind": kind, "data": data or {}})


def _audit(session: Session, caller: Caller, action: str, target: str, detail: Mapping[str, Any]) -> None:
    said = {
        "actor": caller.actor,
        "unit": caller.unit,
        "action": action,
        "target": target,
        "request_id": caller.request_id,
        "detail": detail,
    }
    rows.add(session, Audit, said)


_SUBMISSIONS, _DOCUMENTS, _EVENTS, _BATCHES = map(
    rows.table_of, (Submission, SubmittedDocument, Event, Batch)
)
_CHANGED = update(_SUBMISSIONS).where(_SUBMISSIONS.c.id == bindparam("its_id"))
_ENDED = _CHANGED.where(_SUBMISSIONS.c.finished_at.is_(None)).returning(
    _SUBMISSIONS.c.created_at,
    _SUBMISSIONS.c.finished_at,
    _SUBMISSIONS.c.callback_url,
    _SUBMISSIONS.c.batch_id,
)
_BEGUN = (
    update(_SUBMISSIONS)
    .where(
        # Who deletes takes the job first as well; whoever has it now is not waited for.
        _SUBMISSIONS.c.id == jobs.held_subject().scalar_subquery(),
        _SUBMISSIONS.c.status == SubmissionStatus.QUEUED,
    )
    .returning(_SUBMISSIONS.c.batch_id)
)
_BATCH_BEGUN = update(_BATCHES).where(
    _BATCHES.c.id == bindparam("its_batch"), _BATCHES.c.status == BatchStatus.QUEUED
)
_UNFINISHED = select(
    _SUBMISSIONS.c.pack,
    _SUBMISSIONS.c.class_given,
    _SUBMISSIONS.c.filed_on,
    _SUBMISSIONS.c.request_id,
).where(_SUBMISSIONS.c.id == bindparam("its_id"), _SUBMISSIONS.c.finished_at.is_(None))
_ORIGINALS = (
    select(
        _DOCUMENTS.c.position,
        _DOCUMENTS.c.name,
        _DOCUMENTS.c.sha256,
        _DOCUMENTS.c.size,
        _DOCUMENTS.c.failure,
        _DOCUMENTS.c.detail,
    )
    .where(_DOCUMENTS.c.submission_id == bindparam("its_submission"))
    .order_by(_DOCUMENTS.c.position)
)
_BY_CONTENT = update(_DOCUMENTS).where(
    _DOCUMENTS.c.submission_id == bindparam("its_submission"), _DOCUMENTS.c.sha256 == bindparam("its_bytes")
)
_LAST_EVENTS = (
    select(_EVENTS.c.kind, func.max(_EVENTS.c.at).label("at"))
    .where(_EVENTS.c.submission_id == bindparam("its_submission"))
    .group_by(_EVENTS.c.kind)
)
