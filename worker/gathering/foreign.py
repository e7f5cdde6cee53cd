"""7z, RAR and tar.xz archives, unpacked by a child process and handed on member by member."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from schemas.errors import UnreadableDocumentError, UnreadableReason

_SECONDS = 300
_MAGIC = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"RE~^", b"\xfd7zXZ\0")
_INHERITED = ("PATH", "HOME", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Found:
    """A member of an archive.

    Attributes:
        name: its path in the archive, as the archive has it.
        path: the file that holds its bytes; None for links and devices, and where there is a reason.
        reason: why it could not be unpacked.
        detail: Chinese, to ``reason``.
    """

    name: str
    path: Path | None
    reason: UnreadableReason | None = None
    detail: str = ""


def is_foreign(head: bytes) -> bool:
    """Whether a file that begins so is an archive that a child process unpacks."""
    return head.startswith(_MAGIC)


def unpacked(archive: Path, folder: Path, most_files: int, most_bytes: int) -> Iterator[Found]:
    """Unpack an archive into numbered files.

    Args:
        archive: the file.
        folder: an existing folder; the caller deletes it.
        most_files: more members are too many.
        most_bytes: more unpacked bytes are too many.

    Raises:
        UnreadableDocumentError: damaged as a whole, over a limit, encrypted to its list of names, or the
            program that reads it is not installed.
    """
    command = [sys.executable, "-s", "-P", "-X", "utf8", "-m", "worker.unarchiving"]
    root = str(Path(__file__).resolve().parents[2])
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    process = subprocess.Popen(
        [*command, str(archive), str(folder), str(most_files), str(most_bytes)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # The one folder that it may write to.
        env={**inherited, "LANG": "C.UTF-8", "PYTHONPATH": root, "TMPDIR": str(folder)},
        start_new_session=True,
    )
    with _ended(process):
        try:
            out, _ = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            raise UnreadableDocumentError(UnreadableReason.TIME_LIMIT, f"上限 {_SECONDS} 秒。") from None
    lines = [json.loads(line) for line in out.splitlines()]
    for line in lines:
        if "name" not in line:
            raise UnreadableDocumentError(UnreadableReason(line["reason"]), line["detail"])
    if process.returncode:
        raise UnreadableDocumentError(UnreadableReason.PARSER_CRASH)
    for line in lines:
        reason = UnreadableReason(line["reason"]) if "reason" in line else None
        path = folder / line["file"] if "file" in line else None
        yield Found(line["name"], path, reason, line.get("detail", ""))


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Afterwards the process and what it started are gone."""
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        cast("IO[bytes]", process.stdout).close()
