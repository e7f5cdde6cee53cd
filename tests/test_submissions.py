"""Submissions from promise to outcome."""

import hashlib
import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from storage import jobs, submissions
from storage.models import (
    Audit,
    Batch,
    BatchStatus,
    Blob,
    Event,
    FoundCode,
    Job,
    JobKind,
    Submission,
    SubmissionStatus,
    now,
)
from storage.objects import Stored, StoreUnavailableError
from storage.submissions import Caller, HandedIn, Idempotency, IdempotencyConflictError, Options, Outcome

CALLER = Caller("key_1", "区教育局", "req-1")
OPTIONS = Options("jinjiang-2023", "contract-filing", date(2026, 3, 2), "智慧校园", "https://example.org/h")


def handed(store, name="合同.docx", data=b"bytes"):
    return HandedIn(name, store.put(io.BytesIO(data)))


def accept(database, store, *files, **more):
    with database.write() as session:
        return submissions.accept(session, store, files or [handed(store)], OPTIONS, CALLER, **more)


def batch_of(database, store, count, *, gather=True):
    with database.write() as session:
        batch_id = submissions.accept_batch(session, store, [handed(store, "批.zip")], OPTIONS, CALLER).id
        jobs.finish(session, jobs.claim(session, "unpack", timedelta(minutes=1), [JobKind.UNPACK]))
        batch = session.get_one(Batch, batch_id)
        for n in range(count):
            assert submissions.add_to_batch(session, store, batch, n, f"第{n}件", [handed(store)])
        if gather:
            submissions.gathered(session, batch, ["已忽略 Thumbs.db"])
    return batch_id


def claim(database, lease="lease"):
    with database.write() as session:
        held = jobs.claim(session, lease, timedelta(minutes=1), [JobKind.CHECK])
        submissions.begin(session, held)
        return held


def complete(database, store, held):
    report = store.put(io.BytesIO(b"{}"))
    known = {hashlib.sha256(b"bytes").hexdigest(): "a/b"}
    outcome = Outcome("pass", "contract-filing", report, {("section-missing", "error"): 2}, known)
    with database.write() as session:
        submissions.complete(session, store, held, outcome)


def count(database, table):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_promise_stands_whole_in_the_database(database, store):
    files = [handed(store), HandedIn("密.pdf", None, "encrypted", "说明")]
    accepted = accept(database, store, *files)
    with database.read() as session:
        submission = session.get_one(Submission, accepted.id)
        assert submission.status == SubmissionStatus.QUEUED
        assert (submission.unit, submission.created_by, submission.request_id) == (
            "区教育局",
            "key_1",
            "req-1",
        )
        assert (submission.title, submission.pack, submission.class_given) == (
            "合同.docx",
            "jinjiang-2023",
            "contract-filing",
        )
        assert submission.filed_on == date(2026, 3, 2)
        assert [(d.name, d.size, d.failure) for d in submission.documents] == [
            ("合同.docx", 5, None),
            ("密.pdf", 0, "encrypted"),
        ]
        [job] = session.scalars(select(Job))
        assert (job.kind, job.subject_id, job.priority) == (JobKind.CHECK, accepted.id, 0)
        assert [e.kind for e in session.scalars(select(Event))] == ["queued"]
        [audit] = session.scalars(select(Audit))
        assert (audit.actor, audit.action, audit.target) == ("key_1", "submission.created", accepted.id)
        assert audit.detail == {"files": 2}, "no names of files in the audit trail"


def test_same_bytes_twice_are_one_blob(database, store):
    accept(database, store)
    accept(database, store)
    assert count(database, Blob) == 1
    assert count(database, Submission) == 2


def test_promise_that_fails_leaves_nothing(database, store):
    gone = HandedIn("x.docx", Stored("0" * 64, 1))
    with pytest.raises(StoreUnavailableError):
        accept(database, store, gone)
    assert count(database, Submission) == count(database, Job) == count(database, Blob) == 0


def test_same_call_again_gets_the_same_submission(database, store):
    key = Idempotency("key", "fingerprint")
    first = accept(database, store, idempotency=key)
    again = accept(database, store, idempotency=key)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.id == first.id
    assert count(database, Submission) == count(database, Job) == 1


def test_key_of_another_call_is_refused(database, store):
    accept(database, store, idempotency=Idempotency("key", "fingerprint"))
    with pytest.raises(IdempotencyConflictError):
        accept(database, store, idempotency=Idempotency("key", "another"))
    assert count(database, Submission) == 1


def test_check_ends_in_one_outcome(database, store):
    accepted = accept(database, store)
    held = claim(database)
    with database.read() as session:
        assert session.get_one(Submission, accepted.id).status == SubmissionStatus.CHECKING
    complete(database, store, held)
    with database.read() as session:
        submission = session.get_one(Submission, accepted.id)
        assert (submission.status, submission.conclusion) == (SubmissionStatus.DONE, "pass")
        assert submission.document_class == "contract-filing"
        assert submission.documents[0].media_type == "a/b"
        assert [r.form for r in submission.results] == ["json"]
        [found] = session.scalars(select(FoundCode))
        assert (found.code, found.severity, found.count) == ("section-missing", "error", 2)
        assert [e.kind for e in session.scalars(select(Event))] == ["queued", "checking", "done"]


def test_outcome_of_a_worker_that_lost_its_lease_is_not_stored(database, store):
    accept(database, store)
    with database.write() as session:
        late = jobs.claim(session, "late", timedelta(seconds=-1))
    with database.write() as session:
        jobs.sweep(session, max_deaths=5)
    complete(database, store, claim(database, "second"))
    with pytest.raises(jobs.LeaseLostError):
        complete(database, store, late)
    assert [r for r in events(database) if r == "done"] == ["done"]


def events(database):
    with database.read() as session:
        return [e.kind for e in session.scalars(select(Event))]


def test_outcome_of_a_deleted_submission_goes_nowhere(database, store):
    accepted = accept(database, store)
    held = claim(database)
    with database.write() as session:
        session.delete(session.get_one(Submission, accepted.id))
    complete(database, store, held)
    assert count(database, Submission) == 0
    with database.write() as session:
        assert submissions.look(session, accepted.id) is None


def test_failure_of_the_program_has_a_reason_and_no_conclusion(database, store):
    accepted = accept(database, store)
    claim(database)
    with database.write() as session:
        submissions.fail(session, accepted.id, "检查进程反复异常结束")
    with database.read() as session:
        submission = session.get_one(Submission, accepted.id)
        assert (submission.status, submission.conclusion) == (SubmissionStatus.FAILED, None)
        assert submission.failure == "检查进程反复异常结束"


def test_failed_submission_can_be_checked_again(database, store):
    accepted = accept(database, store)
    claim(database)
    with database.write() as session:
        submissions.fail(session, accepted.id, "fault")
        jobs.withdraw(session, [accepted.id])
        submissions.again(session, session.get_one(Submission, accepted.id))
    complete(database, store, claim(database, "again"))
    with database.read() as session:
        submission = session.get_one(Submission, accepted.id)
        assert (submission.status, submission.failure) == (SubmissionStatus.DONE, None)


def test_batch_carries_its_options_to_its_submissions(database, store):
    batch_id = batch_of(database, store, 2)
    with database.read() as session:
        batch = session.get_one(Batch, batch_id)
        assert submissions.options_of(batch) == OPTIONS
        assert [f.name for f in batch.files] == ["批.zip"]
        assert batch.notes == ["已忽略 Thumbs.db"]
        made = session.scalars(select(Submission).order_by(Submission.batch_position)).all()
        assert [(s.title, s.batch_position) for s in made] == [("第0件", 0), ("第1件", 1)]
        assert {(s.unit, s.project, s.callback_url, s.request_id) for s in made} == {
            ("区教育局", "智慧校园", "https://example.org/h", "req-1")
        }
        checks = session.scalars(select(Job).where(Job.kind == JobKind.CHECK)).all()
        assert {job.priority for job in checks} == {jobs.BATCH_PRIORITY}


def test_submission_of_a_batch_is_promised_once(database, store):
    batch_id = batch_of(database, store, 1, gather=False)
    with database.write() as session:
        batch = session.get_one(Batch, batch_id)
        assert submissions.add_to_batch(session, store, batch, 0, "第0件", [handed(store)]) is None
    assert count(database, Submission) == 1


def status(database, batch_id):
    with database.read() as session:
        batch = session.get_one(Batch, batch_id)
        return batch.status, batch.finished_at is not None


def test_batch_is_done_with_its_last_submission(database, store):
    batch_id = batch_of(database, store, 2)
    assert status(database, batch_id) == (BatchStatus.CHECKING, False)
    complete(database, store, claim(database, "one"))
    assert status(database, batch_id) == (BatchStatus.CHECKING, False)
    held = claim(database, "two")
    with database.write() as session:
        submissions.fail(session, held.subject_id, "fault")
    assert status(database, batch_id) == (BatchStatus.DONE, True)


def test_batch_is_not_done_before_all_its_submissions_are_there(database, store):
    batch_id = batch_of(database, store, 1, gather=False)
    complete(database, store, claim(database))
    assert status(database, batch_id) == (BatchStatus.CHECKING, False)
    with database.write() as session:
        submissions.gathered(session, session.get_one(Batch, batch_id), [])
    assert status(database, batch_id) == (BatchStatus.DONE, True)


def test_batch_without_submissions_is_done_at_once(database, store):
    assert status(database, batch_of(database, store, 0)) == (BatchStatus.DONE, True)


def test_same_batch_call_again_gets_the_same_batch(database, store):
    key = Idempotency("key", "fingerprint")
    with database.write() as session:
        files = [handed(store)]
        first = submissions.accept_batch(session, store, files, OPTIONS, CALLER, idempotency=key)
        again = submissions.accept_batch(session, store, files, OPTIONS, CALLER, idempotency=key)
    assert again.id == first.id
    assert count(database, Batch) == 1


def test_bytes_that_are_referred_to_again_are_touched(database, store):
    accept(database, store)
    with database.write() as session:
        session.scalars(select(Blob)).one().touched_at = now() - timedelta(days=2)
    accept(database, store)
    with database.read() as session:
        assert session.scalars(select(Blob)).one().touched_at > now() - timedelta(hours=1)
