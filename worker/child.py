"""The child process in which documents are opened: confined first, then one submission after another.

Started by ``worker.sandbox`` as ``python -m worker.child LIMITS FOLDER``, which is all that it may write to.
Requests come on stdin, answers go to stdout; both are taken away from the libraries before any of them is
loaded.
"""

from __future__ import annotations

import base64
import json
import math
import os
import resource
import sys
import traceback
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from schemas.errors import PackError, UnreadableReason, UsageError
from worker.confinement import confine, lower
from worker.limits import MEGABYTE, SandboxLimits
from worker.wire import Message, pack, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validators.report import Report
    from worker.pipeline import Source

_TRACE_KEPT = 8000


def main() -> None:
    """Confine this process, then answer requests until stdin ends or it is worn out."""
    limits = SandboxLimits(**json.loads(sys.argv[1]))
    requests, answers = _private_streams()
    confine(limits, [Path(sys.argv[2])])
    # Loaded under the limits, while the caller still looks for its files.
    import worker.pipeline  # noqa: F401

    _Clerk(limits, answers).serve(requests)


class _Clerk:
    """Answers requests, and counts when it is time to be replaced."""

    def __init__(self, limits: SandboxLimits, answers: BinaryIO) -> None:
        self._limits = limits
        self._answers = answers
        self._served = 0
        self._resident_at_start = _resident()
        self._opened: int | None = None
        self._scans = False
        self._engine_counted = False
        self._seconds = 0.0

    def serve(self, requests: BinaryIO) -> None:
        """Read requests and answer each."""
        while (request := read(requests)) is not None:
            answer = self._answer(request)
            self._send(answer)
            if answer["retire"]:
                return

    def _answer(self, request: Message) -> Message:
        self._served += 1
        self._opened = None
        try:
            return {**self._check(request), "retire": self._worn_out()}
        except UsageError as error:
            return {"event": "usage", "message": str(error), "retire": False}
        except PackError as error:
            return {"event": "pack", "message": str(error), "retire": False}
        except MemoryError as error:
            return self._failure(error, UnreadableReason.MEMORY_LIMIT)
        except Exception as error:  # the outermost edge of this process: it must always answer
            return self._failure(error, UnreadableReason.PARSER_CRASH if _in_reader(error) else None)

    def _check(self, request: Message) -> Message:
        from extractors.document import Limits
        from worker.pipeline import check

        self._allow(0)
        report = check(
            _sources(request["documents"], self._limits.submission_bytes),
            pack_id=request["pack"],
            document_class=request["class"],
            filed_on=date.fromisoformat(request["filed_on"]) if request["filed_on"] else None,
            on_open=lambda index: self._open(index, request["documents"][index]),
            limits=Limits(max_scanned_pages=self._limits.scanned_pages, before_scan=self._scan),
        )
        rendered = [_rendered(report, rendering) for rendering in request["renderings"]]
        return {
            "event": "done",
            "report": report.to_dict(),
            "rendered": [base64.b64encode(document).decode("ascii") for document in rendered],
        }

    def _open(self, index: int, document: Message) -> None:
        self._opened = index
        self._allow(_size(document))
        self._send({"event": "open", "document": index})

    def _scan(self) -> None:
        """A page takes text recognition: more time, and once and for all more memory."""
        if not self._scans:
            lower(resource.RLIMIT_AS, self._limits.scan_memory_bytes)
            self._scans = True
        self._seconds += self._limits.seconds_per_scan
        self._keep_time()
        self._send({"event": "scan"})

    def _allow(self, size: int) -> None:
        """Let the kernel end this process once it has used the processor time of one document from here."""
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self._seconds = usage.ru_utime + usage.ru_stime + self._limits.allowance(size)
        self._keep_time()

    def _keep_time(self) -> None:
        lower(resource.RLIMIT_CPU, math.ceil(self._seconds), keep_hard=True)

    def _failure(self, error: BaseException, reason: UnreadableReason | None) -> Message:
        trace = "".join(traceback.format_exception(error))[-_TRACE_KEPT:]
        if reason is None or self._opened is None:
            message = f"程序内部错误：{type(error).__name__}: {error}"
            return {"event": "fault", "message": message, "trace": trace, "retire": True}
        return {"event": "unreadable", "reason": reason, "trace": trace, "retire": True}

    def _worn_out(self) -> bool:
        if self._scans and not self._engine_counted:
            # What recognition keeps loaded is no leak.
            self._resident_at_start, self._engine_counted = _resident(), True
        grown = _resident() - self._resident_at_start
        return self._served >= self._limits.uses or grown > self._limits.growth_bytes

    def _send(self, message: Message) -> None:
        self._answers.write(pack(message))
        self._answers.flush()


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Our own ends of stdin and stdout; what a library reads is empty, what it prints goes to stderr."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return requests, answers


def _resident() -> int:
    """Bytes of memory in use now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _in_reader(error: BaseException) -> bool:
    """Whether the exception came out of an extractor, where a document's bytes decide what happens."""
    from extractors import formats

    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(frame.f_code is formats.extract.__code__ for frame in frames)


def _path(document: Message) -> Path | None:
    return None if document["path"] is None else Path(os.fsdecode(bytes.fromhex(document["path"])))


def _size(document: Message) -> int:
    path = _path(document)
    return path.stat().st_size if path else 0


def _sources(documents: Sequence[Message], most: int) -> list[Source]:
    """The documents with their bytes; what is too large is refused by its size, not loaded to find out."""
    from extractors.document import Limits
    from worker.pipeline import Source

    sources = []
    loaded = 0
    for document in documents:
        failure = UnreadableReason(document["failure"]) if document["failure"] else None
        detail, size, data = document["detail"], _size(document), b""
        if failure is None and size > Limits().max_bytes:
            failure, detail = UnreadableReason.TOO_LARGE, f"上限 {Limits().max_bytes // MEGABYTE} MB。"
        elif failure is None and loaded + size > most:
            failure, detail = UnreadableReason.TOO_LARGE, f"整件送审材料的上限是 {most // MEGABYTE} MB。"
        elif path := _path(document):
            data = path.read_bytes()
            loaded += size
        sources.append(Source(name=document["name"], data=data, failure=failure, detail=detail))
    return sources


def _rendered(report: Report, rendering: Message) -> bytes:
    from reports import Style, render_bytes

    style = Style(width=rendering["width"], colour=rendering["colour"])
    return render_bytes(report, rendering["form"], style=style)


if __name__ == "__main__":
    main()
