"""How a child process is started that opens what others sent: which interpreter, and what it is told.

Read by those who start one; this module loads nothing that reads documents.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_ALLOCATION = "glibc.malloc.mxfast=0"
"""Small pieces of memory are put together as they are freed, not later in one go.

A document's tree is some hundred thousand of them.  Put together later, out of the processor's caches, they
cost a tenth of the whole check of a long Word file.  Other C libraries take no notice."""

_INHERITED = ("PATH", "HOME", "TZ", "LD_LIBRARY_PATH")
"""Environment variables that a child gets; nothing else of the caller's environment reaches a parser."""


def child_command(module: str) -> tuple[str, ...]:
    """How ``module`` is started: own interpreter, no user site, nothing from the current folder."""
    return (sys.executable, "-s", "-P", "-X", "utf8", "-m", module)


def child_environment(scratch: str) -> dict[str, str]:
    """The environment of a child; ``scratch`` is its folder for temporary files."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    root = str(Path(__file__).resolve().parents[1])
    own = {"TMPDIR": scratch, "LANG": "C.UTF-8", "PYTHONPATH": root, "GLIBC_TUNABLES": _ALLOCATION}
    return {**inherited, **own}
