"""Checks a folder of many small files with ``yushen batch``, killed once on the way, and watches its memory.

    .venv/bin/python benchmarks/folder.py --files 10000

After a while the command is killed and started again.  For each tenth of either run is told how much memory
the command had, and how much its child processes had together.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from docx_files import p, word_file  # noqa: E402
from running import descendants  # noqa: E402

SECTIONS = {
    "一、建设依据": "根据《锦江区数字政府建设规划》第{n}号任务提出本项目。",
    "二、建设目标": "建成覆盖{n}个点位的采集网络，办理时限压缩一半。",
    "三、建设内容": "采集终端{n}套、管理平台一套、移动端应用一套。",
    "四、技术实现": "采用政务云部署，接口遵循区级统一标准，支持国产操作系统。",
    "五、实施计划": "2026年6月完成采购，10月完成部署，12月完成验收。",
    "六、资金估算": "总投资{n}万元，其中设备购置{n}万元。",
    "七、经费保障": "由区级财政安排{n}万元。",
    "八、安全可靠情况": "选用安全可靠测评合格的芯片、操作系统和数据库。",
}
MOST_LACKING = 3
"""Every second document has all sections; of the others each lacks one, the first to the third last."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory in use at a moment, in bytes: of the command, and of its child processes together."""

    command: int
    children: int


def write_files(folder: Path, count: int) -> None:
    """So many proposals of one page, a thousand in a folder, each of which is a file of its own."""
    for number in range(count):
        place = folder / f"{number // 1000:03d}"
        place.mkdir(exist_ok=True)
        lacking = -1 - number % MOST_LACKING if number % 2 else None
        sections = [item for index, item in enumerate(SECTIONS.items(), -len(SECTIONS)) if index != lacking]
        lines = [f"智慧社区{number}号项目需求方案", *(line for section in sections for line in section)]
        body = "".join(p(line.format(n=30 + number)) for line in lines)
        (place / f"方案{number:05d}.docx").write_bytes(word_file(body))


def resident(process: int) -> int:
    """Bytes of memory of a process; 0 where it has gone."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * 4096


def sampled(process: int) -> Sample:
    """What a command has now."""
    return Sample(resident(process), sum(map(resident, descendants(process))))


def watched(command: list[str | Path], seconds: float | None = None) -> tuple[float, list[Sample]]:
    """Run a command, kill it after so many seconds, if they are given: how long it ran, and its memory."""
    begun, samples = time.monotonic(), []
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            process.wait(1.0)
            break
        except subprocess.TimeoutExpired:
            samples.append(sampled(process.pid))
        if seconds is not None and time.monotonic() - begun > seconds:
            process.kill()
    return time.monotonic() - begun, samples


def judged(journal: Path) -> int:
    """Reports in a journal that nobody writes."""
    with closing(sqlite3.connect(journal)) as database:
        count: int = database.execute("SELECT count(*) FROM reports WHERE report IS NOT NULL").fetchone()[0]
    return count


def tenths(samples: list[Sample]) -> Iterator[str]:
    """The most of each tenth of a run, in MiB."""
    for part in range(10):
        found = samples[part * len(samples) // 10 : (part + 1) * len(samples) // 10]
        if found:
            command = max(sample.command for sample in found) >> 20
            yield f"{command} + {max(sample.children for sample in found) >> 20}"


def main() -> None:
    """Make the files, check them in two runs, and print what was seen."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--kill-after", type=float, default=60.0, metavar="SECONDS")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        files, into = Path(folder, "files"), Path(folder, "into")
        files.mkdir()
        write_files(files, given.files)
        options = ["--into", into, "--each", "file", "--jobs", given.jobs]
        command = [sys.executable, "-m", "intake", "batch", files, *options]
        first, before = watched(command, given.kill_after)
        done = judged(into / "journal.db")
        second, after = watched(command)
        total = judged(into / "journal.db")
    print(f"{done} files judged in {first:.0f} s until the kill, {total - done} in {second:.0f} s after it")
    print(f"{total / (first + second) * 60:.0f} files a minute; {total} reports")
    print("MiB of the command + of its children, the most of each tenth of a run:")
    print("  until the kill:", ", ".join(tenths(before)))
    print("  after it:      ", ", ".join(tenths(after)))


if __name__ == "__main__":
    main()
