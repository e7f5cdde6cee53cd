"""LibreOffice started for each document: where it cannot stay up."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from extractors.office.installation import Installation, die_with_parent, environment
from extractors.office.warm import CONVERSIONS, EndedError
from schemas.errors import UnreadableDocumentError, UnreadableReason

_RESTART = 81
"""Exit status with which LibreOffice asks to be started again, after it has written a fresh profile."""
_FILTER = "docx:MS Word 2007 XML"


class SingleRuns:
    """One profile, and a LibreOffice process for each document."""

    def __init__(self, installation: Installation) -> None:
        """Make the profile."""
        self._soffice = installation.soffice
        self._folder = Path(tempfile.mkdtemp(prefix="yushen-office-"))
        self._conversions = 0
        installation.make_profile(self._folder / "profile")

    @property
    def worn_out(self) -> bool:
        """Whether another profile should be made."""
        return self._conversions >= CONVERSIONS

    def close(self) -> None:
        """Delete the profile."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def converted(self, data: bytes, suffix: str, deadline: float) -> bytes:
        """The file as .docx, or whatever LibreOffice wrote in its place; see ``WarmOffice.converted``.

        Raises:
            EndedError: LibreOffice crashed and wrote nothing.
            UnreadableDocumentError: the time is over.
        """
        self._conversions += 1
        source, result = self._folder / f"document.{suffix}", self._folder / "out" / "document.docx"
        source.write_bytes(data)
        try:
            status = self._run(source, deadline)
            if status == _RESTART:
                status = self._run(source, deadline)
            converted = result.read_bytes() if result.is_file() else b""
        finally:
            source.unlink()
            result.unlink(missing_ok=True)
        if status < 0 and not converted:
            raise EndedError(by_document=True)
        return converted

    def _run(self, source: Path, deadline: float) -> int:
        process = subprocess.Popen(
            [
                self._soffice,
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                f"-env:UserInstallation={(self._folder / 'profile').as_uri()}",
                "--convert-to",
                _FILTER,
                "--outdir",
                self._folder / "out",
                source,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(self._folder),
            cwd=self._folder,
            process_group=0,
            preexec_fn=die_with_parent,
        )
        try:
            return process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            raise UnreadableDocumentError(UnreadableReason.TIME_LIMIT) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
