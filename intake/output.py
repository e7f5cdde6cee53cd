"""Where reports go: one stream for all of them, or a folder with a file for each."""

from __future__ import annotations

import re
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from reports.data import json_bytes
from schemas.errors import UsageError, system_reason
from worker.gathering.names import shown

_SUFFIXES = {"html": ".html", "docx": ".docx"}
_LONGEST_STEM = 60
"""Characters; a Chinese one takes three of the 255 bytes that a file name may have."""

NOT_JUDGED = "not-judged"
"""Stands beside the conclusions for what the program failed on."""

_DIVIDER = f"\n{'─' * 60}\n\n".encode()


class Sink(ABC):
    """Takes reports in their order."""

    @abstractmethod
    def put(self, title: str, report: dict[str, Any], rendered: bytes = b"") -> None:
        """Take the report of the submission ``title``."""

    def conclude(self, summary: str) -> None:  # noqa: B027 - most forms have no place for it
        """Take a line about all of them."""

    def close(self) -> None:  # noqa: B027 - nothing to close where every report is a file
        """No more reports come."""


def open_sink(form: str, output: Path | None, inputs: Sequence[Path], *, batch: bool) -> Sink:
    """The place for reports in ``form``: "text", "json", "jsonl", "html" or "docx".

    Args:
        form: how they are written.
        output: a file, a folder for several reports that need a file each, or None for stdout.
        inputs: what is checked, never to be written over.
        batch: there may be several reports.

    Raises:
        UsageError: reports in this form cannot go there.
    """
    if output and output.resolve() in {path.resolve() for path in inputs}:
        raise UsageError("--output 与送审文件是同一个路径，写入会覆盖原件。请换一个文件名。")
    if form in _SUFFIXES and (batch or (output and output.is_dir())):
        return _Folder(_folder(output, form), _SUFFIXES[form])
    if form == "docx" and output is None and sys.stdout.isatty():
        raise UsageError(
            "docx 不能显示在终端上。请用 --output 指定要写的文件，例如 --output 补正告知书.docx。"
        )
    target = _Target(_stream(output), closes=output is not None)
    if form == "json":
        return _JsonArray(target) if batch else _JsonObject(target)
    if form == "jsonl":
        return _Lines(target)
    return _Several(target) if batch else _Rendered(target)


def summary_of(counts: Counter[str]) -> str:
    """A line about a batch: how many submissions came to which conclusion, or to ``NOT_JUDGED``."""
    from schemas import catalogue

    words = {**catalogue().conclusions, NOT_JUDGED: "没有完成检查"}
    parts = [f"{words[key]} {counts[key]} 件" for key in words if counts[key]]
    return f"共 {counts.total()} 件：{'，'.join(parts)}。" if parts else "没有检查任何文件。"


def _stream(output: Path | None) -> BinaryIO:
    if output is None:
        return sys.stdout.buffer
    if output.is_dir():
        raise UsageError(f"--output {shown(str(output))} 是文件夹。请给出要写的文件名。")
    try:
        return output.open("wb")
    except OSError as error:
        raise _unwritable(output, error) from error


def _folder(output: Path | None, form: str) -> Path:
    if output is None:
        raise UsageError(
            f"多个送审件的 {form} 报告要写进一个文件夹。请用 --output 指定文件夹，例如 --output 报告。"
        )
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(output, error) from error
    return output


def _unwritable(output: Path, error: OSError) -> UsageError:
    return UsageError(
        f"无法写入 --output {shown(str(output))}（{system_reason(error)}）。请核对路径和权限，或换一个位置。"
    )


@dataclass(frozen=True, slots=True)
class _Target:
    """A stream that is written through at once, so that whoever reads along sees each report as it comes."""

    stream: BinaryIO
    closes: bool

    def write(self, data: bytes) -> None:
        self.stream.write(data)
        self.stream.flush()

    def close(self) -> None:
        if self.closes:
            self.stream.close()


class _StreamSink(Sink):
    """Reports one after another."""

    def __init__(self, target: _Target) -> None:
        self._target = target
        self._begun = False

    def close(self) -> None:
        self._target.close()


class _Lines(_StreamSink):
    """One report a line."""

    def put(self, title: str, report: dict[str, Any], rendered: bytes = b"") -> None:
        self._target.write(json_bytes(report) + b"\n")


class _JsonObject(_StreamSink):
    """The one report."""

    def put(self, title: str, report: dict[str, Any], rendered: bytes = b"") -> None:
        self._target.write(json_bytes(report, indent=2) + b"\n")


class _JsonArray(_StreamSink):
    """All reports as one array, written as they come."""

    def put(self, title: str, report: dict[str, Any], rendered: bytes = b"") -> None:
        self._target.write((b",\n" if self._begun else b"[\n") + json_bytes(report, indent=2))
        self._begun = True

    def close(self) -> None:
        self._target.write(b"\n]\n" if self._begun else b"[]\n")
        super().close()


class _Rendered(_StreamSink):
    """The one report as it was rendered."""

    def put(self, title: str, report: dict[str, Any], rendered: bytes = b"") -> None:
        self._target.write(rendered)


class _Several(_StreamSink):
    """Reports as they were rendered, a line between them, and above each whose it is.

    A report names the files that it is about; files of one name lie in many folders and archives.
    """

    def put(self, title: str, report: dict[str, Any], rendered: bytes = b"") -> None:
        names = {document["name"] for document in report["documents"]}
        heading = "" if title in names else f"送审件：{title}\n"
        self._target.write((_DIVIDER if self._begun else b"") + heading.encode() + rendered)
        self._begun = True

    def conclude(self, summary: str) -> None:
        self._target.write((_DIVIDER if self._begun else b"") + summary.encode() + b"\n")


class _Folder(Sink):
    """A file for each report, named after its submission."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder = folder
        self._suffix = suffix
        self._taken: set[str] = set()

    def put(self, title: str, report: dict[str, Any], rendered: bytes = b"") -> None:
        path = self._folder / self._free_name(title)
        try:
            path.write_bytes(rendered)
        except OSError as error:
            raise _unwritable(path, error) from error

    def _free_name(self, title: str) -> str:
        stem = re.sub(r'[\\/:*?"<>|\s]+', "_", title)[:_LONGEST_STEM] or "_"
        name, number = stem + self._suffix, 1
        while name.lower() in self._taken:
            number += 1
            name = f"{stem}-{number}{self._suffix}"
        self._taken.add(name.lower())
        return name
