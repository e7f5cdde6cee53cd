"""What a process takes from itself before it opens a document: network, privileges, places to write to.

Each step takes what the kernel lets it take.  What the kernel does not know, or a container forbids, is left
out: the limits on resources always hold, the rest is defence in depth.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import resource
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from worker.limits import SandboxLimits

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_NO_SETUID_FIXUP = 1 << 2
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_COUNTS_BY_NAMESPACE = 5, 14
"""Linux from which on a user's processes are counted in each user namespace by themselves."""

_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_CAPABILITY_VERSION = 0x20080522
_FIRST_USER, _USERS = 61184, 4096
"""Numbers that no account has (systemd gives them to services for a while): each process takes one of its
own, so that it can do nothing to others of its kind."""

_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_VERSION = 1
_RULE_PATH_BENEATH = 1
_WRITE_FILE, _REMOVE_FILE, _MAKE_SOCK, _REFER, _TRUNCATE = 1 << 1, 1 << 5, 1 << 9, 1 << 13, 1 << 14
_CHANGE = _WRITE_FILE | sum(1 << bit for bit in range(4, 13))
"""Write to files; remove and make entries of folders, of every kind."""
_REFER_SINCE, _TRUNCATE_SINCE, _TCP_SINCE, _SCOPE_SINCE = 2, 3, 4, 6
_TCP = 0b11
_SCOPE = 0b11
"""No abstract sockets and no signals but of processes that are confined with it."""
_O_PATH = 0o10000000


def confine(limits: SandboxLimits, writable: Sequence[Path]) -> None:
    """Take from this process, and from all that it starts, what reading a document does not need.

    Args:
        limits: on resources.
        writable: folders that it may write to; where it was root they change hands.
    """
    parent = os.getppid()
    _die_with(parent)
    apart = _leave_network()
    _stand_back(limits.niceness)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_AS, limits.scan_memory_bytes)
    lower(resource.RLIMIT_AS, limits.memory_bytes, keep_hard=True)
    lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    lower(resource.RLIMIT_NOFILE, limits.open_files)
    _write_only_to(writable)
    if _drop_privileges(writable) or apart:
        lower(resource.RLIMIT_NPROC, limits.processes)
    # The kernel forgets it where a process changes hands.
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stand_back(niceness: int) -> None:
    """Let others have a processor first: by itself, and as the session that Linux may weigh as one."""
    os.nice(niceness)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


def lower(which: int, value: int, *, keep_hard: bool = False) -> None:
    """Set a limit, never above one that is in force already; for good, unless the hard one is kept."""
    _, hard = resource.getrlimit(which)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, hard if keep_hard else value))


def _die_with(parent: int) -> None:
    """Be killed when the parent goes, and gain no privileges through any program."""
    if prctl := _libc_function("prctl"):
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(0)


def _leave_network() -> bool:
    """A network namespace of our own, in which there is nothing to reach.

    Returns:
        Whether the kernel counts our processes apart from others of the same user from now on.
    """
    if not (unshare := _libc_function("unshare")) or unshare(_CLONE_NEWNET) == 0:
        return False
    user, group = os.getuid(), os.getgid()
    if unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    version = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return version is not None and (int(version[1]), int(version[2])) >= _COUNTS_BY_NAMESPACE


def _write_only_to(folders: Sequence[Path]) -> None:
    """By Landlock: write to no other folders, open no connection, signal nobody else."""
    if not (syscall := _libc_function("syscall")):
        return
    version = syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    if version < 1:
        return
    rights = _CHANGE
    rights |= _REFER if version >= _REFER_SINCE else 0
    rights |= _TRUNCATE if version >= _TRUNCATE_SINCE else 0
    handled = struct.pack("=Q", rights)
    # Older kernels take the beginning that they know.
    handled += struct.pack("=Q", _TCP) if version >= _TCP_SINCE else b""
    handled += struct.pack("=Q", _SCOPE) if version >= _SCOPE_SINCE else b""
    ruleset = syscall(_LANDLOCK_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if ruleset < 0:
        return
    try:
        for folder in folders:
            _allow(syscall, ruleset, folder, rights)
        _allow(syscall, ruleset, Path(os.devnull), rights & (_WRITE_FILE | _TRUNCATE))
        # LibreOffice, where it is started for each document, has a socket there to find others of its kind,
        # and does not start where it cannot remove an old one.
        _allow(syscall, ruleset, Path("/tmp"), _MAKE_SOCK | _REMOVE_FILE)
        syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(syscall: Callable[..., int], ruleset: int, place: Path, rights: int) -> None:
    with contextlib.suppress(OSError):
        descriptor = os.open(place, _O_PATH | os.O_CLOEXEC)
        try:
            rule = struct.pack("=Qi", rights, descriptor)
            syscall(_LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
        finally:
            os.close(descriptor)


def _drop_privileges(folders: Sequence[Path]) -> bool:
    """Become a user of our own, who reads what root could: program and files may be root's alone.

    Returns:
        Whether we are one now.
    """
    if os.getuid() != 0:
        _keep_capability(None)
        return False
    reading = next(filter(_has_capability, (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE)), None)
    user = _FIRST_USER + os.getpid() % _USERS
    prctl = _libc_function("prctl")
    try:
        for folder in folders:
            os.chown(folder, user, user)
        if prctl:
            prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
            # Else access() would deny what open() grants, and programs believe it.
            prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError:  # a container in which root is no real one, or has no such users
        _keep_capability(reading)
        return False
    _keep_capability(reading)
    if prctl and reading is not None:
        # For what this process starts.
        prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, reading, 0, 0)
    return True


def _has_capability(number: int) -> bool:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        permitted = int(status.partition("CapPrm:")[2].split(None, 1)[0], 16)
    except (OSError, IndexError, ValueError):
        return False
    return bool(permitted >> number & 1)


def _keep_capability(number: int | None) -> None:
    """Give up every capability but this one."""
    if capset := _libc_function("capset"):
        kept = 0 if number is None else 1 << number
        capset(struct.pack("=Ii", _CAPABILITY_VERSION, 0), struct.pack("=IIIIII", kept, kept, kept, 0, 0, 0))


def _libc_function(name: str) -> Callable[..., int] | None:
    """A function of the C library, None where it has none of that name (not Linux)."""
    function: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return function
