"""Checks in child processes with hard limits: whatever a document does to its parser, the caller lives.

``CheckPool.map`` hands submissions to children that are used again and again, and yields results in the order
of the requests.  A document that crashes its child, hangs it or eats its memory is marked with the reason and
the submission is judged once more without it.  This module loads no document library.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from schemas.errors import PackError, UnreadableReason, UsageError
from worker.children import child_command, child_environment
from worker.limits import MEGABYTE, SandboxLimits
from worker.wire import Inbox, Message, WireError, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from types import TracebackType
    from typing import IO

    from worker.gathering.submissions import File

__all__ = [
    "CheckDocument",
    "CheckPool",
    "CheckRequest",
    "CheckResult",
    "Rendering",
    "SandboxLimits",
    "pool_and_workspace",
    "seconds_queued",
]

_STDERR_KEPT = 8192
_END_SECONDS = 2.0
"""A process that has closed its pipes because it ends is gone long before."""
_LOOK_SECONDS = 1.0
"""How often to look how much a child at work has written."""

_AHEAD = 8
"""Requests in flight per child: enough that one slow document does not idle the others."""


@dataclass(frozen=True, slots=True)
class CheckDocument:
    """One file of a submission.

    Attributes:
        name: as it appears in the report.
        path: where its bytes are; None if there are none to read (an encrypted member of an archive).
        failure: why it is known to be unreadable, None if nothing is known against it.
        detail: Chinese, fills the catalogue's message for ``failure``.
    """

    name: str
    path: Path | None
    failure: UnreadableReason | None = None
    detail: str = ""

    @classmethod
    def of(cls, file: File) -> Self:
        """A file as it was gathered."""
        return cls(file.name, file.path, file.failure, file.detail)


@dataclass(frozen=True, slots=True)
class Rendering:
    """A form in which the report is wanted beside its data, see ``reports.FORMS``.

    Attributes:
        form: "text", "html" or "docx".
        width: columns of the terminal, for text.
        colour: whether text is coloured.
    """

    form: str
    width: int = 80
    colour: bool = False


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """One submission to judge."""

    documents: tuple[CheckDocument, ...]
    pack_id: str
    class_id: str | None = None
    filed_on: date | None = None
    renderings: tuple[Rendering, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of one request: a report, or the program's own failure, which is no verdict.

    Attributes:
        request: what was asked.
        report: the contract's JSON object; None if the program failed.
        rendered: the report in the forms that were asked for, in their order.
        failure: for the operator, what went wrong with the program; "" if nothing did.
        diagnostics: what children that failed wrote on their stderr, for ``--debug``.
    """

    request: CheckRequest
    report: dict[str, Any] | None = None
    rendered: tuple[bytes, ...] = ()
    failure: str = ""
    diagnostics: str = ""


class CheckPool:
    """Judges submissions in up to ``jobs`` children.  A context manager: leaving it ends every child."""

    def __init__(
        self, jobs: int = 1, limits: SandboxLimits | None = None, command: Sequence[str] | None = None
    ) -> None:
        """Start the first child at once, so that it loads while the caller looks for its files.

        Args:
            jobs: most children at a time.
            limits: what each may use.
            command: what to start instead of ``worker.child``; for tests.
        """
        self._limits = limits or SandboxLimits()
        self._command = tuple(command or child_command("worker.child"))
        self._jobs = jobs
        self._executor = ThreadPoolExecutor(jobs, thread_name_prefix="check")
        self._lock = threading.Lock()
        self._closed = False
        self._children: set[_Child] = set()
        self._idle: deque[_Child] = deque([self._start()])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every child, whatever it is doing."""
        with self._lock:
            self._closed = True
            children = list(self._children)
        self._executor.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.kill()
        self._executor.shutdown(wait=True)
        for child in children:
            child.reap()

    def map(self, requests: Iterable[CheckRequest]) -> Iterator[CheckResult]:
        """Judge every request; results come in the order of the requests, which are drawn as needed.

        Raises:
            UsageError: no such document class.
            PackError: no such pack, or a broken one.
        """
        waiting: deque[Future[CheckResult]] = deque()
        for request in requests:
            waiting.append(self.submit(request))
            while waiting and (waiting[0].done() or len(waiting) >= _AHEAD * self._jobs):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def submit(self, request: CheckRequest) -> Future[CheckResult]:
        """Judge one submission as soon as a child is free; the future raises what ``check`` does."""
        return self._executor.submit(self.check, request)

    def check(self, request: CheckRequest) -> CheckResult:
        """Judge one submission, again without each document that ends a child.

        Raises:
            UsageError: no such document class.
            PackError: no such pack, or a broken one.
        """
        diagnostics = ""
        asked = request
        second_start = False
        while True:
            with self._child() as child:
                outcome = child.ask(asked)
            if isinstance(outcome, CheckResult):
                return replace(outcome, request=request, diagnostics=diagnostics + outcome.diagnostics)
            diagnostics += outcome.stderr
            if outcome.document is None:
                if second_start or self._closed:
                    return CheckResult(request, failure=outcome.describe(), diagnostics=diagnostics)
                second_start = True
            elif asked.documents[outcome.document].failure:
                return CheckResult(request, failure=outcome.describe(), diagnostics=diagnostics)
            else:
                asked = _without(asked, outcome)

    @contextlib.contextmanager
    def _child(self) -> Iterator[_Child]:
        """A child for one exchange; it goes back to the others if it may be used again."""
        try:
            child = self._idle.pop()
        except IndexError:
            child = self._start()
        try:
            yield child
        finally:
            if child.usable:
                self._idle.append(child)
            else:
                child.kill()
                child.reap()
                self._children.discard(child)

    def _start(self) -> _Child:
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            child = _Child(self._command, self._limits)
            self._children.add(child)
        return child


@contextlib.contextmanager
def pool_and_workspace(jobs: int | None, timeout: float | None) -> Iterator[tuple[CheckPool, Path]]:
    """A pool, whose first child is loading, and a folder to unpack in, for one command.

    Args:
        jobs: most child processes at a time; as many as there are processors where None.
        timeout: seconds for one document; the default of ``SandboxLimits`` where None.
    """
    limits = SandboxLimits(seconds=timeout) if timeout else SandboxLimits()
    with (
        CheckPool(jobs or len(os.sched_getaffinity(0)), limits) as pool,
        tempfile.TemporaryDirectory(prefix="yushen-") as workspace,
    ):
        yield pool, Path(workspace)


@dataclass(frozen=True, slots=True)
class _Death:
    """How a child ended without an answer: which document it had opened, if any, and what it said."""

    reason: UnreadableReason
    detail: str
    document: int | None
    stderr: str

    def describe(self) -> str:
        return f"检查进程异常结束：{'；'.join(self.stderr.strip().splitlines()[-2:])}"


def _without(request: CheckRequest, death: _Death) -> CheckRequest:
    """The same submission with the document that ended the child marked."""
    documents = tuple(
        replace(document, failure=death.reason, detail=death.detail) if index == death.document else document
        for index, document in enumerate(request.documents)
    )
    return replace(request, documents=documents)


class _Child:
    """One child process and the talk with it."""

    def __init__(self, command: Sequence[str], limits: SandboxLimits) -> None:
        self._limits = limits
        self._scratch = tempfile.mkdtemp(prefix="yushen-child-")
        self._process = subprocess.Popen(
            [*command, json.dumps(asdict(limits)), self._scratch],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(self._scratch),
            start_new_session=True,
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._complaints = cast("IO[bytes]", self._process.stderr)
        self._inbox = Inbox()
        self._stderr = b""
        self._opened: int | None = None
        self._scans = 0
        self._deadline = 0.0
        self._queued = 0.0
        self._late = False
        self._full = False
        self._look_at = 0.0
        self._retired = False

    @property
    def usable(self) -> bool:
        """Whether it may be asked again."""
        return not self._retired

    def kill(self) -> None:
        """End it, and whatever it started, now."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def reap(self) -> None:
        """Wait for its end and let go of its pipes."""
        self._retired = True
        self._process.wait()
        for pipe in (self._requests, self._answers, self._complaints):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def ask(self, request: CheckRequest) -> CheckResult | _Death:
        """Have one submission judged.

        Raises:
            UsageError, PackError: the child found the call or the pack to be wrong.
        """
        self._stderr = b""
        self._opened = None
        self._give(self._limits.start_seconds)
        self._look_at = time.monotonic() + _LOOK_SECONDS
        try:
            self._send(_asking(request))
            while message := self._receive():
                if message["event"] == "open":
                    self._opened = message["document"]
                    self._scans = 0
                    self._give(self._limits.allowance(_size(request.documents[self._opened])))
                elif message["event"] == "scan":
                    self._allow_scan()
                else:
                    return self._result(request, message)
        except (BrokenPipeError, WireError, LookupError, TypeError) as error:
            self._stderr += f"{type(error).__name__}: {error}\n".encode()
        return self._death()

    def _give(self, seconds: float) -> None:
        """Time from here, on the clock."""
        self._deadline = time.monotonic() + seconds
        self._queued = seconds_queued(self._process.pid)

    def _left(self) -> float:
        """Seconds until it is late; a document must not pay for what else the machine is doing."""
        left = self._deadline - time.monotonic()
        return left if left > 0 else left + seconds_queued(self._process.pid) - self._queued

    def _allow_scan(self) -> None:
        """More time for a page that takes text recognition; not for ever, whatever a broken child says."""
        self._scans += 1
        if self._scans <= self._limits.scanned_pages:
            self._deadline += self._limits.seconds_per_scan

    def _send(self, message: Message) -> None:
        self._requests.write(pack(message))
        self._requests.flush()

    def _receive(self) -> Message | None:
        """The next message; None if the child has ended or is late."""
        poll = select.poll()
        answers, complaints = self._answers.fileno(), self._complaints.fileno()
        poll.register(answers, select.POLLIN)
        poll.register(complaints, select.POLLIN)
        while (message := self._inbox.take()) is None:
            left = self._left()
            ready = poll.poll(min(max(left, 0), _LOOK_SECONDS) * 1000)
            self._late = not ready and left <= 0
            if self._late or self._has_filled_its_folder():
                return None
            for pipe, _ in ready:
                piece = os.read(pipe, 65536)
                if pipe == complaints:
                    self._stderr = (self._stderr + piece)[-_STDERR_KEPT:]
                    if not piece:
                        poll.unregister(complaints)
                elif piece:
                    self._inbox.feed(piece)
                else:
                    return None
        return message

    def _has_filled_its_folder(self) -> bool:
        """Whether it has written too much; looked at every now and then, however much it says meanwhile."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _LOOK_SECONDS
            self._full = _lies_in(self._scratch) > self._limits.scratch_bytes
        return self._full

    def _result(self, request: CheckRequest, message: Message) -> CheckResult | _Death:
        self._retired = message.get("retire", True)
        match message["event"]:
            case "done":
                rendered = tuple(base64.b64decode(document) for document in message["rendered"])
                return CheckResult(request, message["report"], rendered)
            case "unreadable":
                reason = UnreadableReason(message["reason"])
                return _Death(reason, self._detail(reason), self._opened, message["trace"])
            case "usage":
                raise UsageError(message["message"])
            case "pack":
                raise PackError(message["message"])
            case _:
                return CheckResult(request, failure=message["message"], diagnostics=message["trace"])

    def _death(self) -> _Death:
        self._retired = True
        ended_by_itself = not self._late and not self._full and self._ends()
        self.kill()
        status = self._process.wait()
        if self._late or status == -signal.SIGXCPU:
            reason = UnreadableReason.TIME_LIMIT
        elif self._full:
            reason = UnreadableReason.UNPACKS_TOO_LARGE
        elif ended_by_itself and status == -signal.SIGKILL:
            # The kernel takes the largest process when the machine runs out of memory.
            reason = UnreadableReason.MEMORY_LIMIT
        else:
            reason = UnreadableReason.PARSER_CRASH
        said = (self._stderr + self._last_words()).decode("utf-8", "replace")
        return _Death(reason, self._detail(reason), self._opened, f"{said}{_ending(status)}\n")

    def _last_words(self) -> bytes:
        """What the child, which is gone, said and nobody has read yet; its answers may have ended before."""
        complaints = self._complaints.fileno()
        os.set_blocking(complaints, False)
        try:
            return os.read(complaints, _STDERR_KEPT)
        except BlockingIOError:
            return b""

    def _ends(self) -> bool:
        """Whether the child, which talks no more, is gone; it may have closed its pipes and live on."""
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _detail(self, reason: UnreadableReason) -> str:
        match reason:
            case UnreadableReason.TIME_LIMIT:
                return f"上限 {self._limits.seconds:g} 秒。"
            case UnreadableReason.MEMORY_LIMIT:
                return f"上限 {self._limits.memory_bytes // MEGABYTE} MB。"
            case UnreadableReason.UNPACKS_TOO_LARGE if self._full:
                return f"读取时写出的临时文件超过 {self._limits.scratch_bytes // MEGABYTE} MB。"
            case _:
                return ""


def _lies_in(folder: str) -> int:
    """Bytes of disk that a folder takes, whatever comes and goes in it meanwhile."""
    taken = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                taken += os.lstat(os.path.join(place, name)).st_blocks * 512
    return taken


def _ending(status: int) -> str:
    return f"ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"


def _size(document: CheckDocument) -> int:
    try:
        return document.path.stat().st_size if document.path else 0
    except OSError:
        return 0


def _asking(request: CheckRequest) -> Message:
    return {
        "documents": [
            {
                "name": document.name,
                "path": None if document.path is None else os.fsencode(document.path).hex(),
                "failure": document.failure,
                "detail": document.detail,
            }
            for document in request.documents
        ],
        "pack": request.pack_id,
        "class": request.class_id,
        "filed_on": request.filed_on.isoformat() if request.filed_on else None,
        "renderings": [asdict(rendering) for rendering in request.renderings],
    }


def seconds_queued(process: int) -> float:
    """How long a process has waited for a processor that others had; 0 where the kernel does not say."""
    try:
        _, queued, _ = Path(f"/proc/{process}/schedstat").read_text("ascii").split()
    except (OSError, ValueError):
        return 0.0
    return int(queued) / 1e9
