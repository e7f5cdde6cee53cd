"""A worker goes on hearing hints, whatever becomes of the queue."""

import os
import signal
import subprocess
import sys

import pytest
from celery import signals
from celery.worker import state
from running import ROLES, ROOT, command_line, descendants, environment, part
from services import wait_until
from sqlalchemy import select
from test_serve import run

from storage.hints import broker, send, waiting
from storage.models import Job, JobState
from storage.opening import open_database
from storage.settings import Settings
from worker.listening import Hearing


def pool_of(supervisor):
    """The process that works: the worker's second, after the one that listens."""
    found = [pid for pid in descendants(supervisor.pid) if ROLES["worker"] in command_line(pid)]
    return found[1]


def anything_done(database):
    with database.read() as session:
        return session.scalar(select(Job.id).where(Job.state == JobState.DONE))


def test_worker_hears_again_after_the_queue_was_killed_under_an_acknowledgement(queue, tmp_path):
    app = broker(queue.url)
    given = {"broker_url": queue.url, "workers": "1", "sweep_seconds": "3600"}
    assert run("db", "upgrade", "--data", tmp_path / "data").returncode == 0
    log = tmp_path / "worker.log"

    def is_heard():
        send(app)
        wait_until(lambda: waiting(app) == 0, "the worker takes the hint")

    with (
        part("worker", tmp_path, **given) as worker,
        open_database(Settings(data=tmp_path / "data")) as database,
    ):
        wait_until(lambda: anything_done(database), "the purge that the worker's start asks for")
        os.kill(pool_of(worker), signal.SIGSTOP)
        is_heard()
        queue.kill()
        # Only who works on a hint acknowledges it.
        os.kill(pool_of(worker), signal.SIGCONT)
        wait_until(lambda: "onnection" in log.read_text("utf-8"), "the worker misses the queue")
        queue.start()
        is_heard()


DEAF = """
from celery import signals
from storage.settings import load_settings
from worker.app import run_worker

def stop_listening(sender, **_):
    sender.task_consumer.cancel()

signals.worker_ready.connect(stop_listening)
run_worker(load_settings())
"""


def test_deaf_worker_ends_to_be_started_again(queue, tmp_path):
    given = {"data": str(tmp_path / "data"), "broker_url": queue.url, "workers": "1", "sweep_seconds": "0.2"}
    assert run("db", "upgrade", "--data", tmp_path / "data").returncode == 0
    deaf = subprocess.Popen([sys.executable, "-c", DEAF], env=environment(**given), cwd=ROOT)
    app = broker(queue.url)
    # Some are on their way to the worker before it grows deaf.
    wait_until(lambda: send(app) or deaf.poll() is not None, "the end of the deaf worker")
    assert deaf.returncode == 75


@pytest.fixture
def hearing(valkey):
    app = broker(valkey.url)
    wait_until(lambda: waiting(app) or send(app), "the hint")
    return Hearing(app, 3600)


def looks(hearing, count):
    return [hearing.is_lost() for _ in range(count)]


def test_hints_that_wait_at_every_look_are_unheard(hearing):
    assert looks(hearing, 3) == [False, False, True]


def test_hints_that_wait_while_something_is_done_are_not_unheard(hearing, monkeypatch):
    monkeypatch.setattr(state, "active_requests", {"a hint"})
    assert looks(hearing, 5) == [False] * 5


def test_worker_that_hears_one_hint_while_others_wait_is_not_deaf(hearing):
    for _ in range(3):
        assert looks(hearing, 2) == [False, False]
        signals.task_received.send(sender=None, request=None)


def test_without_a_queue_no_hint_is_unheard():
    assert looks(Hearing(broker("redis://127.0.0.1:1/0"), 3600), 3) == [False] * 3
