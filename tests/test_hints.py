"""Hints reach the queue, also after it was killed, and never hold up who gives them."""

import pytest
from services import RabbitMQ, Redis, Valkey, new_server, wait_until

from storage.hints import Hints, broker, send, waiting

KINDS = [
    Valkey,
    pytest.param(Redis, marks=pytest.mark.needs("redis")),
    pytest.param(RabbitMQ, marks=pytest.mark.needs("rabbitmq")),
]


@pytest.fixture(params=KINDS)
def server(request):
    """A queue that the test may kill."""
    yield from new_server(request.param)


def test_hints_wait_in_the_queue_and_reach_it_again_after_it_was_killed(server):
    app = broker(server.url)
    assert waiting(app) == 0
    hints = Hints(server.url)
    hints.give()
    wait_until(lambda: waiting(app) == 1, "the hint")
    server.kill()
    hints.give()
    server.start()
    before = waiting(app)
    hints.give()
    wait_until(lambda: waiting(app) > before, "the hint after the kill")
    hints.close()


def test_queue_that_is_away_holds_up_nobody():
    hints = Hints("redis://127.0.0.1:1/0")
    for _ in range(1000):
        hints.give()


def test_sending_to_a_queue_that_is_away_raises():
    with pytest.raises(Exception, match="refused"):
        send(broker("redis://127.0.0.1:1/0"))
