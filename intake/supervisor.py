"""Keeps processes running: starts them, starts again what ends, and stops them in order.

Every process it starts is killed by the kernel when the supervisor goes, however that one ends.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from worker.mortality import die_with_parent

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_LIVED_SECONDS = 10.0
"""A process that ran so long and then ended is started again at once."""

_READY_SECONDS = 180.0

_log = logging.getLogger("yushen.supervisor")


class StartError(Exception):
    """Something does not start; the message is Chinese and names the remedy."""


@dataclass(frozen=True, slots=True)
class Program:
    """A process that is to run.

    Attributes:
        name: for the log.
        command: what is started.
        environment: all of it.
        ready: whether it serves; asked after its first start, before the next program is started.
        files: descriptors that it inherits.
        stop_seconds: how long it may take to stop.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready: Callable[[], bool] = lambda: True
    files: Sequence[int] = ()
    stop_seconds: float = 30.0


@dataclass(slots=True)
class _Running:
    program: Program
    process: subprocess.Popen[bytes]
    watch: int
    started: float
    pause: float = _FIRST_PAUSE
    again_at: float | None = None
    """When it is started again, if it has ended."""


@dataclass(slots=True)
class Supervisor:
    """Runs programs until it is told to stop by SIGTERM or SIGINT.

    Attributes:
        programs: in the order in which they start; they stop in the opposite order.
    """

    programs: Sequence[Program]
    _running: list[_Running] = field(default_factory=list)
    _bell: tuple[int, int] = field(default=(-1, -1))
    _stopping: bool = False

    def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Start everything, say so, and keep it running until told to stop.

        Args:
            on_ready: called once, when all are ready.

        Raises:
            StartError: something does not come up.
        """
        self._bell = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            for program in self.programs:
                self._start_first(program)
            if not self._stopping:
                on_ready()
            while not self._stopping:
                self._wait()
                self._start_ended()
        finally:
            self._stop_all()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        os.write(self._bell[1], b"!")

    def _start_first(self, program: Program) -> None:
        if self._stopping:
            return
        running = _start(program)
        self._running.append(running)
        until = time.monotonic() + _READY_SECONDS
        while not self._stopping and not program.ready():
            if running.process.poll() is not None:
                raise StartError(
                    f"{program.name} 启动后立即结束（状态 {running.process.returncode}）。请查看上面的日志。"
                )
            if time.monotonic() > until:
                raise StartError(f"{program.name} 在 {_READY_SECONDS:g} 秒内没有就绪。请查看上面的日志。")
            select.select([self._bell[0], running.watch], [], [], 0.02)

    def _wait(self) -> None:
        """Until a process ends, one is to be started again, or we are told to stop."""
        due = [r.again_at for r in self._running if r.again_at is not None]
        seconds = max(0.0, min(due) - time.monotonic()) if due else None
        select.select(self._watched(), [], [], seconds)

    def _watched(self) -> list[int]:
        return [self._bell[0], *(r.watch for r in self._running if r.again_at is None)]

    def _start_ended(self) -> None:
        for place, running in enumerate(self._running):
            now = time.monotonic()
            if running.again_at is None and running.process.poll() is not None:
                lived = now - running.started
                pause = _FIRST_PAUSE if lived > _LIVED_SECONDS else running.pause
                running.again_at = now + pause
                running.pause = min(pause * 2, _LONGEST_PAUSE)
                _log.warning(
                    "process ended",
                    extra={"program": running.program.name, "status": running.process.returncode},
                )
            elif running.again_at is not None and running.again_at <= now:
                os.close(running.watch)
                self._running[place] = _start(running.program, running.pause)

    def _stop_all(self) -> None:
        for running in reversed(self._running):
            process = running.process
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(running.program.stop_seconds)
                except subprocess.TimeoutExpired:
                    _log.warning("process killed", extra={"program": running.program.name})
                    process.kill()
                    process.wait()
            os.close(running.watch)
        self._running.clear()


def _start(program: Program, pause: float = _FIRST_PAUSE) -> _Running:
    process = subprocess.Popen(
        program.command,
        env=dict(program.environment),
        stdin=subprocess.DEVNULL,
        pass_fds=tuple(program.files),
        # A group of its own: Ctrl-C reaches the supervisor alone, which stops the others in order.
        process_group=0,
        preexec_fn=die_with_parent,
    )
    return _Running(program, process, os.pidfd_open(process.pid), time.monotonic(), pause)
