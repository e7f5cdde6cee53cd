"""``yushen doctor``: what this machine can read, and what to install for the rest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from intake.chinese import ChineseCommand

_SECONDS = 30
_CLAMAV_SETTING = "YUSHEN_CLAMAV"
_CLAMAV_SOCKETS = ("/run/clamav/clamd.ctl", "/var/run/clamav/clamd.sock", "/run/clamd.scan/clamd.sock")


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing that this machine can do or not.

    Attributes:
        title: what, in Chinese.
        version: of what does it; "" where it is not there.
        remedy: what to do about that.
        optional: nobody misses it.
    """

    title: str
    version: str
    remedy: str
    optional: bool = False


def abilities() -> Iterator[Ability]:
    """What this machine can read."""
    again = "重新运行 ./yushen 准备环境"
    yield Ability("Word 文档（.docx）", _packages("python-docx", "lxml"), again)
    yield Ability("PDF 文件", _packages("pypdfium2"), again)
    yield Ability("OFD 版式文件", _packages("lxml"), again)
    yield Ability("扫描件和照片（文字识别）", _packages("rapidocr", "onnxruntime"), again)
    yield Ability(
        "旧版 Word、WPS、RTF、ODT",
        _program(("soffice", "libreoffice"), ("--version",)),
        "apt install libreoffice-writer",
    )
    yield Ability("ZIP、TAR 压缩包", "内置", again)
    yield Ability("7z 压缩包", _packages("py7zr"), again)
    yield Ability(
        "RAR 压缩包", _program(("unar", "unrar", "bsdtar", "7zz"), ("--version",)), "apt install unar"
    )
    yield _clamav()


def _packages(*names: str) -> str:
    """Names and versions of installed packages, "" where one is missing."""
    from importlib import metadata

    try:
        return "，".join(f"{name} {metadata.version(name)}" for name in names)
    except metadata.PackageNotFoundError:
        return ""


def _program(names: Sequence[str], asking: Sequence[str]) -> str:
    """The first of these programs that there is, as it calls itself; "" where there is none."""
    import subprocess

    for name in names:
        if path := shutil.which(name):
            try:
                done = subprocess.run(
                    [path, *asking], capture_output=True, text=True, timeout=_SECONDS, check=False
                )
            except (OSError, subprocess.TimeoutExpired):
                return ""
            said = (done.stdout or done.stderr).strip().splitlines()
            return f"{name}：{said[0].strip()}" if said else name
    return ""


def _clamav() -> Ability:
    """Whether the scanner that is set answers; where none is set, whether there is one that could be."""
    from schemas.errors import ScannerUnavailableError
    from worker.gathering.clamav import ClamAV

    title = "病毒扫描（ClamAV，可选）"
    wanted = os.environ.get(_CLAMAV_SETTING)
    address = wanted or next((path for path in _CLAMAV_SOCKETS if Path(path).exists()), None)
    if address is None:
        return Ability(title, "", "apt install clamav-daemon", optional=True)
    try:
        version = ClamAV(address).version()
    except ScannerUnavailableError:
        remedy = f"检查 clamd 是否在运行、{_CLAMAV_SETTING} 写的地址是否正确：{address}"
        return Ability(title, "", remedy, optional=not wanted)
    said = f"{version}，{address}"
    return Ability(title, said if wanted else f"{said}（没有启用，设置 {_CLAMAV_SETTING} 后扫描）", "")


@click.command(
    cls=ChineseCommand,
    options_metavar="[选项]",
    short_help="查看本机能读哪些文件，还缺什么。",
    help="查看本机能读哪些文件、用什么读，以及还需要安装什么。\n\n退出状态：0 都能读；1 有读不了的。",
)
def doctor() -> int:
    """Show what this machine can read.

    Returns:
        The exit status: 0 if nothing but what is optional is missing, else 1.
    """
    from rich.console import Console
    from rich.table import Table

    found = list(abilities())
    table = Table(box=None, pad_edge=False)
    for title in ("", "能读什么", "用什么读", "怎样补上"):
        table.add_column(title, overflow="fold")
    for ability in found:
        there = bool(ability.version)
        mark = "✔" if there else "–" if ability.optional else "✘"
        table.add_row(mark, ability.title, ability.version or "没有", "" if there else ability.remedy)
    Console(highlight=False, soft_wrap=True).print(table)
    return int(any(not ability.version and not ability.optional for ability in found))
