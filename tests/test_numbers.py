"""What the metrics say is what is, on each kind of database."""

import threading
from datetime import timedelta

from finished_cases import accepted, finished
from sqlalchemy import update

from storage import jobs, tallies
from storage.models import Job, JobKind, now
from storage.numbers import moment


def test_moment_tells_owed_from_held_and_how_long_the_oldest_waits(database, store):
    for _ in range(3):
        accepted(database, store)
    with database.write() as session:
        jobs.claim(session, "lease", timedelta(minutes=1))
        jobs.owe(session, JobKind.PURGE, "purge", not_before=now() + timedelta(hours=1))
    with database.write() as session:
        owed = update(Job).where(Job.kind == JobKind.CHECK)
        session.execute(owed.values(not_before=now() - timedelta(minutes=5)))
    with database.read() as session:
        present = moment(session)
    assert present.jobs == {("check", "owed"): 2, ("check", "held"): 1, ("purge", "owed"): 1}
    assert present.oldest_seconds.keys() == {"check"}
    assert 300 <= present.oldest_seconds["check"] < 400


def test_nothing_owed_is_no_age(database):
    with database.read() as session:
        assert moment(session).oldest_seconds == {}


def test_finished_submission_is_counted_in_each_stage_once(database, store):
    finished(database, store)
    finished(database, store, conclusion="deficient")
    with database.read() as session:
        counts = tallies.all_counts(session)
    assert counts["submissions", "conclusion=pass,status=done"] == 1
    assert counts["findings", "code=section-missing,severity=error"] == 4
    for stage in ("waiting", "checking", "whole"):
        buckets = [
            v for (name, said), v in counts.items() if name == "stage_seconds" and f"stage={stage}" in said
        ]
        assert sum(buckets) == 2


def test_counts_of_many_at_once_are_all_there(database):
    def count():
        for _ in range(20):
            with database.write() as session:
                tallies.add(session, {("b", "x=1"): 1, ("a", "x=1"): 2})

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert tallies.all_counts(session) == {("a", "x=1"): 160, ("b", "x=1"): 80}


def test_duration_falls_in_the_first_bucket_that_is_not_below_it():
    assert tallies.timing("t", timedelta(seconds=0.1)) == {("t", "le=0.1"): 1, ("t_sum", ""): 0.1}
    assert ("t", "le=0.25") in tallies.timing("t", timedelta(seconds=0.11))
    assert ("t", "le=inf") in tallies.timing("t", timedelta(days=1))
    assert tallies.timing("t", timedelta(seconds=-1)) == {("t", "le=0.1"): 1, ("t_sum", ""): 0.0}
