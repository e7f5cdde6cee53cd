"""The command ``yushen``: check documents, look at the rules.

What is heavy is imported where it is used: ``yushen --help`` loads nothing but click.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intake.batch.command import batch
from intake.chinese import ChineseGroup, explain
from intake.doctor import doctor
from intake.keys import keys
from intake.options import (
    clamav_option,
    class_option,
    debug_option,
    filed_on_option,
    jobs_option,
    pack_option,
    timeout_option,
)
from intake.packs import packs
from intake.remote import fetch, status, submit
from intake.service import api, db, serve, worker
from schemas.errors import PackError, ScannerUnavailableError, UsageError

if TYPE_CHECKING:
    from types import FrameType

    from intake.output import Sink
    from intake.progress import Bar
    from worker.gathering.submissions import Submission
    from worker.sandbox import CheckPool, CheckRequest, CheckResult, Rendering

FORMS = ("text", "json", "jsonl", "html", "docx")


class Status(IntEnum):
    """Exit status: the worst of what came of all submissions."""

    PASS = 0
    DEFICIENT = 1
    NOT_JUDGED = 2
    """A submission could not be judged, or the call was wrong."""
    INTERRUPTED = 130


_STATUS = {"pass": Status.PASS, "deficient": Status.DEFICIENT, "unreadable": Status.NOT_JUDGED}
"""Conclusion of a report -> what it makes of the exit status."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and say how it ended, see ``Status``.

    Args:
        arguments: without the program's name; those of the process where None.
    """
    _speak_utf8()
    signal.signal(signal.SIGTERM, _leave)
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read stdout has seen enough; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Status.NOT_JUDGED
    return status


def _run(arguments: list[str]) -> int:
    try:
        with yushen.make_context("yushen", arguments) as context:
            status: int = yushen.invoke(context)
            return status
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        _complain(explain(error))
    except (UsageError, PackError, ScannerUnavailableError) as error:
        _complain(str(error))
    except KeyboardInterrupt:
        _complain("已中断。")
        return Status.INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # the outermost edge: no traceback reaches a clerk
        if "--debug" in arguments:
            raise
        _complain(
            f"程序内部错误（{type(error).__name__}：{error}），检查没有完成。这不是送审文件的问题。\n"
            "请加上 --debug 重新运行，并把显示的内容报告给管理员。"
        )
    return Status.NOT_JUDGED


def _speak_utf8() -> None:
    """Reports are UTF-8 wherever they go, whatever the locale; no character of a name can stop them."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _complain(text: str) -> None:
    click.echo(f"预审：{text}", err=True)


def _print_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from schemas.version import VERSION

        click.echo(f"yushen {VERSION}")
        context.exit()


@click.group(
    cls=ChineseGroup,
    options_metavar="[选项]",
    subcommand_metavar="命令 …",
    context_settings={"max_content_width": 100},
    help="预审：在正式评审之前，按规定核对政府信息化项目的送审文件（Word、WPS、PDF、OFD、扫描件）。",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="显示版本号。"
)
@click.option("--debug", is_flag=True, expose_value=False, help="出错时显示程序内部的详细信息。")
def yushen() -> None:
    """Check the documents of government IT projects against the regulation, before formal review."""


_CHECK_HELP = """检查送审文件，报告缺漏和不符之处、依据的条款和改正办法。

每个 PATH 是一件送审件；文件夹或压缩包（zip、7z、rar、tar）是一批，其中每个子文件夹是一件，
每个散放的文件是一件。

多件的 json 报告是一个数组；多件的 html、docx 报告写进 --output 指定的文件夹。

退出状态：0 全部通过；1 有需要补正的；2 有无法审查的，或命令用法有误。
"""


@dataclass(frozen=True, slots=True)
class _Call:
    """What ``yushen check`` was asked to do."""

    paths: tuple[Path, ...]
    class_id: str | None
    pack_id: str
    filed_on: date | None
    together: bool
    form: str
    output: Path | None
    clamav: str | None
    debug: bool


@yushen.command(options_metavar="[选项]", short_help="检查送审文件，给出缺漏和不符之处。", help=_CHECK_HELP)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@class_option
@pack_option
@filed_on_option
@click.option("--together", is_flag=True, help="把给出的全部文件（包括文件夹和压缩包里的）当作一件送审件。")
@click.option(
    "--format",
    "form",
    metavar="形式",
    type=click.Choice(FORMS),
    default="text",
    help="text（默认，给人看）、json、jsonl（每行一份报告）、html、docx（补正告知书）。",
)
@click.option(
    "--output",
    metavar="路径",
    type=click.Path(path_type=Path),
    help="报告写到这个文件，不给则写到标准输出；多件的 html、docx 报告要给文件夹，每件一个文件。",
)
@clamav_option
@jobs_option
@timeout_option
@debug_option
def check(jobs: int | None, timeout: float | None, **asked: Any) -> int:
    """Check submissions and report what is missing or wrong.

    Args:
        jobs, timeout: see ``worker.sandbox.pool_and_workspace``.
        asked: everything else, see ``_Call``.
    """
    from worker.sandbox import pool_and_workspace

    call = _Call(**asked)
    with pool_and_workspace(jobs, timeout) as (pool, workspace):
        _look_up(call)
        return _check_all(call, pool, workspace)


def _look_up(call: _Call) -> None:
    """See that there is such a pack and such a class, before any file is opened.

    Raises:
        UsageError: there is not.
        PackError: the pack is broken.
    """
    from schemas import load_pack

    pack = load_pack(call.pack_id)
    if call.class_id:
        pack.document_class(call.class_id)


def _check_all(call: _Call, pool: CheckPool, workspace: Path) -> Status:
    from intake.output import open_sink
    from intake.progress import progress
    from worker.gathering.submissions import discard

    batch = _is_batch(call)
    tally = _Tally()
    with (
        contextlib.closing(open_sink(call.form, call.output, call.paths, batch=batch)) as sink,
        progress(visible=batch and sys.stderr.isatty() and not _is_shown(call)) as bar,
    ):
        queue = _Queue(call, workspace, tally, bar)
        for result in pool.map(queue.requests()):
            submission = queue.waiting.popleft()
            _deliver(submission, result, sink, tally, debug=call.debug)
            discard(submission, workspace)
            bar.advance()
        if batch:
            sink.conclude(tally.summary())
    return tally.status


@dataclass(slots=True)
class _Tally:
    """How many submissions came to which conclusion, and how the command ends."""

    status: Status = Status.PASS
    counts: Counter[str] = field(default_factory=Counter)

    def judged(self, conclusion: str) -> None:
        self.counts[conclusion] += 1
        self.worsen(_STATUS[conclusion])

    def not_judged(self) -> None:
        from intake.output import NOT_JUDGED

        self.counts[NOT_JUDGED] += 1
        self.worsen(Status.NOT_JUDGED)

    def worsen(self, status: Status) -> None:
        self.status = max(self.status, status)

    def summary(self) -> str:
        from intake.output import summary_of

        return summary_of(self.counts)


@dataclass(frozen=True, slots=True)
class _Queue:
    """Requests for the pool, and the submissions that they belong to until their results come."""

    call: _Call
    workspace: Path
    tally: _Tally
    bar: Bar
    waiting: deque[Submission] = field(default_factory=deque)

    def requests(self) -> Iterator[CheckRequest]:
        """One request for each submission; what else is found on the way is told on stderr."""
        from worker.gathering.clamav import screening
        from worker.gathering.submissions import Announced, Notice, submissions

        for item in submissions(
            self.call.paths,
            self.workspace,
            together=self.call.together,
            screen=screening(self.call.clamav),
        ):
            match item:
                case Notice():
                    _complain(item.text)
                    if item.is_error:
                        self.tally.worsen(Status.NOT_JUDGED)
                case Announced():
                    self.bar.expect(item.count)
                case _:
                    self.waiting.append(item)
                    yield _request(self.call, item)


def _request(call: _Call, submission: Submission) -> CheckRequest:
    from worker.sandbox import CheckDocument, CheckRequest

    return CheckRequest(
        documents=tuple(map(CheckDocument.of, submission.files)),
        pack_id=call.pack_id,
        class_id=call.class_id,
        filed_on=call.filed_on,
        renderings=_renderings(call),
    )


def _renderings(call: _Call) -> tuple[Rendering, ...]:
    from worker.sandbox import Rendering

    if call.form in ("json", "jsonl"):
        return ()
    if not _is_shown(call):
        return (Rendering(call.form),)
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return (Rendering(call.form, colour=not plain, width=shutil.get_terminal_size().columns),)


def _deliver(submission: Submission, result: CheckResult, sink: Sink, tally: _Tally, *, debug: bool) -> None:
    if result.report is None:
        _complain(
            f"{submission.title}：检查没有完成（{result.failure}）。这不是送审文件的问题，请重试；"
            "仍然如此，请加上 --debug 重新运行，并把显示的内容报告给管理员。"
        )
        tally.not_judged()
    else:
        sink.put(submission.title, result.report, *result.rendered)
        tally.judged(result.report["conclusion"])
    if debug and result.diagnostics:
        click.echo(result.diagnostics, err=True)


def _is_batch(call: _Call) -> bool:
    """Whether the call itself asks for several reports, however many come of it."""
    from worker.gathering.archives import may_be_archive

    if call.together or len(call.paths) > 1:
        return not call.together
    [path] = call.paths
    try:
        return path.is_dir() or (path.is_file() and os.access(path, os.R_OK) and may_be_archive(path))
    except OSError:
        # What is wrong with it is said where it is opened.
        return False


def _is_shown(call: _Call) -> bool:
    """Whether reports appear on a terminal."""
    return call.form == "text" and call.output is None and sys.stdout.isatty()


for command in (batch, doctor, packs, serve, worker, api, db, keys, submit, status, fetch):
    yushen.add_command(command)
