"""Archives, unpacked by a confined child process: this one opens none of them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.children import child_command, child_environment
from worker.gathering.archives import ArchiveLimits, Member, Unpacked

_SECONDS = 300
_LONGEST_ANSWER = 64 * 1024 * 1024
_NUMBERS = re.compile(r"\d+(/\d+)*")

Answer = dict[str, Any]


def unpack(path: Path, folder: Path, limits: ArchiveLimits | None = None) -> Unpacked | None:
    """Unpack an archive, and what is nested in it, into files of ``folder`` that are named by numbers.

    Args:
        path: the file.
        folder: an existing folder, which may change hands; the caller deletes it.
        limits: bounds of what is unpacked.

    Returns:
        What was in it; None if it is no archive after all.

    Raises:
        UnreadableDocumentError: damaged as a whole, over a limit, encrypted to its list of names, or the
            program that reads it is not installed.
        OSError: it cannot be read, or ``folder`` not written.
    """
    answer = _asked(path, folder, limits or ArchiveLimits())
    if "reason" in answer:
        raise UnreadableDocumentError(UnreadableReason(answer["reason"]), answer["detail"])
    if "errno" in answer:
        raise OSError(answer["errno"], answer["message"], str(path))
    if "members" not in answer:
        return None
    members = tuple(
        Member(tuple(parts), _file(folder, name), UnreadableReason(reason) if reason else None, detail)
        for parts, name, reason, detail in answer["members"]
    )
    return Unpacked(members, tuple(answer["junk"]), tuple(answer["refused"]))


def told(unpacked: Unpacked, folder: Path) -> Answer:
    """What ``unpack`` makes ``unpacked`` of again."""
    members = [
        (m.parts, m.path and str(m.path.relative_to(folder)), m.failure, m.detail) for m in unpacked.members
    ]
    return {"members": members, "junk": unpacked.junk, "refused": unpacked.refused}


def failed(reason: UnreadableReason, detail: str = "") -> Answer:
    """What ``unpack`` raises."""
    return {"reason": reason, "detail": detail}


def _asked(path: Path, folder: Path, limits: ArchiveLimits) -> Answer:
    """What the child answers."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            [*child_command("worker.unarchiving"), str(path), str(folder), json.dumps(asdict(limits))],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            # The one folder that it may write to.
            env=child_environment(str(folder)),
            start_new_session=True,
        )
        with _ended(process):
            try:
                status = process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                return failed(UnreadableReason.TIME_LIMIT, f"上限 {_SECONDS} 秒。")
        if status == -signal.SIGKILL:
            # The kernel takes the largest process when the machine runs out of memory.
            return failed(UnreadableReason.MEMORY_LIMIT)
        if status or out.seek(0, os.SEEK_END) > _LONGEST_ANSWER:
            return failed(UnreadableReason.PARSER_CRASH)
        out.seek(0)
        answer: Answer = json.loads(out.read())
        return answer


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Afterwards the process and what it started are gone."""
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _file(folder: Path, name: str | None) -> Path | None:
    """A file that the child says it has written: by its number, and no link to what others may not read."""
    if name is None:
        return None
    path = folder / name
    if not _NUMBERS.fullmatch(name) or not stat.S_ISREG(path.lstat().st_mode):
        raise UnreadableDocumentError(UnreadableReason.PARSER_CRASH)
    return path
