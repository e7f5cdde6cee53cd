"""Claims, leases and what becomes of work whose worker is gone."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from storage import jobs
from storage.models import Job, JobKind, JobState, now

MINUTE = timedelta(minutes=1)
OVER = timedelta(seconds=-1)


def owe(database, *subjects, **options):
    with database.write() as session:
        for subject in subjects:
            jobs.owe(session, JobKind.CHECK, subject, **options)


def take(database, lease="lease", lasting=MINUTE, kinds=None):
    with database.write() as session:
        return jobs.claim(session, lease, lasting, kinds)


def the_job(database, job_id=1):
    with database.read() as session:
        return session.get_one(Job, job_id)


def test_jobs_are_claimed_by_priority_and_then_in_order(database):
    owe(database, "batch-1", "batch-2", priority=jobs.BATCH_PRIORITY)
    owe(database, "person-1", "person-2")
    claims = [take(database, f"lease-{i}") for i in range(5)]
    assert [c and c.subject_id for c in claims] == ["person-1", "person-2", "batch-1", "batch-2", None]


def test_only_wanted_kinds_are_claimed(database):
    owe(database, "sub")
    assert take(database, kinds=[JobKind.PURGE]) is None
    assert take(database, kinds=[JobKind.PURGE, JobKind.CHECK]).subject_id == "sub"


def test_job_is_not_claimed_before_its_time(database):
    owe(database, "later", not_before=now() + MINUTE)
    assert take(database) is None
    with database.read() as session:
        assert jobs.depth(session) == jobs.Depth(owed=1, held=0, oldest=None)
        assert jobs.due(session, 10) == 0


def test_each_job_goes_to_one_of_many_workers(database):
    owe(database, *(f"sub-{n}" for n in range(60)))
    taken = []

    def work(number):
        while claim := take(database, f"{number}-{len(taken)}"):
            taken.append(claim.subject_id)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(taken) == Counter(f"sub-{n}" for n in range(60))


def test_finished_job_is_owed_no_more(database):
    owe(database, "sub")
    held = take(database)
    with database.write() as session:
        jobs.finish(session, held)
    assert take(database) is None
    assert the_job(database).state == JobState.DONE
    assert the_job(database).finished_at


def test_job_of_a_silent_worker_is_owed_again_and_finished_once(database):
    owe(database, "sub")
    first = take(database, "first", OVER)
    with database.write() as session:
        assert jobs.sweep(session, max_deaths=5) == jobs.Swept(1, ())
    second = take(database, "second")
    assert (second.attempts, second.deaths) == (1, 1)
    with pytest.raises(jobs.LeaseLostError), database.write() as session:
        jobs.finish(session, first)
    with database.write() as session:
        jobs.finish(session, second)


@pytest.mark.parametrize("act", [jobs.finish, lambda s, c: jobs.fail(s, c, "error")])
def test_nothing_is_done_twice(database, act):
    owe(database, "sub")
    held = take(database)
    with database.write() as session:
        act(session, held)
    with pytest.raises(jobs.LeaseLostError), database.write() as session:
        act(session, held)


def test_heartbeat_keeps_the_lease(database):
    owe(database, "sub")
    held = take(database, lasting=OVER)
    with database.write() as session:
        jobs.heartbeat(session, held, MINUTE)
        assert jobs.sweep(session, max_deaths=5) == jobs.Swept(0, ())
    with database.write() as session:
        jobs.finish(session, held)


def test_worker_that_lost_its_lease_learns_it_from_the_heartbeat(database):
    owe(database, "sub")
    held = take(database, lasting=OVER)
    with database.write() as session:
        jobs.sweep(session, max_deaths=5)
    with pytest.raises(jobs.LeaseLostError), database.write() as session:
        jobs.heartbeat(session, held, MINUTE)


def test_job_of_a_worker_known_to_be_gone_is_owed_again_at_once(database):
    owe(database, "one", "two")
    take(database, "dead:1")
    take(database, "alive:1")
    with database.write() as session:
        swept = jobs.sweep(session, max_deaths=5, gone=lambda lease: lease.startswith("dead"))
    assert swept.returned == 1
    assert take(database, "next").subject_id == "one"


def test_job_that_ends_its_worker_again_and_again_is_failed(database):
    owe(database, "poison")
    for attempt in range(3):
        assert take(database, f"lease-{attempt}", OVER).deaths == attempt
        with database.write() as session:
            swept = jobs.sweep(session, max_deaths=3)
    assert [c.subject_id for c in swept.exhausted] == ["poison"]
    assert the_job(database).state == JobState.FAILED
    assert take(database) is None


def test_trouble_of_others_does_not_count_as_an_attempt(database):
    owe(database, "sub")
    for _ in range(3):
        held = take(database)
        with database.write() as session:
            jobs.give_back(session, held, "store down", delay=timedelta(0), counts=False)
    assert take(database).attempts == 1


def test_job_given_back_waits_its_delay(database):
    owe(database, "sub")
    held = take(database)
    with database.write() as session:
        jobs.give_back(session, held, "fault", delay=MINUTE)
    assert take(database) is None
    assert the_job(database).attempts == 1
    assert the_job(database).last_error == "fault"


def test_withdrawn_job_is_lost_to_its_worker(database):
    owe(database, "held", "owed")
    held = take(database)
    with database.write() as session:
        assert jobs.withdraw(session, ["held", "owed", "unknown"]) == 2
    with pytest.raises(jobs.LeaseLostError), database.write() as session:
        jobs.finish(session, held)
    assert take(database) is None


def test_depth_counts_what_waits_and_what_is_held(database):
    owe(database, "one", "two", "three")
    take(database)
    with database.read() as session:
        depth = jobs.depth(session)
        assert jobs.due(session, 10) == 2
        assert jobs.due(session, 1) == 1
    assert (depth.owed, depth.held) == (2, 1)
    assert depth.oldest <= now()
