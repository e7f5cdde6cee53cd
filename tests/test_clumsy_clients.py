"""Clients that are slow, cut off or clumsy are told so or ended, leave nothing behind, and hold up nobody."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator

import pytest
from running import ADMIN_KEY, ROOT, Service
from services import wait_until

DOCUMENT = (ROOT / "examples/contract-filing-deficient.docx").read_bytes()
THREADS = 2
UPLOADS = 8
"""Of the service in these tests: what slow clients would have to fill."""
SLOW = 40
"""Clients that are slow at once."""
BOUNDARY = b"----yushen"
PROBLEM = "urn:yushen:problem:"


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Service]:
    settings = {"api_threads": str(THREADS), "client_seconds": "4"}
    made = Service(tmp_path_factory.mktemp("service"), settings)
    made.start()
    yield made
    made.stop()


@contextlib.contextmanager
def calls(service: Service, count: int = 1) -> Iterator[list[socket.socket]]:
    """Connections on which nothing was said yet."""
    with contextlib.ExitStack() as stack:
        address = ("127.0.0.1", service.port)
        yield [stack.enter_context(socket.create_connection(address, timeout=120)) for _ in range(count)]


def answer(call: socket.socket) -> bytes:
    """All that comes until the service ends the connection."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while data := call.recv(65536):
            said += data
    return said


def problem(said: bytes) -> tuple[int, str]:
    """Status and type of an answer that is a problem in both languages, or in the one that was asked for."""
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head.lower()
    told = json.loads(body)
    assert f" {told['status']} ".encode() in head.splitlines()[0]
    assert "请" in told["detail"]
    assert f"x-request-id: {told['request_id']}" in head.decode().lower()
    return told["status"], told["type"].removeprefix(PROBLEM)


def head(path: str, length: int | None, *more: str, method: str = "POST", media: str = "") -> bytes:
    media = media or f"multipart/form-data; boundary={BOUNDARY.decode()}"
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {ADMIN_KEY}", framing, *more]
    return "\r\n".join([*lines, f"Content-Type: {media}", "", ""]).encode()


def form(document: bytes = DOCUMENT) -> bytes:
    part = b'Content-Disposition: form-data; name="files"; filename="a.docx"'
    return b"--%b\r\n%b\r\n\r\n%b\r\n--%b--\r\n" % (BOUNDARY, part, document, BOUNDARY)


def is_served(service: Service) -> bool:
    """Whether calls of others are answered, those that upload too; they may be slow themselves."""
    with service.client() as client:
        assert client.get("/v1/submissions").status_code == 200
        while True:
            made = client.post("/v1/submissions", files={"files": ("方案.docx", DOCUMENT)})
            if made.status_code != 408:
                break
        return made.status_code == 202 and client.delete(made.headers["Location"]).status_code == 204


def submissions(service: Service) -> list[str]:
    with service.client() as client:
        return [item["id"] for item in client.get("/v1/submissions").json()["items"]]


def staged(service: Service) -> list[str]:
    """Files half written."""
    return [path.name for path in (service.folder / "data" / "staging").iterdir()]


# Slow ones


def trickle(call: socket.socket, data: bytes, over: threading.Event) -> None:
    """Send ``data`` again and again, a byte now and then, until the service has enough."""
    with contextlib.suppress(OSError):
        while not over.wait(0.1):
            call.sendall(data)


@pytest.mark.parametrize("begun", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n", b"\r\n\r\n", b"\x16\x03"])
def test_who_does_not_say_what_he_wants_holds_up_nobody_and_is_ended(service, begun):
    with calls(service, SLOW) as slow:
        for call in slow:
            call.sendall(begun)
        assert is_served(service)
        said = [answer(call) for call in slow]
    if begun.strip():
        assert {problem(each) for each in said} == {(408, "too-slow")}
    else:
        assert set(said) == {b""}


@pytest.mark.parametrize(
    ("begun", "drops"),
    [
        (b"GET /healthz HTTP/1.1\r\nX-Slow: ", b"a"),
        (head("/v1/submissions", 1_000_000) + form()[:200], b"a"),
        (head("/v1/submissions", None) + b"%x\r\n%b\r\n" % (200, form()[:200]), b"1\r\na\r\n"),
    ],
    ids=["head", "body", "chunks"],
)
def test_who_sends_a_byte_now_and_then_holds_up_nobody_and_is_ended(service, begun, drops):
    before, over = submissions(service), threading.Event()
    with calls(service, UPLOADS - 1) as slow:
        threads = [threading.Thread(target=trickle, args=(call, drops, over)) for call in slow]
        for call, thread in zip(slow, threads, strict=True):
            call.sendall(begun)
            thread.start()
        try:
            assert is_served(service)
            said = [answer(call) for call in slow]
        finally:
            over.set()
            for thread in threads:
                thread.join()
    assert {problem(each) for each in said} == {(408, "too-slow")}
    assert submissions(service) == before
    assert not staged(service)


def test_more_slow_uploads_than_there_are_places_hold_up_other_calls_never_and_uploads_for_a_time(service):
    with calls(service, UPLOADS + 4) as slow:
        for call in slow:
            call.sendall(head("/v1/submissions", 1_000_000) + form()[:200])
        with service.client() as client:
            assert client.get("/v1/submissions").status_code == 200
        assert is_served(service)
        assert {problem(answer(call)) for call in slow} == {(408, "too-slow")}


def test_who_does_not_take_the_answer_holds_up_others_for_a_time(service):
    with calls(service, 2 * THREADS) as slow:
        for call in slow:
            call.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            # More answers than all buffers hold.
            with contextlib.suppress(TimeoutError):
                call.settimeout(0.1)
                call.sendall(b"GET /docs/reference.js HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
        assert is_served(service)


def test_who_does_not_hang_up_holds_up_nobody(service):
    with calls(service, SLOW) as slow:
        for call in slow:
            call.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert all(b'"alive"' in answer(call) for call in slow)
        assert is_served(service)


# Cut off


@pytest.mark.parametrize(
    "sent",
    [
        head("/v1/submissions", 1_000_000) + form()[:5000],
        head("/v1/submissions", len(form()) + 10) + form()[:-30],
        head("/v1/submissions", None) + b"%x\r\n%b\r\n" % (5000, form()[:5000]),
        head("/v1/submissions", None) + b"%x\r\n%b" % (9000, form()[:5000]),
        head("/v1/submissions", None) + b"no length\r\n",
        head("/v1/batches", 1_000_000) + form()[:5000],
        head("/v1/keys", 100, media="application/json") + b'{"name": ',
        head("/v1/keys", None, media="application/json") + b'9\r\n{"name": ',
    ],
    ids=["middle", "end", "between-chunks", "in-a-chunk", "no-chunk", "batch", "json", "json-chunk"],
)
def test_a_call_that_breaks_off_is_told_so_and_leaves_nothing(service, sent):
    before = submissions(service)
    with calls(service) as [call]:
        call.sendall(sent)
        call.shutdown(socket.SHUT_WR)
        assert problem(answer(call)) == (400, "malformed-request")
    assert submissions(service) == before
    assert not staged(service)
    assert "internal" not in service.said()[-3000:]


@pytest.mark.parametrize("framing", [len(DOCUMENT), None], ids=["length", "chunks"])
def test_an_upload_that_breaks_off_is_not_there_and_can_be_sent_again(service, framing):
    with service.client() as client:
        upload = client.post("/v1/uploads", json={"name": "大.docx", "size": len(DOCUMENT)}).json()
        part = DOCUMENT[:5000]
        sent = part if framing else b"%x\r\n%b\r\n" % (len(part), part)
        with calls(service) as [call]:
            media = {"method": "PUT", "media": "application/octet-stream"}
            call.sendall(head(upload["url"], framing, **media) + sent)
            call.shutdown(socket.SHUT_WR)
            status, _ = problem(answer(call))
            assert 400 <= status < 500
        refused = client.post("/v1/submissions", data={"uploads": upload["id"]}, files={"x": b""})
        assert refused.status_code == 422
        assert not staged(service)
        assert client.put(upload["url"], content=DOCUMENT).status_code == 204


def test_a_connection_that_is_reset_leaves_nothing_half_done(service):
    before = submissions(service)
    with calls(service, UPLOADS) as cut:
        for call in cut:
            call.sendall(head("/v1/submissions", len(form()) * 2) + form() * 1)
            call.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert is_served(service)
    wait_until(lambda: not staged(service), "the end of what was half written")
    # Each form was whole, so each may have been taken; what was taken is whole.
    with service.client() as client:
        for submission in set(submissions(service)) - set(before):
            assert client.get(f"/v1/submissions/{submission}").json()["documents"]
