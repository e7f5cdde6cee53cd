"""Asks ClamAV about files, by the protocol of its daemon: it gets a stream of their bytes, and no path.

clamd listens on a socket of the file system, or at host:port.  What it gives no verdict on is never taken for
clean.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import ScannerUnavailableError, system_reason

Screen = Callable[[Path], str | None]
"""What a file is infected with, None if nothing is known against it."""

_PIECE = 256 * 1024
_SECONDS = 120.0
"""For connecting, and for each answer and each piece that is sent."""
_LONGEST_ANSWER = 4096
_REMEDY = (
    "请检查 clamd 是否在运行、YUSHEN_CLAMAV（或 --clamav）写的地址是否正确；扫描恢复之前不会检查任何文件。"
)


@dataclass(frozen=True, slots=True)
class ClamAV:
    """A ClamAV daemon.

    Attributes:
        address: the path of its socket, or host:port.
    """

    address: str

    def __call__(self, path: Path) -> str | None:
        """What the file is infected with, by ClamAV's name for it; None if it is clean.

        Raises:
            ScannerUnavailableError: the daemon did not say.
        """
        with self._asking() as connection:
            answer = _streamed(connection, path)
        verdict = answer.partition(": ")[2]
        if verdict == "OK":
            return None
        if verdict.endswith(" FOUND"):
            return verdict.removesuffix(" FOUND")
        if "size limit exceeded" in answer:
            size = path.stat().st_size
            raise ScannerUnavailableError(
                f"病毒扫描（{self.address}）不接受 {size} 字节的文件。请在 clamd.conf 中把 StreamMaxLength、"
                "MaxScanSize 和 MaxFileSize 调到不小于上传的上限，再重新启动 clamd。"
            )
        raise self._unavailable(answer or "没有回答")

    def version(self) -> str:
        """What the daemon calls itself, with the version of its signatures if these have one.

        Raises:
            ScannerUnavailableError: it does not say.
        """
        with self._asking() as connection:
            connection.sendall(b"zVERSION\0")
            answer = _answer(connection)
        if not answer.startswith("ClamAV"):
            raise self._unavailable(answer or "没有回答")
        return answer

    @contextlib.contextmanager
    def _asking(self) -> Iterator[socket.socket]:
        try:
            with self._connected() as connection:
                yield connection
        except (OSError, ValueError) as error:
            raise self._unavailable(_why(error)) from error

    def _connected(self) -> socket.socket:
        host, colon, port = self.address.rpartition(":")
        if colon and "/" not in self.address:
            return socket.create_connection((host.strip("[]"), int(port)), _SECONDS)
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(_SECONDS)
            connection.connect(self.address)
        except BaseException:
            connection.close()
            raise
        return connection

    def _unavailable(self, why: str) -> ScannerUnavailableError:
        return ScannerUnavailableError(f"病毒扫描（{self.address}）没有结果（{why}）。{_REMEDY}")


def _streamed(connection: socket.socket, path: Path) -> str:
    # It may answer, and stop listening, before it has everything.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError), path.open("rb") as file:
        connection.sendall(b"zINSTREAM\0")
        while piece := file.read(_PIECE):
            connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
    return _answer(connection)


def _answer(connection: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER and (piece := connection.recv(4096)):
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def screening(address: str | None) -> Screen | None:
    """How files are screened; None: not at all.

    Args:
        address: of a ClamAV daemon.
    """
    return ClamAV(address) if address else None


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, TimeoutError):
        return "没有及时应答"
    return system_reason(error) if isinstance(error, OSError) else str(error)
