"""``yushen submit``, ``status`` and ``fetch``: the same checks on a service."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from intake.chinese import ChineseCommand, iso_date
from schemas.errors import UsageError, system_reason

if TYPE_CHECKING:
    from intake.client import Client

_REPORTS = ("text", "json", "html", "docx")
_PARTS = (*_REPORTS, "record", "packet")
_BINARY = ("docx", "packet")
_EXIT = {"pass": 0, "deficient": 1, "unreadable": 2}
_NOT_JUDGED = 2
_STATUSES = {"queued": "排队中", "checking": "检查中", "done": "已完成", "failed": "程序没有完成检查"}

_REVIEWS = {"submitted": "等待审查", "taken": "正在审查", "returned": "已退回", "accepted": "已通过审查"}

_Command = Callable[..., int]


def _connection(command: _Command) -> _Command:
    """The options that say which service, and as whom."""
    key = click.option(
        "--key", envvar="YUSHEN_KEY", metavar="密钥", help="访问密钥；也可以用环境变量 YUSHEN_KEY 给出。"
    )
    server = click.option(
        "--server",
        envvar="YUSHEN_SERVER",
        metavar="URL",
        default="http://127.0.0.1:8000",
        show_default=False,
        help="服务的地址，默认 http://127.0.0.1:8000；也可以用环境变量 YUSHEN_SERVER 给出。",
    )
    return server(key(command))


_OUTPUT = click.option(
    "--output",
    metavar="路径",
    type=click.Path(path_type=Path, dir_okay=False),
    help="写到这个文件，不给则写到标准输出。",
)

_SUBMIT_HELP = """把送审文件交给预审服务；给出的全部文件是一件送审件。

不加 --wait 时只交件，显示编号，随后用 yushen status 和 yushen fetch 查看。

退出状态：不加 --wait 时，0 已经收件；加 --wait 时与 yushen check 相同。2 有无法审查的，或没有交成。
"""


@click.command(
    cls=ChineseCommand, options_metavar="[选项]", short_help="把送审文件交给预审服务。", help=_SUBMIT_HELP
)
@click.argument(
    "files",
    metavar="FILES...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@_connection
@click.option("--class", "class_id", metavar="种类", help="送审件的种类；不给则自动判断。")
@click.option("--pack", metavar="规则包", help="规则包；不给则用服务设定的。")
@click.option("--filed-on", metavar="YYYY-MM-DD", callback=iso_date, help="报送日期，用来核对法定期限。")
@click.option("--project", metavar="名称", help="本单位的项目名称或编号，便于以后查找。")
@click.option("--wait", is_flag=True, help="等检查完成，并给出报告。")
@click.option(
    "--format",
    "form",
    metavar="形式",
    type=click.Choice(_REPORTS),
    default="text",
    help="与 --wait 一起用，报告的形式：text（默认）、json、html、docx。",
)
@_OUTPUT
def submit(
    files: tuple[Path, ...],
    server: str,
    key: str | None,
    wait: bool,
    form: str,
    output: Path | None,
    filed_on: date | None,
    **texts: str | None,
) -> int:
    """Hand one submission to a service."""
    if wait:
        _check_target(form, output)
    given = {
        "class": texts["class_id"],
        "pack": texts["pack"],
        "project": texts["project"],
        "filed_on": filed_on and filed_on.isoformat(),
    }
    size = sum(_size(path) for path in files)
    with _client(server, key) as client:
        with _transfer("正在上传", size) as advance:
            submission = client.submit(
                files, {k: v for k, v in given.items() if v}, wait=wait, advance=advance
            )
        if not wait:
            click.echo(submission["id"])
            _note(f"已收件。查看进度：yushen status {submission['id']}")
            return 0
        submission = client.finished(submission)
        if submission["status"] == "failed":
            _note(_line(submission))
            return _NOT_JUDGED
        _fetch(client, submission["id"], form, output)
    return _exit(submission)


_STATUS_HELP = """显示一件送审件的进度和结论。

退出状态：0 通过；1 需要补正；2 无法审查、还没有完成，或命令用法有误。
"""


@click.command(
    cls=ChineseCommand, options_metavar="[选项]", short_help="查看交给服务的送审件的进度。", help=_STATUS_HELP
)
@click.argument("submission_id", metavar="ID")
@_connection
@click.option(
    "--format",
    "form",
    metavar="形式",
    type=click.Choice(["text", "json"]),
    default="text",
    help="text（默认，给人看）或 json。",
)
def status(submission_id: str, server: str, key: str | None, form: str) -> int:
    """Say how far a submission is."""
    with _client(server, key) as client:
        submission = client.status(_checked_id(submission_id))
    click.echo(json.dumps(submission, ensure_ascii=False, indent=2) if form == "json" else _line(submission))
    return _exit(submission)


_FETCH_HELP = """取回一件送审件的报告、提取的数据（record）或送审包（packet）。

退出状态：0 已经取回；2 没有取回，或命令用法有误。
"""


@click.command(
    cls=ChineseCommand,
    options_metavar="[选项]",
    short_help="从服务取回报告、数据或送审包。",
    help=_FETCH_HELP,
)
@click.argument("submission_id", metavar="ID")
@_connection
@click.option(
    "--form",
    metavar="形式",
    type=click.Choice(_PARTS),
    default="text",
    help="text（默认）、json、html、docx（补正告知书）、record（提取的数据）、packet（送审包，zip）。",
)
@_OUTPUT
def fetch(submission_id: str, server: str, key: str | None, form: str, output: Path | None) -> int:
    """Fetch the report, the record or the packet of a submission."""
    _check_target(form, output)
    with _client(server, key) as client:
        _fetch(client, _checked_id(submission_id), form, output)
    return 0


def _client(server: str, key: str | None) -> Client:
    from intake.client import Client

    if not key:
        raise UsageError("没有访问密钥。请用 --key 或环境变量 YUSHEN_KEY 给出；没有密钥请向管理员申请。")
    return Client(server, key)


def _checked_id(submission_id: str) -> str:
    if not submission_id.isalnum() and not submission_id.replace("_", "").isalnum():
        raise UsageError(f"“{submission_id}”不是送审件的编号。编号如 sub_019a3e5c…，交件时会显示。")
    return submission_id


def _size(path: Path) -> int:
    name = click.format_filename(path)
    try:
        if path.is_dir():
            raise UsageError(f"{name} 是文件夹。请给出其中的文件。")
        with path.open("rb"):
            return path.stat().st_size
    except OSError as error:
        raise UsageError(f"无法读取 {name}（{system_reason(error)}）。请核对路径和权限。") from error


def _fetch(client: Client, submission_id: str, form: str, output: Path | None) -> None:
    from intake.client import save

    with (
        client.fetched(submission_id, form) as (size, pieces),
        _target(output) as target,
        _transfer("正在下载", size, visible=output is not None) as advance,
    ):
        save(pieces, target, advance)


def _check_target(form: str, output: Path | None) -> None:
    if form in _BINARY and output is None and sys.stdout.isatty():
        raise UsageError(f"{form} 不能显示在终端上。请用 --output 指定要写的文件。")


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    # Under another name until it is whole: who finds the file may rely on it.
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise UsageError(
            f"无法写入 --output {output}（{system_reason(error)}）。请核对路径和权限。"
        ) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _transfer(title: str, size: int | None, *, visible: bool = True) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal that is told of bytes; one that does nothing where it would not be seen."""
    if not visible or not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn(title), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False, transient=True) as shown:
        task = shown.add_task("", total=size)
        yield lambda count: shown.advance(task, count)


def _line(submission: dict[str, Any]) -> str:
    from schemas import catalogue

    names = "、".join(document["name"] for document in submission["documents"])
    outcome = submission["conclusion"] and catalogue().conclusions[submission["conclusion"]]
    told = outcome or _STATUSES.get(submission["status"], submission["status"])
    reason = f"\n{submission['failure']}" if submission.get("failure") else ""
    return f"{submission['id']}  {told}  {names}{reason}{_review(submission)}"


def _review(submission: dict[str, Any]) -> str:
    """How far the review is, and what the reviewer says; "" where there is none."""
    state = _REVIEWS.get(submission["review"])
    note = submission.get("review_note")
    return (f"\n审查：{state}" + (f"：{note}" if note else "")) if state else ""


def _exit(submission: dict[str, Any]) -> int:
    return _EXIT.get(submission["conclusion"], _NOT_JUDGED)


def _note(text: str) -> None:
    click.echo(f"预审：{text}", err=True)
