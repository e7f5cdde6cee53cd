"""A worker goes on hearing hints, whatever becomes of the queue."""

import os
import signal

import pytest
from running import ROLES, command_line, descendants, part
from services import RabbitMQ, Redis, Valkey, new_server, wait_until
from sqlalchemy import select
from test_serve import run

from storage.hints import broker, send, waiting
from storage.models import Job, JobState
from storage.opening import open_database
from storage.settings import Settings

KINDS = [
    Valkey,
    pytest.param(Redis, marks=pytest.mark.needs("redis")),
    pytest.param(RabbitMQ, marks=pytest.mark.needs("rabbitmq")),
]


@pytest.fixture(params=KINDS)
def server(request):
    """A queue that the test may kill."""
    yield from new_server(request.param)


def pool_of(supervisor):
    """The process that works: the worker's second, after the one that listens."""
    found = [pid for pid in descendants(supervisor.pid) if ROLES["worker"] in command_line(pid)]
    return found[1]


def anything_done(database):
    with database.read() as session:
        return session.scalar(select(Job.id).where(Job.state == JobState.DONE))


def test_worker_hears_again_after_the_queue_was_killed_under_an_acknowledgement(server, tmp_path):
    app = broker(server.url)
    given = {"broker_url": server.url, "workers": "1", "sweep_seconds": "3600"}
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
        server.kill()
        # Only who works on a hint acknowledges it.
        os.kill(pool_of(worker), signal.SIGCONT)
        wait_until(lambda: "onnection" in log.read_text("utf-8"), "the worker misses the queue")
        server.start()
        is_heard()
