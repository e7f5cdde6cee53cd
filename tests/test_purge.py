"""What is past its time goes, what is not stays, and bytes are never lost to one who hands them in again."""

import hashlib
import io
import threading
from datetime import timedelta

import pytest
from finished_cases import accepted, complete, finished
from sqlalchemy import select, update

from storage import jobs, purge, review, submissions
from storage.accounts import Identity
from storage.models import (
    Audit,
    Blob,
    Delivery,
    IdempotentCall,
    Job,
    JobKind,
    JobState,
    ReviewState,
    Role,
    Submission,
    Upload,
    now,
)
from storage.objects import Stored, StoreUnavailableError
from storage.settings import Settings
from storage.submissions import Caller, HandedIn, Idempotency, Options
from worker.process import Process
from worker.purging import HANDLER

DAY = timedelta(days=1)
UNIT = Identity("key_unit", Role.UNIT, "区教育局")


def settings(**given):
    return Settings(**{"retention_days": 30, "orphan_hours": 24, **given})


def run(database, store, **given):
    return purge.purge(database, store, settings(**given))


def age(database, table, by, column, *where):
    """Make rows older than they are."""
    with database.write() as session:
        for row in session.scalars(select(table).where(*where)):
            setattr(row, column, getattr(row, column) - by)


def ids(database, table=Submission):
    with database.read() as session:
        return set(session.scalars(select(table.id)))


def digests(database):
    with database.read() as session:
        return set(session.scalars(select(Blob.sha256)))


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def test_old_submission_goes_and_its_audit_trail_stays(database, store):
    old, young = (finished(database, store, [(name, name.encode())]) for name in ("old", "young"))
    age(database, Submission, 31 * DAY, "finished_at", Submission.id == old)
    assert run(database, store).submissions == 1
    assert ids(database) == {young}
    with database.read() as session:
        actions = session.scalars(select(Audit.action).where(Audit.target == old).order_by(Audit.id)).all()
    assert actions == ["submission.created", "submission.purged"]


def test_without_a_retention_period_nothing_finished_goes(database, store):
    submission_id = finished(database, store)
    age(database, Submission, 9999 * DAY, "finished_at")
    assert run(database, store, retention_days=0).submissions == 0
    assert ids(database) == {submission_id}


def test_unfinished_and_undecided_submissions_stay_however_old(database, store):
    undecided = finished(database, store)
    with database.write() as session:
        review.submit(session, review.locked(session, undecided), UNIT)
    age(database, Submission, 999 * DAY, "finished_at")
    owed = accepted(database, store)
    age(database, Submission, 999 * DAY, "created_at")
    assert run(database, store).submissions == 0
    assert ids(database) == {undecided, owed}
    with database.write() as session:
        session.execute(update(Submission).values(review=ReviewState.ACCEPTED))
    assert run(database, store).submissions == 1


def test_bytes_that_nothing_refers_to_go_and_shared_bytes_stay(database, store):
    one = finished(database, store, [("a", b"shared"), ("b", b"only one")])
    two = finished(database, store, [("c", b"shared")])
    age(database, Submission, 31 * DAY, "finished_at", Submission.id == one)
    age(database, Blob, 2 * DAY, "touched_at")
    purged = run(database, store)
    assert purged.submissions == 1
    assert not store.has(sha256(b"only one"))
    assert store.has(sha256(b"shared"))
    assert store.has(sha256(two.encode()))
    assert digests(database) == {d for d in digests(database) if store.has(d)}
    assert purged.objects == 1 + 1


def test_bytes_that_were_handed_in_lately_stay(database, store):
    stored = store.put(io.BytesIO(b"just uploaded"))
    with database.write() as session:
        submissions.record_blobs(session, store, [stored])
    assert run(database, store).objects == 0
    assert store.has(stored.sha256)


def orphan(database, store, data):
    """Bytes that a purge would delete."""
    with database.write() as session:
        submissions.record_blobs(session, store, [store.put(io.BytesIO(data))])
    age(database, Blob, 9 * DAY, "touched_at")
    return sha256(data)


def hand_in(database, store, stored):
    with database.write() as session:
        files = [HandedIn("方案.docx", stored)]
        return submissions.accept(session, store, files, Options("p"), Caller("key", "u")).id


def test_bytes_that_went_between_upload_and_promise_are_asked_for_again(database, store):
    digest = orphan(database, store, b"same")
    stored = store.put(io.BytesIO(b"same"))
    assert run(database, store).objects == 1
    with pytest.raises(StoreUnavailableError):
        hand_in(database, store, stored)
    assert ids(database) == set()
    hand_in(database, store, store.put(io.BytesIO(b"same")))
    assert store.has(digest)


def test_row_without_bytes_left_by_a_killed_purge_loses_nothing(database, store):
    """Killed between deleting the bytes and the commit; then handed in again while the next purge runs."""
    digest = orphan(database, store, b"same")
    store.delete(digest)
    stored = store.put(io.BytesIO(b"same"))
    run(database, store)
    with pytest.raises(StoreUnavailableError):
        hand_in(database, store, stored)


def test_purges_and_uploads_of_the_same_bytes_at_once_lose_nothing(database, store):
    """Whatever the order: what was promised has its bytes."""
    promised, refused = [], []
    over = threading.Event()

    def purge_all():
        while not over.is_set():
            run(database, store, retention_days=0)

    def upload(name):
        for n in range(30):
            data = f"{n % 3}".encode()
            try:
                with database.write() as session:
                    session.execute(update(Blob).values(touched_at=now() - 9 * DAY))
                submission_id = hand_in(database, store, store.put(io.BytesIO(data)))
            except StoreUnavailableError:
                refused.append(data)
                continue
            with database.read() as session:
                documents = session.get_one(Submission, submission_id).documents
            promised.append((submission_id, documents[0].sha256))
            if n % 2:
                with database.write() as session:
                    purge.remove_submission(session, session.get_one(Submission, submission_id))
                promised.pop()

    purger = threading.Thread(target=purge_all)
    purger.start()
    uploader = threading.Thread(target=upload, args=("u",))
    uploader.start()
    uploader.join()
    over.set()
    purger.join()
    assert promised
    assert all(store.has(digest) for _, digest in promised)
    assert len(promised) + len(refused) >= 15


def test_store_that_fails_midway_leaves_the_rest_to_the_next_purge(database, store, monkeypatch):
    kept = {orphan(database, store, bytes([n])) for n in range(3)}
    delete = type(store).delete
    monkeypatch.setattr(
        type(store), "delete", lambda self, digest: (_ for _ in ()).throw(StoreUnavailableError())
    )
    with pytest.raises(StoreUnavailableError):
        run(database, store)
    assert digests(database) == kept
    monkeypatch.setattr(type(store), "delete", delete)
    assert run(database, store).objects == 3
    assert digests(database) == set()


def test_what_is_only_kept_to_be_looked_at_goes_in_its_time(database, store):
    with database.write() as session:
        files = [HandedIn("a", store.put(io.BytesIO(b"a")))]
        options = Options("p", callback_url="https://example.org/")
        call = Idempotency("once", "f")
        submission_id = submissions.accept(
            session, store, files, options, Caller("k", "u"), idempotency=call
        ).id
    complete(database, store, submission_id, "pass", b"")
    with database.write() as session:
        session.execute(update(Delivery).values(finished_at=now()))
    assert run(database, store).rows == 0
    age(database, IdempotentCall, purge.CALLS_KEPT, "created_at")
    age(database, Job, purge.JOBS_KEPT, "finished_at", Job.state == JobState.DONE)
    age(database, Delivery, purge.DELIVERIES_KEPT, "finished_at")
    assert run(database, store).rows == 3
    with database.read() as session:
        assert [job.kind for job in session.scalars(select(Job))] == [JobKind.DELIVER]


def test_upload_that_nobody_handed_in_goes(database, store):
    with database.write() as session:
        stored = store.put(io.BytesIO(b"large"))
        submissions.record_blobs(session, store, [stored])
        for name, hours in (("upl_old", -1), ("upl_young", 1)):
            session.add(
                Upload(
                    id=name, unit="u", actor="k", name="大.pdf", size=5, sha256=stored.sha256,
                    expires_at=now() + timedelta(hours=hours),
                )
            )  # fmt: skip
    age(database, Blob, 9 * DAY, "touched_at")
    purged = run(database, store)
    assert (purged.uploads, purged.objects) == (1, 0)
    assert ids(database, Upload) == {"upl_young"}
    age(database, Upload, DAY, "expires_at")
    assert run(database, store).objects == 1


def test_one_purge_is_owed_at_a_time_and_each_owes_the_next(database, store, tmp_path):
    with database.write() as session:
        purge.schedule(session)
        session.flush()
        purge.schedule(session)
    process = Process(settings(data=tmp_path), database, store, {JobKind.PURGE: HANDLER}, lambda: None)
    try:
        assert process.do_next()
        assert not process.do_next()
    finally:
        process.pool.close()
    with database.read() as session:
        done, owed = session.scalars(select(Job).order_by(Job.id)).all()
    assert (done.state, owed.state) == (JobState.DONE, JobState.OWED)
    assert owed.not_before - now() > purge.EVERY / 2
    with database.write() as session:
        assert jobs.claim(session, "lease", DAY) is None


def test_purge_stops_when_it_is_told_to(database, store):
    orphan(database, store, b"x")
    assert purge.purge(database, store, settings(), lambda: True).objects == 0


def test_bytes_of_a_call_that_was_cut_off_go_in_their_time(database, store):
    stray = store.put(io.BytesIO(b"refused after its upload"))
    assert run(database, store).objects == 0
    assert store.has(stray.sha256)
    assert digests(database) == {stray.sha256}
    age(database, Blob, 2 * DAY, "touched_at")
    assert run(database, store).objects == 1
    assert list(store.listed()) == []


def test_stored_twice_is_one_object(database, store):
    assert store.put(io.BytesIO(b"twice")).sha256 == store.put(io.BytesIO(b"twice")).sha256
    assert isinstance(store.put(io.BytesIO(b"twice")), Stored)
