"""The service as a process: started, watched, killed in parts, and asked what it keeps."""

import io
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from services import dies_with_parent, wait_until

ROOT = Path(__file__).resolve().parents[1]
ADMIN_KEY = "ysk_test_administrator_of_a_test"
READY = "预审服务已就绪："

ROLES = {
    "api": "intake.http",
    "worker": "-m worker work",
    "sweeper": "-m worker sweep",
    "broker": "valkey-server",
    "child": "-m worker.child",
}
"""Role -> what is in the command line of its processes."""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-s", "-P", "-X", "utf8", "-m", "intake", *arguments]


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YUSHEN_")}
    return {**kept, "PYTHONPATH": str(ROOT), **{f"YUSHEN_{k.upper()}": v for k, v in settings.items()}}


@dataclass
class Service:
    """``yushen serve`` on a free port.

    Attributes:
        folder: for its data and its log.
        settings: beside those that every test wants.
        arguments: beside ``serve --data``.
        environment_key: whether ``ADMIN_KEY`` is the first administrator's.
    """

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    port: int = 0
    environment_key: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "service.log"

    def start(self) -> None:
        """Start it and return when it says that it is ready."""
        before = self.log.stat().st_size if self.log.exists() else 0
        key = {"admin_key": ADMIN_KEY} if self.environment_key else {}
        given = {**key, "rate_limit": "", **self.settings}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command(
                    "serve", "--data", str(self.folder / "data"), "--port", str(self.port), *self.arguments
                ),
                env=environment(**given),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=dies_with_parent,
            )
        wait_until(lambda: READY in self.said(before) or self.process.poll() is not None, "the service", 300)
        assert self.process.poll() is None, self.said(before)
        self.port = int(self.said(before).partition(READY)[2].split()[0].rpartition(":")[2])

    def said(self, since: int = 0) -> str:
        return self.log.read_bytes()[since:].decode("utf-8", "replace")

    def stop(self) -> int:
        """End it as an administrator would; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(150)

    def kill(self) -> None:
        """End the supervisor as a power cut would; the kernel ends the rest."""
        family = [*self.processes().values()]
        self.process.kill()
        self.process.wait()
        alive = [pid for role in family for pid in role]
        wait_until(lambda: not any(map(lives, alive)), "the end of all processes")

    def processes(self) -> dict[str, list[int]]:
        """Role -> its processes, parents before children."""
        found = {role: [] for role in ROLES}
        for pid in descendants(self.process.pid):
            words = command_line(pid)
            for role, mark in ROLES.items():
                if mark in words:
                    found[role].append(pid)
                    break
        return found

    def client(self, **options) -> httpx.Client:
        headers = {"Authorization": f"Bearer {ADMIN_KEY}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=180, **options)


@contextmanager
def part(name: str, folder: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """``yushen NAME`` on the data in ``folder``, until the block ends."""
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command(name, "--data", str(folder / "data")),
            env=environment(admin_key=ADMIN_KEY, rate_limit="", **settings),
            stdout=log,
            stderr=log,
            preexec_fn=dies_with_parent,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(150)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def descendants(pid: int) -> Iterator[int]:
    """Processes that ``pid`` started, directly or not."""
    children = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            children += map(int, task.read_text().split())
    for child in children:
        yield child
        yield from descendants(child)


def processor_seconds(pid: int) -> float:
    """What a process has used of processors so far; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def variant(document: bytes, number: int) -> bytes:
    """The same Word document in other bytes."""
    made = io.BytesIO(document)
    with zipfile.ZipFile(made, "a") as file:
        file.comment = b"%d" % number
    return made.getvalue()
