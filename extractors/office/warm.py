"""A LibreOffice that stays up from one document to the next, with a profile of its own."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any, cast

from extractors.office.installation import Installation, die_with_parent, environment
from schemas.errors import UnreadableDocumentError, UnreadableReason

_KIT = Path(__file__).with_name("kit.py")
_START_SECONDS = 20.0
CONVERSIONS = 100
"""An office, and its profile, is thrown away after so many."""
_PEAK_KIB = 700 * 1024
"""And once it has used so much memory: it needs 200 MiB to begin with, and gives little back."""
_IDLE_SECONDS = 60
_LONGEST_ANSWER = 65536


class NoKitError(Exception):
    """This LibreOffice cannot stay up: it has no such interface, or does not start by it."""


class EndedError(Exception):
    """LibreOffice ended before it answered.

    Attributes:
        by_document: the document alone can be to blame: it was the first.
    """

    def __init__(self, *, by_document: bool) -> None:
        """Say whether it was the first document."""
        super().__init__(by_document)
        self.by_document = by_document


class WarmOffice:
    """One LibreOffice process.  Whoever gets any exception from it must close it."""

    def __init__(self, installation: Installation) -> None:
        """Start it.

        Raises:
            NoKitError: it does not start this way.
        """
        if installation.library is None:
            raise NoKitError
        self.folder = Path(tempfile.mkdtemp(prefix="yushen-office-"))
        self._conversions = 0
        self._peak = 0
        try:
            installation.make_profile(self.folder / "profile")
            self._process = self._started(installation, installation.library)
            answer = self._answer(time.monotonic() + _START_SECONDS)
        except BaseException:
            self.close()
            raise
        if answer is None:
            self.close()
            raise NoKitError

    @property
    def process_id(self) -> int:
        """Of LibreOffice."""
        return self._process.pid

    @property
    def worn_out(self) -> bool:
        """Whether another should take its place."""
        return self._conversions >= CONVERSIONS or self._peak >= _PEAK_KIB

    def close(self) -> None:
        """End it and delete all that it wrote."""
        if process := getattr(self, "_process", None):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def converted(self, data: bytes, suffix: str, deadline: float) -> bytes:
        """The file as .docx, or whatever LibreOffice wrote in its place.

        Args:
            data: the file.
            suffix: how files of its kind are called, without the dot.
            deadline: on the monotonic clock.

        Raises:
            EndedError: LibreOffice crashed, was killed, or had just ended because it was idle.
            UnreadableDocumentError: it says that it cannot open the file, or the time is over.
        """
        self._conversions += 1
        work = self.folder / "work"
        work.mkdir()
        source, result = work / f"document.{suffix}", work / "converted.docx"
        source.write_bytes(data)
        answer = self._asked(source, result, deadline)
        converted = result.read_bytes() if result.is_file() else b""
        shutil.rmtree(work)
        self._peak = answer["peak"]
        if answer["error"] is not None:
            raise UnreadableDocumentError(UnreadableReason.DAMAGED, "LibreOffice 打不开这个文件。")
        return converted

    def _started(self, installation: Installation, library: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", _KIT),
                *(
                    installation.soffice.parent,
                    library,
                    (self.folder / "profile").as_uri(),
                    str(_IDLE_SECONDS),
                ),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(self.folder),
            cwd=self.folder,
            process_group=0,
            preexec_fn=die_with_parent,
        )

    def _asked(self, source: Path, result: Path, deadline: float) -> dict[str, Any]:
        seconds = max(deadline - time.monotonic(), 0)
        request = {"source": source.as_uri(), "result": result.as_uri(), "seconds": seconds}
        requests = cast("IO[bytes]", self._process.stdin)
        try:
            requests.write(json.dumps(request).encode() + b"\n")
            requests.flush()
            answer = self._answer(deadline)
        except BrokenPipeError:
            answer = None
        if answer is None:
            raise EndedError(by_document=self._conversions == 1)
        return answer

    def _answer(self, deadline: float) -> dict[str, Any] | None:
        """What it says next; None if it ends instead.

        Raises:
            UnreadableDocumentError: it says nothing in time.
        """
        answers = cast("IO[bytes]", self._process.stdout).fileno()
        said = b""
        while not said.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select((answers,), (), (), left)[0]:
                raise UnreadableDocumentError(UnreadableReason.TIME_LIMIT)
            piece = os.read(answers, 4096)
            if not piece or len(said) > _LONGEST_ANSWER:
                return None
            said += piece
        answer: dict[str, Any] = json.loads(said)
        return answer
