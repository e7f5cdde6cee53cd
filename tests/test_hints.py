"""Hints reach the queue, also after it was killed, and never hold up who gives them."""

import pytest
from services import wait_until

from storage.hints import Hints, broker, send, waiting


def test_hints_wait_in_the_queue_and_reach_it_again_after_it_was_killed(queue):
    app = broker(queue.url)
    assert waiting(app) == 0
    hints = Hints(queue.url)
    hints.give()
    wait_until(lambda: waiting(app) == 1, "the hint")
    queue.kill()
    hints.give()
    queue.start()
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
