"""The job DELIVER: one attempt to send a webhook.

Whoever hands in a submission names the address, so it is taken for hostile: the name is resolved once, every
address it has must be public, and the connection goes to the very address that was looked at; redirects are
not followed; the answer's body is not read; and an attempt is over after some seconds whatever the other side
does.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from standardwebhooks import Webhook

from schemas.version import VERSION
from storage import webhooks
from storage.models import Delivery, DeliveryState, now
from worker.process import Handler, Job, Process

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.jobs import Claim

STEP_SECONDS = 5.0
"""For the connection, and for each piece of the answer."""

ATTEMPT_SECONDS = 10.0
"""For all of an attempt after the name is resolved."""

GONE = 410
"""The receiver says that it wants no more (Standard Webhooks, "Operational considerations")."""

_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""IPv6 addresses that stand for an IPv4 address, which may be a private one."""


class RefusedError(Exception):
    """The address is one that webhooks must not go to; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A webhook as it is to be sent.

    Attributes:
        id: of the delivery, the same in every attempt.
        body: what is sent and signed.
        secrets: sign it, the present one first.
        attempts: how many there were before.
    """

    id: str
    request_id: str | None
    url: str
    body: str
    secrets: tuple[str, ...]
    attempts: int


def post(outgoing: Outgoing, *, allow_private: bool, resolve: Any = None) -> int:
    """Send it once.

    Args:
        outgoing: what to send.
        allow_private: whether private addresses and plain HTTP are allowed.
        resolve: in place of ``socket.getaddrinfo``.

    Returns:
        The status of the answer.

    Raises:
        RefusedError: see there.
        httpx.HTTPError: there is no answer.
    """
    url = httpx.URL(outgoing.url)
    if url.scheme != "https" and not allow_private:
        raise RefusedError("回调地址不是 https://。请改用 https，或由管理员允许内网地址。")
    addresses = _addresses(url, allow_private, resolve or socket.getaddrinfo)
    problem: httpx.ConnectError | None = None
    for address in addresses:
        try:
            return _post_to(address, url, outgoing)
        except httpx.ConnectError as error:
            problem = error
    raise problem or httpx.ConnectError("no address")


def _addresses(url: httpx.URL, allow_private: bool, resolve: Any) -> Sequence[str]:
    try:
        found = resolve(url.host, url.port or (443 if url.scheme == "https" else 80), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"name not resolved: {error}") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and not all(map(is_public, addresses)):
        raise RefusedError(
            "回调地址指向内网、本机或保留的网络地址，不予发送。请改用公网地址，或由管理员允许内网地址。"
        )
    return addresses


def is_public(address: str) -> bool:
    """Whether a webhook may go to this IP address without being allowed to."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and any(ip in network for network in _TRANSLATED):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
        if ip.ipv4_mapped:
            return True
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _post_to(address: str, url: httpx.URL, outgoing: Outgoing) -> int:
    host = url.netloc.decode("ascii")
    headers = {**signed(outgoing), "Host": host, "Content-Type": "application/json"}
    headers["User-Agent"] = f"yushen/{VERSION}"
    with (
        httpx.Client(
            timeout=STEP_SECONDS, trust_env=False, verify=ssl.create_default_context(), follow_redirects=False
        ) as client,
        _within(ATTEMPT_SECONDS) as trace,
        client.stream(
            "POST",
            url.copy_with(host=address),
            headers=headers,
            content=outgoing.body.encode(),
            extensions={"sni_hostname": url.raw_host.decode("ascii"), "trace": trace},
        ) as answer,
    ):
        return answer.status_code


def signed(outgoing: Outgoing) -> dict[str, str]:
    """The headers of the Standard Webhooks specification; one signature for each secret."""
    moment = now()
    signatures = (Webhook(s).sign(outgoing.id, moment, outgoing.body) for s in outgoing.secrets)
    return {
        "webhook-id": outgoing.id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[Any]:
    """Gives a function that traces a connection, and shuts the connection when the time is over.

    The client's own limits are for each step: an answer that comes letter by letter would never be over.
    """
    sockets: list[socket.socket] = []

    def trace(event: str, info: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            sockets.append(info["return_value"].get_extra_info("socket"))

    def shut() -> None:
        for one in reversed(sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield trace
    finally:
        timer.cancel()


def _begin(session: Session, held: Claim) -> Outgoing | None:
    row = session.get(Delivery, held.subject_id)
    if row is None or row.state != DeliveryState.PENDING:
        return None
    keys = tuple(webhooks.signing_secrets(session, row.unit))
    return Outgoing(row.id, row.request_id, row.url, row.body, keys, row.attempts)


def _run(process: Process, job: Job) -> None:
    outgoing: Outgoing = job.subject
    status, error, final = None, "", False
    try:
        status = post(outgoing, allow_private=process.settings.webhook_allow_private)
    except RefusedError as refused:
        error, final = str(refused), True
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, UnicodeError) as trouble:
        error = f"没有得到应答（{type(trouble).__name__}）"
    if status is not None and not 200 <= status < 300:
        error, final = f"对方应答 HTTP {status}", status == GONE

    def settle(session: Session) -> None:
        if status is not None and not error:
            webhooks.delivered(session, job.held, status)
        else:
            attempts = outgoing.attempts + 1
            webhooks.not_delivered(session, job.held, attempts, status, error, final=final)

    process.patiently(settle)


HANDLER = Handler(_begin, _run, webhooks.given_up)
