"""The service as a client sees it: calls that are safe to repeat, and errors that name the remedy."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import ssl
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

import httpx

from schemas.errors import UsageError, system_reason
from schemas.version import VERSION

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {
    "text": ("report", "text/plain"),
    "json": ("report", "application/json"),
    "html": ("report", "text/html"),
    "docx": ("report", DOCX),
    "record": ("record", "application/json"),
    "packet": ("packet", "application/zip"),
}
"""What can be fetched of a submission -> the end of its address, its media type."""

_TRIES = 5
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_POLL_SECONDS = 1.0
_ASK_TO_WAIT_SECONDS = 20
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_LATER = (429, 502, 503, 504)
"""Answers after which the same call may succeed."""

Advance = Callable[[int], None]
"""Is told of so many more bytes."""


class Client:
    """A connection to one service, with one key."""

    def __init__(self, server: str, key: str, *, transport: httpx.BaseTransport | None = None) -> None:
        """Connect to nothing yet.

        Args:
            server: its address, as ``http://127.0.0.1:8000``.
            key: the access key.
            transport: how calls travel; by network where None.

        Raises:
            UsageError: that is no address, or no key.
        """
        try:
            self._http = httpx.Client(
                base_url=server,
                headers={"Authorization": f"Bearer {key}", "User-Agent": f"yushen/{VERSION}"},
                timeout=_TIMEOUT,
                transport=transport,
            )
        except (httpx.InvalidURL, UnicodeEncodeError) as error:
            raise UsageError(f"--server 或 --key 的值不对（{error}）。请核对。") from error
        if self._http.base_url.scheme not in ("http", "https"):
            raise UsageError(f"--server “{server}”应当以 http:// 或 https:// 开头。")
        self._server = server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def submit(
        self, files: Sequence[Path], texts: Mapping[str, str], *, wait: bool, advance: Advance
    ) -> dict[str, Any]:
        """Hand in one submission.

        Args:
            files: of the submission.
            texts: other fields of the form.
            wait: whether the service may take its time to answer with the finished submission.
            advance: is told of bytes that were sent.

        Raises:
            UsageError: it is not accepted; says why.
        """
        # One key for all tries: whatever became of the first, there will be one submission.
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        if wait:
            headers["Prefer"] = f"wait={_ASK_TO_WAIT_SECONDS}"

        def once() -> httpx.Response:
            with contextlib.ExitStack() as stack:
                opened = [stack.enter_context(_Counted(path, advance)) for path in files]
                form = [("files", (_name(path), file)) for path, file in zip(files, opened, strict=True)]
                return self._http.post("/v1/submissions", data=texts, files=form, headers=headers)

        return cast("dict[str, Any]", self._patiently(once).json())

    def status(self, submission_id: str) -> dict[str, Any]:
        """How far a submission is.

        Raises:
            UsageError: there is none of that id.
        """
        answer = self._patiently(lambda: self._http.get(f"/v1/submissions/{submission_id}"))
        return cast("dict[str, Any]", answer.json())

    def finished(self, submission: dict[str, Any]) -> dict[str, Any]:
        """The submission once it is over."""
        while submission["status"] not in ("done", "failed"):
            time.sleep(_POLL_SECONDS)
            submission = self.status(submission["id"])
        return submission

    @contextlib.contextmanager
    def fetched(self, submission_id: str, form: str) -> Iterator[tuple[int | None, Iterator[bytes]]]:
        """A part of a submission, see ``FORMS``: its size if it is known, and its bytes as they come.

        Raises:
            UsageError: there is none; says why.
        """
        part, media_type = FORMS[form]
        address = f"/v1/submissions/{submission_id}/{part}"
        request = self._http.build_request("GET", address, headers={"Accept": media_type})
        answer = self._patiently(lambda: self._http.send(request, stream=True))
        try:
            length = answer.headers.get("Content-Length")
            yield (int(length) if length else None), answer.iter_bytes()
        except httpx.TransportError as error:
            raise UsageError(f"下载中断（{error}）。请重试。") from error
        finally:
            answer.close()

    def _patiently(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        """The answer to a call, tried again where that can help."""
        pause = _FIRST_PAUSE
        for left in reversed(range(_TRIES)):
            try:
                answer = call()
            except httpx.TransportError as error:
                if not left:
                    raise self._unreachable(error) from error
            else:
                if answer.is_success:
                    return answer
                if not left or answer.status_code not in _LATER:
                    raise _refused(answer)
                pause = _told_to_wait(answer, pause)
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        raise AssertionError("unreachable")

    def _unreachable(self, error: httpx.TransportError) -> UsageError:
        return UsageError(
            f"连不上服务 {self._server}（{_why(error)}）。请核对 --server 的地址和网络，并确认服务正在运行。"
        )


def _name(path: Path) -> str:
    """The name of a file as text; one that is no UTF-8 was made by a system that speaks GB18030."""
    try:
        return os.fsencode(path.name).decode()
    except UnicodeDecodeError:
        return os.fsencode(path.name).decode("gb18030", "replace")


def _told_to_wait(answer: httpx.Response, otherwise: float) -> float:
    told = answer.headers.get("Retry-After", "")
    return min(float(told), _LONGEST_PAUSE) if told.isdecimal() else otherwise


def _why(error: httpx.TransportError) -> str:
    """What came between this machine and the service, in Chinese."""
    if isinstance(error, httpx.TimeoutException):
        return "没有及时应答"
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    match cause:
        case socket.gaierror():
            return "找不到这个主机名"
        case ssl.SSLError():
            return "TLS 连接没有建立，请核对是 http 还是 https"
        case OSError():
            return system_reason(cause)
        case _:
            return "连接中断"


def _refused(answer: httpx.Response) -> UsageError:
    with contextlib.suppress(httpx.TransportError):
        answer.read()
        with contextlib.suppress(ValueError, KeyError, TypeError):
            problem = answer.json()
            return UsageError(f"{problem['detail']}（请求编号 {problem['request_id']}）")
    return UsageError(
        f"服务的答复不对（HTTP {answer.status_code}）。请核对 --server 是不是预审服务的地址，或联系管理员。"
    )


class _Counted(io.FileIO):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, advance: Advance) -> None:
        super().__init__(path, "rb")
        self._advance = advance

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(-1 if size is None else size) or b""
        self._advance(len(data))
        return data


def save(pieces: Iterator[bytes], target: BinaryIO, advance: Advance) -> None:
    """Write what comes to ``target``."""
    for piece in pieces:
        target.write(piece)
        advance(len(piece))
