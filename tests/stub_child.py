"""A child whose pipeline does what the first word of a file says; run as the pool's command."""

import ctypes
import hashlib
import os
import signal
import sys
import types
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extractors import formats
from schemas.errors import UnreadableReason, UsageError
from validators.report import Conclusion, DocumentInfo, Report
from worker import child


@dataclass(frozen=True)
class Source:
    name: str
    data: bytes
    failure: UnreadableReason | None = None
    detail: str = ""


def misbehave(data: bytes) -> None:
    match data.split(b" ")[0]:
        case b"hang":
            signal.pause()
        case b"linger":
            Path(os.fsdecode(data.split(b" ")[1])).read_text()
        case b"spin":
            while True:
                pass
        case b"eat":
            bytearray(1 << 40)
        case b"eat-in-c":
            libc = ctypes.CDLL(None)
            libc.malloc.restype = ctypes.c_void_p
            while libc.malloc(1 << 24):
                pass
            os.abort()
        case b"spin-in-c":
            hashlib.pbkdf2_hmac("sha256", b"x", b"x", 1 << 30)
        case b"flood":
            while True:
                os.write(1, b"complaints " * 10_000)
        case b"crash":
            os.abort()
        case b"out-of-memory-killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"close-pipes":
            os.closerange(0, 64)
            signal.pause()
        case b"print":
            print("a library prints to stdout")
            os.write(1, b"and writes to it")
            os.write(2, b"complaints " * 100_000)
        case b"bug":
            raise KeyError("a bug in judging")
        case b"wrong-class":
            raise UsageError("没有这个种类")
        case b"reader-bug":
            formats.extract(data, "x.docx")
        case b"connect":
            import socket

            socket.create_connection(("127.0.0.1", int(data.split(b" ")[1])), timeout=5)
        case b"fill":
            for number in range(8):
                (Path(os.environ["TMPDIR"]) / str(number)).write_bytes(bytes(1 << 20))
            signal.pause()
        case b"write":
            (Path(os.environ["TMPDIR"]) / "large").write_bytes(bytes(1 << 20))


def check(sources, *, pack_id, document_class, filed_on, on_open, limits):
    for index, source in enumerate(sources):
        if source.failure is None:
            on_open(index)
            misbehave(source.data)
    return Report(
        engine="stub",
        pack=pack_id,
        pack_version=str(os.getpid()),
        as_of=filed_on and filed_on.isoformat(),
        document_class=document_class,
        class_confidence=None,
        conclusion=Conclusion.PASS,
        documents=tuple(DocumentInfo(s.name, "", len(s.data), None, None) for s in sources),
        checks=(),
        findings=(),
        record={s.name: [s.failure, s.detail] for s in sources},
        routing=(),
    )


def broken_reader(data: bytes, name: str, limits: object) -> None:
    raise IndexError("a reader stumbles over the bytes")


if __name__ == "__main__":
    formats.EXTRACTORS["text/plain"] = "tests_broken_reader"
    sys.modules["tests_broken_reader"] = types.SimpleNamespace(extract=broken_reader)
    sys.modules["worker.pipeline"] = types.SimpleNamespace(check=check, Source=Source)
    child.main()
