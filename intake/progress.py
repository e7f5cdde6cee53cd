"""How far a batch has come, on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar(Protocol):
    """Takes notice of what is to come and what is done."""

    def expect(self, count: int) -> None:
        """So many more submissions are known of."""

    def advance(self) -> None:
        """One more is done."""


@contextmanager
def progress(*, visible: bool) -> Iterator[Bar]:
    """A bar for the time of the context; one that does nothing where it would not be seen."""
    if not visible:
        yield _NoBar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("正在检查"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False, transient=True) as shown:
        yield _RichBar(shown, shown.add_task("", total=0))


class _NoBar:
    def expect(self, count: int) -> None:
        pass

    def advance(self) -> None:
        pass


class _RichBar:
    def __init__(self, shown: Progress, task: TaskID) -> None:
        self._shown = shown
        self._task = task
        self._total = 0

    def expect(self, count: int) -> None:
        self._total += count
        self._shown.update(self._task, total=self._total)

    def advance(self) -> None:
        self._shown.advance(self._task)
