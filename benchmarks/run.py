"""Times the whole check against its floor and against pipelines one would knock together, in one run.

    ./run-tests --version                                            # once: prepares the environment
    .venv/bin/python benchmarks/run.py --pages 10 50 200 1000
    .venv/bin/python benchmarks/run.py --others OTHER/bin/python     # beside markitdown, docling, pdfplumber

Every contestant has a process of its own; the check's has the environment in which the product checks.
Passes of one size are interleaved, each on another edition of the document; rows are medians.  The ratio to
the floor is what may be compared between machines.
docs/benchmarks.md says how OTHER is made.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import contestants
from word_files import SECTIONS, budget, write_word

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from worker.children import child_environment

WARM_UP, SLOW_RUNS, SLOW_FROM = 10, 1, 200
PROSE = (
    "本部分按照统一规划、分步实施的原则编制，充分利用区级共性支撑平台已有能力，数据按目录共享，接口遵循统一规范，"
    * 3
)
PARAGRAPHS_A_PAGE = 7


def make_pdf(pages: int, path: Path, edition: int = 0) -> None:
    """A PDF with typed headings and ruled tables."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    head = ParagraphStyle("h", fontName="STSong-Light", fontSize=14, leading=24, wordWrap="CJK")
    text = ParagraphStyle("p", head, fontSize=10.5, leading=18, firstLineIndent=21)
    story: list[object] = [Paragraph("锦江区智慧示范系统建设方案", head)]
    each = max(1, pages * PARAGRAPHS_A_PAGE // len(SECTIONS))
    for number, title in zip("一二三四五六七八九十", SECTIONS, strict=True):
        story.append(Paragraph(f"{number}、{title}", head))
        # A paragraph of its own each: one that was split over a page cannot be set again.
        story += [Paragraph(f"{edition}{PROSE}", text) for _ in range(each)]
        if "预算" in title:
            style = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), "STSong-Light")]
            story.append(Table(budget(pages), style=style, repeatRows=1))
    SimpleDocTemplate(str(path)).build(story)


MAKERS: dict[str, Callable[[int, Path, int], None]] = {"docx": write_word, "pdf": make_pdf}


class Contestant:
    """A contestant's process.  A context manager: leaving it ends the process."""

    def __init__(self, name: str, kind: str, python: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [python, contestants.__file__, name, kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=child_environment(gettempdir()) if name == "yushen" else None,
        )

    def __enter__(self) -> Contestant:
        self._answer()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def time(self, path: Path) -> tuple[float, float]:
        """CPU seconds that one pass took, and the process's peak memory so far in MiB."""
        assert self._process.stdin is not None
        print(path, file=self._process.stdin, flush=True)
        answer = self._answer()
        return answer["seconds"], answer["peak"]

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        while not (line := self._process.stdout.readline()).startswith("{"):
            if not line:
                raise SystemExit(f"{self.name} ended by itself")
        answer: dict[str, Any] = json.loads(line)
        return answer


@dataclass(frozen=True)
class Row:
    """What one contestant needed for documents of one size."""

    name: str
    seconds: float
    peak: float


def installed(python: str) -> list[str]:
    """Which of the other pipelines an interpreter can load."""
    code = "import importlib.util,sys;print(*(n for n in sys.argv[1:] if importlib.util.find_spec(n)))"
    done = subprocess.run(
        [python, "-c", code, *contestants.OTHERS], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def field(kind: str, others: str) -> Iterator[tuple[str, str]]:
    """Names and interpreters of all that run on files of ``kind``, the floor first."""
    found = set(installed(others))
    for name, (_, kinds) in contestants.OURS.items():
        if kind in kinds:
            yield name, sys.executable
    for name, (_, kinds) in contestants.OTHERS.items():
        if kind in kinds and name in found:
            yield name, others


def measure(kind: str, pages: int, runs: int, others: str, folder: Path) -> list[Row]:
    """Time everything on documents of one kind and size."""
    documents = [folder / f"{pages}-{edition}.{kind}" for edition in range(runs)]
    for edition, path in enumerate(documents):
        MAKERS[kind](pages, path, edition)
    warm_up = folder / f"warm-up.{kind}"
    MAKERS[kind](WARM_UP, warm_up, runs)
    with ExitStack() as stack:
        running = [stack.enter_context(Contestant(n, kind, python)) for n, python in field(kind, others)]
        for contestant in running:
            contestant.time(warm_up)
        times: dict[str, list[float]] = {contestant.name: [] for contestant in running}
        peaks: dict[str, float] = {}
        for number, path in enumerate(documents):
            for contestant in running:
                if contestant.name in contestants.OTHERS and pages >= SLOW_FROM and number >= SLOW_RUNS:
                    continue
                seconds, peak = contestant.time(path)
                times[contestant.name].append(seconds)
                peaks.setdefault(contestant.name, peak)
    return [Row(name, statistics.median(each), peaks[name]) for name, each in times.items()]


def show(kind: str, pages: int, rows: Sequence[Row], before: dict[str, tuple[int, float]]) -> None:
    """Print the rows of one size; memory growth is counted from the size before."""
    floor = rows[0].seconds
    for row in rows:
        growth = ""
        if row.name in before:
            earlier, peak = before[row.name]
            growth = f"{(row.peak - peak) * 1024 / (pages - earlier):8.0f} KiB/page"
        before[row.name] = pages, row.peak
        print(
            f"{kind:5}{pages:6}  {row.name:14}{row.seconds:10.3f} s{row.seconds / floor:8.1f} x"
            f"{row.peak:8.0f} MiB{growth}",
            flush=True,
        )


def main() -> None:
    """Measure what the options ask for."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--pages", type=int, nargs="+", default=[10, 50, 200, 1000])
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--kinds", nargs="+", choices=MAKERS, default=list(MAKERS))
    options.add_argument("--others", default=sys.executable, metavar="PYTHON")
    chosen = options.parse_args()
    if left_out := set(contestants.OTHERS) - set(installed(chosen.others)):
        print(f"left out because not installed: {', '.join(sorted(left_out))}")
    print(f"other pipelines are timed once from {SLOW_FROM} pages on, everything else {chosen.runs} times")
    for kind in chosen.kinds:
        before: dict[str, tuple[int, float]] = {}
        for pages in chosen.pages:
            with TemporaryDirectory() as folder:
                show(kind, pages, measure(kind, pages, chosen.runs, chosen.others, Path(folder)), before)


if __name__ == "__main__":
    main()
