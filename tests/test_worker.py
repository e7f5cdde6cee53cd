"""Owed jobs, done: reports, batches told apart, and what becomes of a job that goes wrong."""

import errno
import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import running
from sqlalchemy import select

from intake.cli import main
from reports.kept import form_of
from storage import jobs, submissions
from storage.models import Batch, BatchStatus, Job, JobKind, JobState, Submission, SubmissionStatus, now
from storage.objects import StoreUnavailableError
from storage.objects.local import LocalStore
from storage.settings import Settings
from storage.submissions import Caller, HandedIn, Options
from worker import sweeper
from worker.handlers import HANDLERS
from worker.presence import here, is_gone
from worker.process import Handler, HopelessError, Process

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
CLEAN = EXAMPLES / "contract-filing-clean.docx"
DEFICIENT = EXAMPLES / "contract-filing-deficient.docx"
PDF = EXAMPLES / "construction-plan-deficient.pdf"
CALLER = Caller("key_1", "区教育局", "req-1")
OPTIONS = Options("jinjiang-2023")


@pytest.fixture
def settings(tmp_path):
    return Settings(data=tmp_path, max_attempts=3, lease_seconds=60)


@pytest.fixture
def make_process(settings, database, store, monkeypatch):
    # A turn ends for the sake of the queue, of which there is none here.
    monkeypatch.setattr("worker.process._TURN_SECONDS", 600.0)
    made = []

    def make(handlers=HANDLERS, store=store, **changes):
        changed = settings.model_copy(update=changes)
        made.append(Process(changed, database, store, handlers, hint=lambda: None))
        return made[-1]

    yield make
    for process in made:
        process.close()


def submit(database, store, *files, options=OPTIONS):
    handed = [HandedIn(name, store.put(io.BytesIO(data))) for name, data in files]
    with database.write() as session:
        return submissions.accept(session, store, handed, options, CALLER).id


def submit_batch(database, store, *files, options=OPTIONS):
    handed = [HandedIn(name, store.put(io.BytesIO(data))) for name, data in files]
    with database.write() as session:
        return submissions.accept_batch(session, store, handed, options, CALLER).id


def owe(database, subject="subject"):
    with database.write() as session:
        jobs.owe(session, JobKind.PURGE, subject)


def the_job(database):
    with database.read() as session:
        return session.scalars(select(Job)).one()


def now_due(database):
    with database.write() as session:
        for job in session.scalars(select(Job)):
            job.not_before = now()


def form(database, store, submission_id, name):
    with database.read() as session:
        results = {r.form: r.sha256 for r in session.get_one(Submission, submission_id).results}
    with store.open(results["json"]) as stream:
        kept = stream.read()
    return kept if name == "json" else form_of(kept, name)


def command_line(tmp_path, form, *arguments):
    output = tmp_path / f"output.{form}"
    main(["check", *map(str, arguments), "--format", form, "--output", str(output)])
    return output.read_bytes()


ONE_FILE = [
    (CLEAN, []),
    (DEFICIENT, ["--filed-on", "2026-05-11"]),
    (PDF, ["--class", "proposal-maintenance"]),
]


@pytest.mark.parametrize(("path", "arguments"), ONE_FILE)
def test_report_is_byte_for_byte_that_of_the_command_line(
    database, store, make_process, tmp_path, path, arguments
):
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    filed_on = given.get("--filed-on")
    options = Options(
        "jinjiang-2023", given.get("--class"), date.fromisoformat(filed_on) if filed_on else None
    )
    submission_id = submit(database, store, (path.name, path.read_bytes()), options=options)
    make_process().drain()
    for name in ("json", "html", "text", "docx"):
        expected = command_line(tmp_path, name, path, *arguments)
        assert form(database, store, submission_id, name) == expected


def test_report_of_several_files_is_that_of_the_command_line(database, store, make_process, tmp_path):
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04 torn off")
    (tmp_path / "空.pdf").write_bytes(b"")
    paths = [DEFICIENT, tmp_path / "坏.docx", tmp_path / "空.pdf"]
    submission_id = submit(database, store, *((p.name, p.read_bytes()) for p in paths))
    make_process().drain()
    expected = command_line(tmp_path, "json", *paths, "--together")
    assert form(database, store, submission_id, "json") == expected


def test_outcome_is_stored_for_lists_and_counts(database, store, make_process):
    submission_id = submit(database, store, (DEFICIENT.name, DEFICIENT.read_bytes()))
    make_process().drain()
    report = json.loads(form(database, store, submission_id, "json"))
    assert json.loads(form(database, store, submission_id, "record")) == report["record"]
    with database.read() as session:
        submission = session.get_one(Submission, submission_id)
        assert (submission.status, submission.conclusion) == (SubmissionStatus.DONE, "deficient")
        assert submission.document_class == "contract-filing"
        assert submission.documents[0].media_type == report["documents"][0]["media_type"]
    assert the_job(database).state == JobState.DONE


def archive(*members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, data in members:
            file.writestr(name, data)
    return made.getvalue()


def test_batch_is_told_apart_as_the_command_line_does(database, store, make_process, tmp_path):
    data = archive(
        ("甲/合同.docx", CLEAN.read_bytes()),
        ("甲/附件.docx", DEFICIENT.read_bytes()),
        ("乙.docx", DEFICIENT.read_bytes()),
        ("Thumbs.db", b"junk"),
        ("坏.pdf", b"%PDF-1.4 torn"),
    )
    (tmp_path / "批次.zip").write_bytes(data)
    batch_id = submit_batch(
        database, store, ("批次.zip", data), (CLEAN.name, CLEAN.read_bytes()), options=OPTIONS
    )
    make_process().drain()
    with database.read() as session:
        batch = session.get_one(Batch, batch_id)
        made = session.scalars(
            select(Submission).where(Submission.batch_id == batch_id).order_by(Submission.batch_position)
        ).all()
    assert (batch.status, batch.failure) == (BatchStatus.DONE, None)
    assert [note for note in batch.notes if "Thumbs.db" in note]
    reports = [json.loads(form(database, store, s.id, "json")) for s in made]
    assert reports == json.loads(command_line(tmp_path, "json", tmp_path / "批次.zip", CLEAN))


@pytest.mark.parametrize(
    ("each", "titles"),
    [
        (None, [("甲", 2), ("乙.docx", 1)]),
        ("file", [("甲/合同.docx", 1), ("甲/附件.docx", 1), ("乙.docx", 1)]),
        ("folder", [("批次.zip", 3)]),
    ],
)
def test_what_is_one_submission_of_an_archive_can_be_said(database, store, make_process, each, titles):
    names = ("甲/合同.docx", "甲/附件.docx", "乙.docx")
    data = archive(*((name, CLEAN.read_bytes()) for name in names))
    submit_batch(database, store, ("批次.zip", data), options=replace(OPTIONS, each=each))
    make_process().drain()
    with database.read() as session:
        made = session.scalars(select(Submission)).all()
        assert sorted((s.title, len(s.documents)) for s in made) == sorted(titles)


@pytest.mark.parametrize(
    "name", [f"{'很长的名字' * 30}.docx", "a/b.docx", "..", "无扩展名", f"x.{'y' * 300}"]
)
def test_document_of_a_batch_keeps_its_name_whatever_the_disk_takes(database, store, make_process, name):
    submit_batch(database, store, (name, CLEAN.read_bytes()))
    make_process().drain()
    with database.read() as session:
        [submission] = session.scalars(select(Submission))
    assert [d.name for d in submission.documents] == [name]
    assert submission.title == name


def test_unpacking_that_is_cut_short_promises_nothing_twice(database, store, make_process):
    submit_batch(database, store, ("批.zip", archive(*((f"{n}.txt", b"%d" % n) for n in range(50)))))
    process = make_process()
    calls = []

    def cut_short():
        calls.append(True)
        if len(calls) == 2:
            raise KeyError("power cut")

    process.hint = cut_short
    assert process.do_next()
    with database.write() as session:
        assert len(session.scalars(select(Submission)).all()) == 40
        [again] = session.scalars(select(Job).where(Job.kind == JobKind.UNPACK))
        again.not_before = now()
        session.flush()
        for job in session.scalars(select(Job).where(Job.kind == JobKind.CHECK)):
            session.delete(job)
    process.hint = lambda: None
    assert process.do_next()
    with database.read() as session:
        positions = [s.batch_position for s in session.scalars(select(Submission))]
    assert sorted(positions) == list(range(50))


def test_archive_that_is_none_is_a_submission_that_cannot_be_read(database, store, make_process):
    batch_id = submit_batch(database, store, ("批.zip", archive(("a.docx", b"x"))[:-10]))
    make_process().drain()
    with database.read() as session:
        assert session.get_one(Batch, batch_id).status == BatchStatus.DONE
        [submission] = session.scalars(select(Submission))
    assert submission.conclusion == "unreadable"


class Down(LocalStore):
    def fetch(self, sha256, path):
        raise StoreUnavailableError("down")


def test_store_that_is_away_postpones_the_job_and_does_not_count(database, store, make_process, tmp_path):
    submission_id = submit(database, store, ("x.docx", b"x"))
    down = make_process(store=Down(tmp_path / "store"))
    for _ in range(5):
        now_due(database)
        assert down.do_next()
    assert (the_job(database).state, the_job(database).attempts) == (JobState.OWED, 0)
    now_due(database)
    assert make_process().do_next()
    with database.read() as session:
        assert session.get_one(Submission, submission_id).status == SubmissionStatus.DONE


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EMFILE])
def test_disk_without_room_postpones_the_job_and_does_not_count(database, make_process, number):
    full = [OSError(number, "no room")] * 5

    def run(_process, job):
        if full:
            raise full.pop()
        with database.write() as session:
            jobs.finish(session, job.held)

    with database.write() as session:
        jobs.owe(session, JobKind.PURGE, "x")
    process = make_process(handler(run))
    while full:
        now_due(database)
        assert process.do_next()
        assert (the_job(database).state, the_job(database).attempts) == (JobState.OWED, 0)
    now_due(database)
    assert process.do_next()
    assert the_job(database).state == JobState.DONE


def handler(run, failed=None):
    def fail(_session, subject, reason):
        if failed is not None:
            failed.append((subject, reason))

    return {JobKind.PURGE: Handler(lambda _s, held: held.subject_id, run, fail)}


@pytest.mark.parametrize("error", [KeyError("bug"), MemoryError(), AssertionError("bug")])
def test_job_that_raises_is_tried_again_and_then_failed_with_a_reason(database, make_process, error):
    def run(_process, _job):
        raise error

    owe(database)
    failed = []
    process = make_process(handler(run, failed), max_attempts=3)
    for attempt in range(3):
        assert not failed
        assert process.do_next()
        assert the_job(database).attempts == attempt + 1
        assert not process.do_next(), "the next try waits"
        now_due(database)
    [(subject, reason)] = failed
    assert subject == "subject"
    assert "3" in reason
    assert the_job(database).state == JobState.FAILED


def test_deaths_of_workers_do_not_use_up_the_attempts_of_a_job(database, make_process):
    """A job whose worker was killed often and which then fails once is tried again."""
    owe(database)
    for number in range(5):
        with database.write() as session:
            assert jobs.claim(session, f"killed-{number}", timedelta(minutes=1))
        with database.write() as session:
            assert jobs.sweep(session, max_deaths=9, gone=lambda lease: True).returned == 1
    faults, failed = [KeyError("bug")], []

    def run(process, job):
        if faults:
            raise faults.pop()
        process.patiently(lambda session: jobs.finish(session, job.held))

    process = make_process(handler(run, failed), max_attempts=3)
    assert process.do_next()
    now_due(database)
    assert process.do_next()
    assert not failed
    assert (the_job(database).state, the_job(database).deaths) == (JobState.DONE, 5)


def test_hopeless_job_is_failed_at_once(database, make_process):
    def run(_process, _job):
        raise HopelessError("没有这个规则包")

    owe(database)
    failed = []
    make_process(handler(run, failed)).do_next()
    assert failed == [("subject", "没有这个规则包")]


def test_submission_whose_pack_is_gone_fails_with_a_reason(database, store, make_process):
    options = Options("no-such-pack")
    submission_id = submit(database, store, ("x.docx", CLEAN.read_bytes()), options=options)
    make_process().drain()
    with database.read() as session:
        submission = session.get_one(Submission, submission_id)
    assert (submission.status, submission.conclusion) == (SubmissionStatus.FAILED, None)
    assert "no-such-pack" in submission.failure


def test_who_reads_stands_back_for_who_answers(database, store, make_process):
    """Else a status call waits for a processor while documents are read on all of them."""
    submit(database, store, (DEFICIENT.name, DEFICIENT.read_bytes()))
    make_process().drain()

    [child] = [pid for pid in running.descendants(os.getpid()) if "worker.child" in running.command_line(pid)]
    assert os.getpriority(os.PRIO_PROCESS, child) == os.getpriority(os.PRIO_PROCESS, 0) + 3


def test_job_about_nothing_is_finished(database, make_process):
    owe(database)
    nothing = {JobKind.PURGE: Handler(lambda _s, _h: None, lambda _p, _j: None, lambda *_: None)}
    assert not make_process(nothing).do_next(), "there was nothing to do"
    assert the_job(database).state == JobState.DONE


def test_long_job_keeps_its_lease(database, make_process):
    """The job waits until its lease was renewed; a sweep in between takes nothing away."""
    renewed = threading.Event()

    def run(process, job):
        first = the_job(database).lease_until
        while the_job(database).lease_until == first:
            assert not renewed.wait(0.05)
        with database.write() as session:
            assert jobs.sweep(session, max_deaths=3) == jobs.Swept(0, ())
            jobs.finish(session, job.held)

    owe(database)
    make_process(handler(run), lease_seconds=1).do_next()
    assert the_job(database).state == JobState.DONE


def test_outcome_of_a_job_that_was_given_to_another_is_dropped(database, make_process):
    def run(process, job):
        with database.write() as session:
            jobs.sweep(session, max_deaths=3, gone=lambda lease: True)
        with database.write() as session:
            assert jobs.claim(session, "another", timedelta(minutes=1))
        process.patiently(lambda session: jobs.finish(session, job.held))

    owe(database)
    make_process(handler(run)).do_next()
    assert (the_job(database).state, the_job(database).lease) == (JobState.HELD, "another")


def test_process_that_lives_is_not_gone_and_one_that_ended_is():
    assert not is_gone(here().token("0123abcd"))
    assert len(here().token("0123abcd")) <= 40
    script = "from worker.presence import here; print(here().token('x'), flush=True); input()"
    child = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=EXAMPLES.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    token = child.stdout.readline().strip()
    assert not is_gone(token)
    child.communicate("\n")
    assert is_gone(token)


@pytest.mark.parametrize("lease", ["", "other-machine:1:1:x", "lease", f"{here().machine}:x:1:x"])
def test_lease_of_who_cannot_be_seen_is_not_gone(lease):
    assert not is_gone(lease)


def test_process_with_the_number_of_an_earlier_one_is_another():
    assert is_gone(f"{here().machine}:{os.getpid()}:1:x")


class Queue:
    def __init__(self, waiting):
        self.waiting = waiting
        self.sent = 0


@pytest.fixture
def queue(monkeypatch):
    made = Queue(0)
    monkeypatch.setattr(sweeper, "waiting", lambda app: made.waiting)
    # What is past its time is another matter, and a job of its own.
    monkeypatch.setattr(sweeper.purge, "schedule", lambda session: None)

    def send(app):
        made.sent += 1

    monkeypatch.setattr(sweeper, "send", send)
    return made


@pytest.fixture
def broker_app():
    return sweeper.broker("memory://")


def test_sweeper_wakes_as_many_workers_as_have_something_to_do(database, settings, queue, broker_app):
    settings = settings.model_copy(update={"workers": 4})
    sweeper.sweep_once(settings, database, broker_app)
    assert queue.sent == 0
    for _ in range(3):
        owe(database)
    sweeper.sweep_once(settings, database, broker_app)
    assert queue.sent == 3
    for _ in range(30):
        owe(database)
    sweeper.sweep_once(settings, database, broker_app)
    assert queue.sent == 3 + 4


def test_sweeper_sends_nothing_while_hints_wait(database, settings, queue, broker_app):
    owe(database)
    queue.waiting = 1
    sweeper.sweep_once(settings, database, broker_app)
    assert queue.sent == 0


def test_sweeper_fails_what_ends_every_worker(database, store, settings, queue, broker_app):
    submission_id = submit(database, store, ("x.docx", b"x"))
    deaths = sweeper.DEATHS_PER_ATTEMPT * settings.max_attempts
    for attempt in range(deaths):
        with database.write() as session:
            held = jobs.claim(session, f"{here().machine}:{os.getpid()}:{attempt}:x", timedelta(minutes=1))
            submissions.begin(session, held)
        sweeper.sweep_once(settings, database, broker_app)
    with database.read() as session:
        submission = session.get_one(Submission, submission_id)
    assert submission.status == SubmissionStatus.FAILED
    assert f"{deaths} 次" in submission.failure
