"""While one job waits, the next is prepared: in which order, and what comes of it when things go wrong."""

import io
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import jobs, submissions
from storage.database import DatabaseUnavailableError
from storage.models import Event, Job, JobKind, JobState, Submission, SubmissionStatus
from storage.objects import StoreUnavailableError
from storage.removal import remove_submission
from storage.settings import Settings
from storage.submissions import Caller, HandedIn, Options
from worker.handlers import HANDLERS
from worker.process import Handler, Process

CLEAN = (Path(__file__).resolve().parents[1] / "examples/contract-filing-clean.docx").read_bytes()
STUCK_SECONDS = 60
MINUTE = timedelta(minutes=1)


class Theatre:
    """Jobs that wait for an answer which the test gives, and a book of what happened when.

    Attributes:
        book: ("prepared" or "begun" or "ended", subject), in order.
        prepared: called with the subject when a job comes to its wait.
        ended: called with the job when it goes on; raises what shall go wrong.
    """

    def __init__(self, database):
        self.database = database
        self.book = []
        self.answers = {}
        self.prepared = lambda subject: self.answers[subject].set_result(None)
        self.ended = lambda job: None

    def handlers(self, light=lambda subject: True):
        return {
            JobKind.PURGE: Handler(
                lambda _session, held: held.subject_id,
                self.run,
                lambda *_: None,
                self.begin,
                overlaps=True,
                light=light,
            )
        }

    def begin(self, _session, held):
        self.book.append(("begun", held.subject_id))
        return True

    def run(self, process, job):
        answer = self.answers[job.subject] = Future()
        self.book.append(("prepared", job.subject))
        self.prepared(job.subject)
        # What never comes fails the test and does not hang it.
        stuck = threading.Timer(STUCK_SECONDS, lambda: answer.done() or answer.set_exception(TimeoutError()))
        stuck.start()
        yield answer
        stuck.cancel()
        answer.result()
        self.ended(job)
        process.patiently(lambda session: jobs.finish(session, job.held))
        self.book.append(("ended", job.subject))

    def owe(self, *subjects):
        with self.database.write() as session:
            for subject in subjects:
                jobs.owe(session, JobKind.PURGE, subject)

    def job(self, subject):
        with self.database.read() as session:
            return session.scalars(select(Job).where(Job.subject_id == subject)).one()


@pytest.fixture
def theatre(database):
    return Theatre(database)


@pytest.fixture
def make_process(database, store, tmp_path, monkeypatch):
    # A turn ends for the sake of the queue, of which there is none here.
    monkeypatch.setattr("worker.process._TURN_SECONDS", 600.0)
    made = []

    def make(handlers=HANDLERS, hint=lambda: None, workers=1, lease_seconds=60):
        settings = Settings(data=tmp_path, lease_seconds=lease_seconds, workers=workers)
        made.append(Process(settings, database, store, handlers, hint=hint))
        return made[-1]

    yield make
    for process in made:
        process.close()


def each_answers_the_one_before(theatre, *subjects):
    """Nothing is answered before the next job is prepared: without overlap nothing goes on."""
    before = dict(zip(subjects[1:], subjects, strict=False))

    def prepared(subject):
        if subject in before:
            theatre.answers[before[subject]].set_result(None)
        if subject == subjects[-1]:
            theatre.answers[subject].set_result(None)

    theatre.prepared = prepared


def test_next_job_is_prepared_while_one_waits_and_begun_in_its_turn(theatre, make_process):
    theatre.owe("a", "b", "c")
    each_answers_the_one_before(theatre, "a", "b", "c")
    make_process(theatre.handlers()).drain()
    assert theatre.book == [
        ("begun", "a"),
        ("prepared", "a"),
        ("prepared", "b"),
        ("begun", "b"),
        ("ended", "a"),
        ("prepared", "c"),
        ("begun", "c"),
        ("ended", "b"),
        ("ended", "c"),
    ]
    assert {theatre.job(s).state for s in "abc"} == {JobState.DONE}


def test_job_that_waits_behind_a_long_one_is_given_to_who_is_free(theatre, make_process):
    theatre.owe("long", "short")
    theatre.prepared = lambda subject: None
    seen = []

    def hint():
        seen.append((theatre.job("short").state, theatre.job("short").attempts))
        with theatre.database.write() as session:
            assert jobs.claim(session, "another", MINUTE).subject_id == "short"
        theatre.answers["long"].set_result(None)

    make_process(theatre.handlers(), hint=hint).drain()
    assert seen == [(JobState.OWED, 0)], "as if it had never been claimed, and others are told"
    assert ("begun", "short") not in theatre.book
    assert theatre.job("long").state == JobState.DONE
    assert theatre.job("short").lease == "another"


def test_job_that_is_much_work_to_prepare_does_not_hold_up_the_one_before(theatre, make_process):
    theatre.owe("a", "heavy")
    make_process(theatre.handlers(light=lambda subject: subject != "heavy")).drain()
    steps = [step for step in theatre.book if step[0] != "begun"]
    assert steps == [("prepared", "a"), ("ended", "a"), ("prepared", "heavy"), ("ended", "heavy")]


@pytest.mark.parametrize("tried", ["a", "b"])
@pytest.mark.parametrize("count", ["attempts", "deaths"])
def test_job_that_may_have_ended_a_worker_is_done_alone(theatre, make_process, tried, count):
    """Else whatever ends the worker again would take a job with it that has nothing to do with it."""
    theatre.owe("a", "b")
    with theatre.database.write() as session:
        setattr(session.scalars(select(Job).where(Job.subject_id == tried)).one(), count, 1)
    make_process(theatre.handlers()).drain()
    steps = [step for step in theatre.book if step[0] != "begun"]
    assert steps == [("prepared", "a"), ("ended", "a"), ("prepared", "b"), ("ended", "b")]


def test_job_is_left_to_others_who_may_have_nothing_to_do(theatre, make_process):
    theatre.owe("a", "b")
    theatre.ended = lambda job: job.subject == "a" and states.append(theatre.job("b").state)
    states = []
    make_process(theatre.handlers(), workers=2).drain()
    assert states == [JobState.OWED]


def test_no_job_is_prepared_once_the_turn_is_over(theatre, make_process):
    theatre.owe("a", "b")
    process = make_process(theatre.handlers())
    assert process.do_next()
    assert [subject for _, subject in theatre.book] == ["a", "a", "a"]
    assert theatre.job("b").state == JobState.OWED


@pytest.mark.parametrize("error", [KeyError("bug"), StoreUnavailableError("down"), jobs.LeaseLostError()])
def test_next_job_is_done_whatever_becomes_of_the_one_before(theatre, make_process, error):
    theatre.owe("a", "b")

    def ended(job):
        if job.subject == "a":
            raise error

    theatre.ended = ended
    each_answers_the_one_before(theatre, "a", "b")
    make_process(theatre.handlers()).drain()
    assert theatre.book[-2:] == [("begun", "b"), ("ended", "b")]
    assert theatre.job("b").state == JobState.DONE
    assert theatre.job("a").state != JobState.DONE


def test_leases_of_all_jobs_at_hand_are_kept(theatre, make_process):
    theatre.owe("a", "b")

    def prepared(subject):
        if subject == "a":
            return
        before = {s: theatre.job(s).lease_until for s in "ab"}
        renewed = threading.Event()
        while any(theatre.job(s).lease_until == before[s] for s in "ab"):
            assert not renewed.wait(0.05)
        for s in "ab":
            theatre.answers[s].set_result(None)

    theatre.prepared = prepared
    make_process(theatre.handlers(), lease_seconds=1).drain()
    assert {theatre.job(s).state for s in "ab"} == {JobState.DONE}


def test_what_a_dead_worker_held_is_owed_again_and_each_then_done_alone(theatre, make_process):
    theatre.owe("a", "b")
    dies = make_process(theatre.handlers())

    def prepared(subject):
        if subject == "b":
            raise SystemExit

    theatre.prepared = prepared
    with pytest.raises(SystemExit):
        dies.drain()
    with theatre.database.write() as session:
        assert jobs.sweep(session, 9, gone=lambda lease: True).returned == 2
    theatre.book.clear()
    theatre.prepared = lambda subject: theatre.answers[subject].set_result(None)
    make_process(theatre.handlers()).drain()
    steps = [step for step in theatre.book if step[0] != "begun"]
    assert steps == [("prepared", "a"), ("ended", "a"), ("prepared", "b"), ("ended", "b")]


def test_turn_that_is_cut_short_keeps_no_lease(theatre, make_process):
    """Else this process, which lives, would keep jobs for ever that it does not do."""
    theatre.owe("a", "b")
    process = make_process(theatre.handlers(), lease_seconds=1)

    def away(_change):
        raise DatabaseUnavailableError("away")

    process.patiently = away
    process.drain()
    assert theatre.job("b").state == JobState.HELD

    def swept():
        with theatre.database.write() as session:
            return jobs.sweep(session, 9).returned

    returned = []
    wait_for(lambda: returned.append(swept()) or sum(returned) == 2)


def submit(database, store, *names):
    ids = []
    for name in names:
        file = HandedIn(f"{name}.docx", store.put(io.BytesIO(CLEAN + name.encode())))
        with database.write() as session:
            ids.append(
                submissions.accept(
                    session, store, [file], Options("jinjiang-2023"), Caller("key_1", "区教育局")
                ).id
            )
    return ids


class Watched:
    """A pool of children that lets the test look while a submission is with the child."""

    def __init__(self, pool, look):
        self._pool = pool
        self._look = look
        self._executor = ThreadPoolExecutor(1)

    def submit(self, request):
        return self._executor.submit(self._checked, request)

    def _checked(self, request):
        self._look(request.documents[0].name)
        return self._pool.check(request)

    def close(self):
        self._executor.shutdown()
        self._pool.close()


@contextmanager
def watched(process, look):
    process.pool = Watched(process.pool, look)
    yield process


def kinds_of_events(database, submission_id):
    with database.read() as session:
        chosen = select(Event.kind).where(Event.submission_id == submission_id).order_by(Event.id)
        return session.scalars(chosen).all()


def test_submission_is_checking_only_when_its_turn_has_come(database, store, make_process):
    first, second = submit(database, store, "甲", "乙")
    seen = []

    def look(name):
        if name == "甲.docx":
            wait_for(lambda: held(database, second))
            with database.read() as session:
                seen.extend(session.get_one(Submission, each).status for each in (first, second))

    with watched(make_process(), look) as process:
        process.drain()
    assert seen == [SubmissionStatus.CHECKING, SubmissionStatus.QUEUED]
    for each in (first, second):
        assert kinds_of_events(database, each) == ["queued", "checking", "done"]


def test_submission_that_is_deleted_while_it_is_prepared_stays_deleted(database, store, make_process):
    first, second = submit(database, store, "甲", "乙")

    def look(name):
        if name == "甲.docx":
            wait_for(lambda: held(database, second))
            with database.write() as session:
                remove_submission(session, session.get_one(Submission, second))

    with watched(make_process(), look) as process:
        process.drain()
    with database.read() as session:
        assert [s.id for s in session.scalars(select(Submission))] == [first]
        assert session.get_one(Submission, first).status == SubmissionStatus.DONE
        assert [j.subject_id for j in session.scalars(select(Job))] == [first]


def held(database, submission_id):
    with database.read() as session:
        return (
            session.scalars(select(Job).where(Job.subject_id == submission_id)).one().state == JobState.HELD
        )


def wait_for(true):
    over = threading.Event()
    for _ in range(20 * STUCK_SECONDS):
        if true():
            return
        over.wait(0.05)
    raise AssertionError("it never comes to that")
