"""The command ``yushen batch``: what lies in folders and buckets, checked through interruptions."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intake.chinese import ChineseCommand
from intake.options import (
    clamav_option,
    class_option,
    debug_option,
    filed_on_option,
    jobs_option,
    pack_option,
    timeout_option,
)
from schemas.errors import UsageError, system_reason

if TYPE_CHECKING:
    from intake.batch.journal import Journal
    from intake.batch.places import Left, Place
    from intake.progress import Bar
    from worker.gathering.submissions import Submission
    from worker.sandbox import CheckRequest, CheckResult

_HELP = """检查大批文件：可以中断，再次运行时接着做，已经检查过且没有改动的文件不再读取。

每个 PATH 是文件夹、文件、压缩包，或 s3://桶/前缀。文件夹里每个子文件夹是一件送审件，每个散放的文件是一件；
--each 可以改变这一点。

--into 文件夹里最后有：summary.xlsx（送审件、问题、统计、没有检查的文件）、summary.csv（每件一行）、
reports.jsonl（每行一份报告）、journal.db（进度，接着做时用）。

退出状态：0 全部通过；1 有需要补正的；2 有无法审查的，或命令用法有误。
"""


@dataclass(frozen=True, slots=True)
class _Call:
    """What ``yushen batch`` was asked to do."""

    paths: tuple[str, ...]
    into: Path
    each: str | None
    class_id: str | None
    pack_id: str
    filed_on: date | None
    clamav: str | None
    debug: bool


@click.command(
    "batch",
    cls=ChineseCommand,
    options_metavar="[选项]",
    short_help="检查大批文件，可中断续做。",
    help=_HELP,
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--into",
    metavar="文件夹",
    required=True,
    type=click.Path(path_type=Path),
    help="进度和汇总写进这个文件夹；接着做时给同一个文件夹。",
)
@click.option(
    "--each",
    metavar="单位",
    type=click.Choice(["file", "folder"]),
    help="file：每个文件是一件，包括压缩包里的；folder：每个直接放有文件的文件夹是一件，直接给出的压缩包也是一件。",
)
@class_option
@pack_option
@filed_on_option
@clamav_option
@jobs_option
@timeout_option
@debug_option
def batch(jobs: int | None, timeout: float | None, **asked: Any) -> int:
    """Check a batch, or go on with one.

    Args:
        jobs, timeout: see ``worker.sandbox.pool_and_workspace``.
        asked: everything else, see ``_Call``.
    """
    from intake.batch.journal import Journal
    from worker.sandbox import pool_and_workspace

    call = _Call(**asked)
    terms = _terms(call)
    folder = _folder(call)
    with (
        Journal(folder / "journal.db", terms) as journal,
        pool_and_workspace(jobs, timeout) as (pool, workspace),
    ):
        run = _Run(call, journal, workspace)
        _count_and_check(run, pool)
        return _conclude(run, folder)


def _terms(call: _Call) -> dict[str, Any]:
    """What decides the verdicts beside the files.

    Raises:
        UsageError: no such pack or class.
        PackError: the pack is broken.
    """
    from schemas import load_pack
    from schemas.version import VERSION

    pack = load_pack(call.pack_id)
    if call.class_id:
        pack.document_class(call.class_id)
    return {
        "程序": VERSION,
        "规则包": f"{pack.id} {pack.version}",
        "种类": call.class_id,
        "报送日期": call.filed_on.isoformat() if call.filed_on else None,
        "单位": call.each,
        **({"病毒扫描": True} if call.clamav else {}),
    }


def _folder(call: _Call) -> Path:
    inside = [p for p in call.paths if not p.startswith("s3://") and _holds(Path(p), call.into)]
    if inside:
        raise UsageError(f"--into {call.into} 在要检查的 {inside[0]} 里面。请换一个不在其中的文件夹。")
    try:
        call.into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"无法写入 --into {call.into}（{system_reason(error)}）。请核对路径和权限，或换一个位置。"
        ) from error
    return call.into


def _holds(folder: Path, inner: Path) -> bool:
    return folder.is_dir() and inner.resolve().is_relative_to(folder.resolve())


@dataclass(slots=True)
class _Step:
    """Something that is to be noted in its order: a submission, what was left out, or a place's end."""

    place: Place | None = None
    position: int = 0
    submission: Submission | None = None
    left: Left | None = None
    ordinal: int = 0
    home: Path | None = None


@dataclass(slots=True)
class _Run:
    """One run over a batch."""

    call: _Call
    journal: Journal
    workspace: Path
    bar: Bar | None = None
    steps: deque[_Step] = field(default_factory=deque)
    counts: Counter[str] = field(default_factory=Counter)
    again: int = 0
    """Places that an earlier run had finished."""

    def places(self) -> Iterator[Place | Left]:
        """Every place of the call."""
        from intake.batch import buckets, places

        each = places.Each(self.call.each) if self.call.each else None
        for path in self.call.paths:
            if path.startswith("s3://"):
                yield from buckets.places(path, each)
            else:
                yield from places.places((Path(path),), each)

    def requests(self) -> Iterator[CheckRequest]:
        """What the pool is asked: every submission of every place that is not done yet."""
        from intake.batch.places import Left

        for place in self.places():
            if isinstance(place, Left):
                self.steps.append(_Step(left=place))
            elif self.journal.is_done(place):
                self.again += 1
                self._advance()
            else:
                yield from self._of_place(place)
        self.settle()

    def _of_place(self, place: Place) -> Iterator[CheckRequest]:
        from intake.batch.places import left_of
        from worker.gathering.clamav import screening
        from worker.gathering.submissions import Announced, Notice
        from worker.sandbox import CheckDocument, CheckRequest

        self.journal.begin(place)
        ordinal, position = self.journal.ordinal, 0
        home = Path(tempfile.mkdtemp(dir=self.workspace))
        for item in place.open(home, screening(self.call.clamav)):
            match item:
                case Announced():
                    pass
                case Notice():
                    self.steps.append(_Step(left=left_of(item, place)))
                case _:
                    position += 1
                    self.steps.append(_Step(place, position, item))
                    yield CheckRequest(
                        documents=tuple(map(CheckDocument.of, item.files)),
                        pack_id=self.call.pack_id,
                        class_id=self.call.class_id,
                        filed_on=self.call.filed_on,
                    )
        self.steps.append(_Step(place, ordinal=ordinal, home=home))

    def take(self, result: CheckResult) -> None:
        """Note a result, and all that comes before it."""
        from reports.summary import Judged

        self.settle()
        step = self.steps.popleft()
        assert step.place is not None
        assert step.submission is not None
        entry = Judged(step.place.key, step.submission.title, result.report, result.failure)
        self.journal.put(step.position, entry)
        if result.report is None and self.call.debug and result.diagnostics:
            click.echo(result.diagnostics, err=True)
        self.settle()

    def settle(self) -> None:
        """Note what waits for no result any more."""
        while self.steps and self.steps[0].submission is None:
            step = self.steps.popleft()
            if step.left is not None:
                self.journal.leave(step.left)
            elif step.place is not None:
                self.journal.finish(step.place, step.ordinal)
                shutil.rmtree(step.home or self.workspace, ignore_errors=True)
                self._advance()

    def _advance(self) -> None:
        if self.bar is not None:
            self.bar.advance()


def _count_and_check(run: _Run, pool: Any) -> None:
    from intake.batch.places import Left
    from intake.progress import progress

    with progress(visible=sys.stderr.isatty()) as bar:
        if sys.stderr.isatty():
            # Names alone are counted, no file is opened: so that the bar can say how long it will take.
            bar.expect(sum(not isinstance(place, Left) for place in run.places()))
        run.bar = bar
        for result in pool.map(run.requests()):
            run.take(result)
        run.settle()


def _conclude(run: _Run, folder: Path) -> int:
    """Write the summary and say what came of it; the exit status."""
    from intake.output import NOT_JUDGED, summary_of
    from reports.summary import write_csv, write_xlsx

    lefts = list(run.journal.lefts())
    _write_reports(run, folder / "reports.jsonl")
    write_csv(folder / "summary.csv", run.journal.entries())
    write_xlsx(folder / "summary.xlsx", run.journal.entries, ((left.key, left.why) for left in lefts))
    counts = Counter(
        entry.report["conclusion"] if entry.report else NOT_JUDGED for entry in run.journal.entries()
    )
    click.echo(summary_of(counts))
    if run.again:
        click.echo(f"其中 {run.again} 处以前已经检查过，没有改动，没有重新读取。")
    if lefts:
        click.echo(f"另有 {len(lefts)} 项没有检查，原因见汇总表“没有检查的文件”。")
    click.echo(f"汇总表：{folder / 'summary.xlsx'}")
    if not counts:
        click.echo("预审：没有找到可以检查的文件。请核对文件夹，或者桶名和前缀。", err=True)
    return _status(counts, lefts)


def _write_reports(run: _Run, path: Path) -> None:
    import json

    with path.open("w", encoding="utf-8", errors="backslashreplace") as stream:
        for entry in run.journal.entries():
            if entry.report is not None:
                stream.write(json.dumps(entry.report, ensure_ascii=False) + "\n")


def _status(counts: Counter[str], lefts: Sequence[Left]) -> int:
    from intake.output import NOT_JUDGED

    # Of nothing nobody can say that it passed.
    if not counts or counts["unreadable"] or counts[NOT_JUDGED] or any(left.is_error for left in lefts):
        return 2
    return 1 if counts["deficient"] else 0
