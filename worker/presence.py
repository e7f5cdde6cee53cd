"""Which process of which machine holds a lease, so that its neighbours know at once when it is gone."""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Presence:
    """A process: the machine (or container) it runs on, its number, and when it began.

    The beginning tells it from a later process that was given the same number.
    """

    machine: str
    pid: int
    began: str

    def token(self, random: str) -> str:
        """A lease of this process; at most 40 characters."""
        return f"{self.machine}:{self.pid}:{self.began}:{random}"


def here() -> Presence:
    """This process."""
    return Presence(machine(), os.getpid(), _began(os.getpid()) or "")


def machine() -> str:
    """Short name of the set of processes that see one another; another one after each boot."""
    parts = [socket.gethostname(), _text("/proc/sys/kernel/random/boot_id"), _link("/proc/self/ns/pid")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def is_gone(lease: str) -> bool:
    """Whether the holder of ``lease`` is known to live no more; False where that cannot be seen from here."""
    where, _, rest = lease.partition(":")
    pid, _, rest = rest.partition(":")
    began = rest.partition(":")[0]
    if where != machine() or not pid.isdecimal() or not Path("/proc/self/stat").exists():
        return False
    return _began(int(pid)) != began


def _began(pid: int) -> str | None:
    """When a process began, in ticks since the boot; None if it lives no more."""
    fields = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if fields and fields[0] not in "ZX" else None


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
