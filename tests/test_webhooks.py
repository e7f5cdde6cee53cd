"""Webhooks reach who asked for them, signed, and nobody whom they must not reach."""

import http.server
import json
import socket
import ssl
import threading
import time
from datetime import timedelta
from typing import ClassVar

import httpx
import pytest
import test_submissions as cases
from finished_cases import accepted, complete, finished
from services import wait_until
from sqlalchemy import select, update
from standardwebhooks import Webhook, WebhookVerificationError

from storage import webhooks
from storage.models import Delivery, DeliveryState, Job, JobKind, JobState, WebhookSecret, now
from storage.settings import Settings
from storage.submissions import Options
from worker import courier
from worker import webhooks as sending
from worker.courier import Couriers
from worker.handlers import WORKING
from worker.process import Process
from worker.webhooks import HANDLER, Outgoing, RefusedError, is_public, post

SECRET = "whsec_" + "QUJD" * 8


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers as ``answers`` says, the last one for ever."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        answers = self.server.answers
        status, headers = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.answers = [], [(204, {})]
    server.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def worker(database, store, tmp_path):
    settings = Settings(data=tmp_path, webhook_allow_private=True)
    process = Process(settings, database, store, {JobKind.DELIVER: HANDLER}, lambda: None)
    yield process
    process.close()


@pytest.fixture
def silent():
    """An address that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=32) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"


def deliveries(database):
    with database.read() as session:
        return session.scalars(select(Delivery).order_by(Delivery.id)).all()


def hurry(database):
    """Let the pause before the next attempt be over."""
    with database.write() as session:
        session.execute(update(Job).where(Job.state == JobState.OWED).values(not_before=now()))


def outgoing(url, body="{}", secrets=(SECRET,)):
    return Outgoing("msg_1", "req-1", url, body, secrets, 0)


def test_done_submission_is_told_once_with_a_valid_signature(database, store, worker, receiver):
    submission_id = finished(database, store, callback_url=receiver.url, unit="区教育局")
    assert worker.do_next()
    assert not worker.do_next()
    [(path, headers, body)] = receiver.got
    with database.read() as session:
        secret = session.get_one(WebhookSecret, "区教育局").secret
    told = Webhook(secret).verify(body, headers)
    assert path == "/hook"
    assert told["type"] == "submission.done"
    assert told["data"]["id"] == submission_id
    assert told["data"]["conclusion"] == "pass"
    [delivery] = deliveries(database)
    assert (delivery.state, delivery.attempts, delivery.last_status) == (DeliveryState.DELIVERED, 1, 204)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, headers)


def test_slow_receivers_hold_up_neither_checks_nor_one_another(
    database, store, tmp_path, receiver, silent, monkeypatch
):
    """The others never answer while the test runs, and every attempt may take for ever."""
    monkeypatch.setattr(sending, "STEP_SECONDS", 600.0)
    monkeypatch.setattr(sending, "ATTEMPT_SECONDS", 600.0)
    monkeypatch.setattr(courier, "_STOP_SECONDS", 0.0)
    settings = Settings(data=tmp_path, webhook_allow_private=True)
    for _ in range(courier.COURIERS - 1):
        finished(database, store, callback_url=silent)
    finished(database, store, callback_url=receiver.url)
    assert JobKind.DELIVER not in WORKING, "a worker process, which checks, would wait for them"
    with Couriers(settings, database, store):
        wait_until(
            lambda: [d.state for d in deliveries(database)].count(DeliveryState.DELIVERED) == 1,
            "the one that answers is told",
        )
    assert len(receiver.got) == 1


def test_body_says_no_file_name_and_no_text(database, store, worker, receiver):
    finished(database, store, [("张三的方案.docx", b"secret")], callback_url=receiver.url)
    worker.do_next()
    assert "张三" not in receiver.got[0][2].decode()


def test_nobody_is_told_who_did_not_ask(database, store, worker):
    finished(database, store)
    assert deliveries(database) == []
    assert not worker.do_next()


def test_refused_delivery_is_tried_again_with_the_same_id_and_body(database, store, worker, receiver):
    receiver.answers = [(500, {}), (503, {}), (200, {})]
    finished(database, store, callback_url=receiver.url)
    for _ in range(3):
        assert worker.do_next()
        assert not worker.do_next()
        hurry(database)
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
    assert len({body for _, _, body in receiver.got}) == 1
    [delivery] = deliveries(database)
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 3)


def test_pauses_grow_and_after_the_last_it_is_dead_until_asked_for(database, store, worker, receiver):
    receiver.answers = [(500, {})]
    finished(database, store, callback_url=receiver.url)
    pauses = []
    for _ in range(len(webhooks.PAUSES)):
        assert worker.do_next()
        with database.read() as session:
            job = session.scalars(select(Job).where(Job.kind == JobKind.DELIVER)).one()
            assert job.state == JobState.OWED
            pauses.append(job.not_before - now())
        hurry(database)
    assert worker.do_next()
    assert not worker.do_next()
    assert pauses == sorted(pauses)
    assert pauses[-1] > timedelta(hours=23)
    [delivery] = deliveries(database)
    assert (delivery.state, delivery.attempts) == (DeliveryState.DEAD, len(webhooks.PAUSES) + 1)
    assert "HTTP 500" in delivery.last_error
    receiver.answers = [(200, {})]
    with database.write() as session:
        webhooks.again(session, session.get_one(Delivery, delivery.id))
    assert worker.do_next()
    assert deliveries(database)[0].state == DeliveryState.DELIVERED


def test_receiver_that_wants_no_more_is_left_alone(database, store, worker, receiver):
    receiver.answers = [(410, {})]
    finished(database, store, callback_url=receiver.url)
    worker.do_next()
    assert deliveries(database)[0].state == DeliveryState.DEAD
    hurry(database)
    assert not worker.do_next()


def test_redirect_is_not_followed(database, store, worker, receiver):
    receiver.answers = [(302, {"Location": receiver.url + "/elsewhere"})]
    finished(database, store, callback_url=receiver.url)
    worker.do_next()
    assert [path for path, _, _ in receiver.got] == ["/hook"]
    assert deliveries(database)[0].state == DeliveryState.PENDING


def test_deleted_delivery_is_not_sent(database, store, worker, receiver):
    finished(database, store, callback_url=receiver.url)
    with database.write() as session:
        session.delete(session.scalars(select(Delivery)).one())
    assert not worker.do_next()
    assert receiver.got == []


def test_replaced_secret_signs_beside_the_new_one_for_a_while(database, store, worker, receiver):
    with database.write() as session:
        old = webhooks.secret_of(session, "区教育局").secret
        new = webhooks.replace_secret(session, "区教育局").secret
    finished(database, store, callback_url=receiver.url)
    worker.do_next()
    _, headers, body = receiver.got[0]
    for secret in (old, new):
        Webhook(secret).verify(body, headers)
    with database.write() as session:
        session.execute(update(WebhookSecret).values(previous_until=now()))
        assert webhooks.signing_secrets(session, "区教育局") == [new]


def test_units_have_secrets_of_their_own(database):
    with database.write() as session:
        secrets = {webhooks.secret_of(session, unit).secret for unit in ("甲", "乙", "甲")}
    assert len(secrets) == 2


def test_connection_that_fails_is_tried_again_and_says_nothing_of_the_machine(database, store, worker):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        finished(database, store, callback_url=f"http://127.0.0.1:{closed.getsockname()[1]}/")
        worker.do_next()
    [delivery] = deliveries(database)
    assert (delivery.state, delivery.last_error) == (DeliveryState.PENDING, "没有得到应答（ConnectError）")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "not an address",
    ],
)
def test_private_addresses_are_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "114.114.114.114", "2400:3200::1", "::ffff:1.1.1.1"])
def test_public_addresses_are_not(address):
    assert is_public(address)


def resolver(*addresses):
    """In place of the system's; counts how often it is asked."""

    def resolve(host, port, **_):
        resolve.asked.append(host)
        return [(None, None, None, "", (address, port)) for address in addresses]

    resolve.asked = []
    return resolve


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::ffff:127.0.0.1"]])
def test_name_with_a_private_address_among_its_own_is_refused(addresses):
    with pytest.raises(RefusedError, match="内网"):
        post(outgoing("https://evil.example/"), allow_private=False, resolve=resolver(*addresses))


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/"]
)
def test_private_address_in_any_spelling_is_refused(url):
    with pytest.raises((RefusedError, httpx.HTTPError)) as refused:
        post(outgoing(url), allow_private=False)
    assert not isinstance(refused.value, httpx.TimeoutException)


def test_plain_http_needs_permission():
    with pytest.raises(RefusedError, match="https"):
        post(outgoing("http://example.org/"), allow_private=False, resolve=resolver("1.1.1.1"))


def test_name_is_resolved_once_and_the_address_that_was_looked_at_is_used(receiver):
    """A name that changes its address between the look and the connection (DNS rebinding) gains nothing."""
    resolve = resolver("127.0.0.1")
    url = f"http://rebinding.example:{receiver.server_port}/hook"
    assert post(outgoing(url), allow_private=True, resolve=resolve) == 204
    assert resolve.asked == ["rebinding.example"]
    assert receiver.got[0][1]["Host"] == f"rebinding.example:{receiver.server_port}"


def test_certificate_is_checked_for_the_name_and_not_for_the_address(monkeypatch):
    asked = []

    def wrap(self, sock, *, server_hostname, **_):
        asked.append(server_hostname)
        raise ssl.SSLError("seen")

    with socket.create_server(("127.0.0.1", 0)) as door:
        monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)
        url = f"https://name.example:{door.getsockname()[1]}/"
        with pytest.raises((httpx.HTTPError, ssl.SSLError)):
            post(outgoing(url), allow_private=True, resolve=resolver("127.0.0.1"))
    assert asked == ["name.example"]


class Dripping(threading.Thread):
    """Answers letter by letter, for ever."""

    letters: ClassVar[bytes] = b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 100_000

    def __init__(self):
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))

    def run(self):
        connection, _ = self.door.accept()
        with connection:
            for letter in self.letters:
                try:
                    connection.sendall(bytes([letter]))
                except OSError:
                    return
                time.sleep(0.02)


def test_answer_that_never_ends_is_cut_off(monkeypatch):
    monkeypatch.setattr(sending, "ATTEMPT_SECONDS", 0.5)
    dripping = Dripping()
    dripping.start()
    with dripping.door, pytest.raises(httpx.HTTPError):
        post(outgoing(f"http://127.0.0.1:{dripping.door.getsockname()[1]}/"), allow_private=True)
    dripping.join(60)
    assert not dripping.is_alive()


def test_batch_is_told_when_it_is_over(database, store, worker, receiver, monkeypatch):
    monkeypatch.setattr(cases, "OPTIONS", Options("jinjiang-2023", callback_url=receiver.url))
    batch_id = cases.batch_of(database, store, 1)
    cases.complete(database, store, cases.claim(database))
    while worker.do_next():
        pass
    told = [json.loads(body) for _, _, body in receiver.got]
    assert sorted(t["type"] for t in told) == ["batch.done", "submission.done"]
    assert {t["data"]["id"] for t in told} > {batch_id}


def test_accepted_but_unfinished_is_not_told(database, store):
    submission_id = accepted(database, store, callback_url="https://example.org/")
    assert deliveries(database) == []
    complete(database, store, submission_id, "deficient", b"")
    assert [json.loads(d.body)["data"]["conclusion"] for d in deliveries(database)] == ["deficient"]
