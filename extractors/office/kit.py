"""LibreOffice in a process of its own that stays up: converts one document after another to .docx.

Run by ``extractors.office.warm`` as a script, ``kit.py PROGRAM LIBRARY PROFILE IDLE``, so that it loads
nothing of ours: it calls LibreOffice's own C interface, LibreOfficeKit.  It has no socket.

PROGRAM is the folder of LibreOffice's programs, PROFILE a URL; after IDLE seconds without work it ends.  On
stdin comes one JSON object a line, ``{"source": URL, "result": URL, "seconds": most}``; each is answered by
one on stdout, ``{"error": text or null, "peak": KiB}``.  The first answer says that it is ready.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import math
import os
import resource
import select
import sys
from typing import BinaryIO, Protocol, cast

_Handle = ctypes.c_void_p
_Text = ctypes.c_char_p

_FORMAT = b"docx"
_OPTIONS = b"Batch=true"
"""Nobody is asked anything: what would open a dialogue fails."""


class _KitClass(ctypes.Structure):
    """The beginning of ``struct _LibreOfficeKitClass``, which only ever grows at its end."""

    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", ctypes.CFUNCTYPE(None, _Handle)),
        ("document_load", ctypes.CFUNCTYPE(_Handle, _Handle, _Text)),
        ("get_error", ctypes.CFUNCTYPE(_Handle, _Handle)),
        ("document_load_with_options", ctypes.CFUNCTYPE(_Handle, _Handle, _Text, _Text)),
        ("free_error", ctypes.CFUNCTYPE(None, _Handle)),
    )


class _DocumentClass(ctypes.Structure):
    """The beginning of ``struct _LibreOfficeKitDocumentClass``."""

    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", ctypes.CFUNCTYPE(None, _Handle)),
        ("save_as", ctypes.CFUNCTYPE(ctypes.c_int, _Handle, _Text, _Text, _Text)),
    )


class _KitCalls(Protocol):
    def document_load_with_options(self, kit: int, url: bytes, options: bytes) -> int | None: ...

    def get_error(self, kit: int) -> int | None: ...

    def free_error(self, text: int) -> None: ...


class _DocumentCalls(Protocol):
    def destroy(self, document: int) -> None: ...

    def save_as(self, document: int, url: bytes, form: bytes, options: bytes | None) -> int: ...


class _Kit:
    """LibreOffice, loaded into this process."""

    def __init__(self, program: str, library: str, profile: str) -> None:
        hook = ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL).libreofficekit_hook_2
        hook.restype, hook.argtypes = _Handle, (_Text, _Text)
        handle: int | None = hook(program.encode(), profile.encode())
        if handle is None:
            raise OSError("LibreOffice does not start")
        self._handle = handle
        self._calls = cast("_KitCalls", _calls(handle, _KitClass))

    def convert(self, source: str, result: str) -> str | None:
        """Write the document as .docx.

        Returns:
            What LibreOffice says is wrong, None if nothing is.
        """
        document = self._calls.document_load_with_options(self._handle, source.encode(), _OPTIONS)
        if not document:
            return self._error()
        calls = cast("_DocumentCalls", _calls(document, _DocumentClass))
        saved = calls.save_as(document, result.encode(), _FORMAT, None)
        error = None if saved else self._error()
        calls.destroy(document)
        return error

    def _error(self) -> str:
        text = self._calls.get_error(self._handle)
        if not text:
            return "unknown"
        said = ctypes.string_at(text).decode("utf-8", "replace")
        self._calls.free_error(text)
        return said


def _calls(handle: int, kind: type[ctypes.Structure]) -> object:
    """The functions of an object of LibreOfficeKit: a pointer to their table is the first that is in it."""
    return ctypes.cast(handle, ctypes.POINTER(ctypes.POINTER(kind))).contents.contents


def main() -> None:
    """Convert what is asked for until stdin ends or nobody has asked for long."""
    program, library, profile, idle = sys.argv[1:]
    requests, answers = _private_streams()
    kit = _Kit(program, library, profile)
    _answer(answers, None)
    patience = None  # whoever started it has a document
    while select.select((requests,), (), (), patience)[0] and (line := requests.readline()):
        patience = float(idle)
        request = json.loads(line)
        _allow(request["seconds"])
        _answer(answers, kit.convert(request["source"], request["result"]))
    # LibreOffice's own way out takes long and may not end.
    os._exit(0)


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Stdin, unbuffered, so that ``select`` sees all; and a stdout that no library prints to."""
    requests, answers = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return cast("BinaryIO", requests), cast("BinaryIO", answers)


def _answer(answers: BinaryIO, error: str | None) -> None:
    answers.write(json.dumps({"error": error, "peak": _peak()}).encode() + b"\n")


def _peak() -> int:
    """The most memory that this process has had, in KiB; ``ru_maxrss`` counts that of who started it, too."""
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _allow(seconds: float) -> None:
    """Let the kernel end this process once it has used so much more processor time."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(usage.ru_utime + usage.ru_stime + seconds)
    with contextlib.suppress(ValueError):  # a hard limit that is in force already is the stricter one
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
