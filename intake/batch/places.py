"""What a batch is made of: places that are read as a whole, named so that a later run knows them again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from schemas.errors import system_reason
from worker.gathering.archives import may_be_archive
from worker.gathering.clamav import Screen
from worker.gathering.names import is_junk, natural, shown
from worker.gathering.submissions import Item, Notice, submissions


class Each(StrEnum):
    """What is one submission, where the contract's own rule is not wanted."""

    FILE = "file"
    """Every file, however deep it lies."""
    FOLDER = "folder"
    """Every folder that holds files itself, with these files."""


class Open(Protocol):
    """How the submissions of a place are had."""

    def __call__(self, workspace: Path, screen: Screen | None) -> Iterator[Item]:
        """Read the place; what has to be unpacked or brought goes into ``workspace``.

        Args:
            workspace: a folder of its own.
            screen: asked about each file before it is read.
        """


@dataclass(frozen=True)
class Place:
    """A file, a folder or an archive of which every submission is read in one go.

    Attributes:
        key: what it is called: the same in every run over the same files.
        look: makes its fingerprint.
        open: brings its submissions.
    """

    key: str
    look: Callable[[], str]
    open: Open

    @cached_property
    def fingerprint(self) -> str:
        """Changes when its files change; taken when first asked for, for places are also merely counted."""
        return self.look()


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is not judged, and why; Chinese."""

    key: str
    why: str
    is_error: bool = False


def places(paths: Sequence[Path], each: Each | None) -> Iterator[Place | Left]:
    """Every place under ``paths``, in natural order; folders are read as they come, never as a whole list."""
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path, each)
        else:
            yield _place((path,), shown(str(path)), together=each is Each.FOLDER, apart=each is Each.FILE)


def _in_folder(folder: Path, each: Each | None) -> Iterator[Place | Left]:
    match each:
        case Each.FILE:
            yield from _files(folder)
        case Each.FOLDER:
            yield from _folders(folder)
        case _:
            entries = _entries(folder)
            if isinstance(entries, Left):
                yield entries
                return
            for entry in entries:
                yield _junk(entry) if is_junk((entry.name,)) else _whole(entry)


def _files(folder: Path) -> Iterator[Place | Left]:
    entries = _entries(folder)
    if isinstance(entries, Left):
        yield entries
        return
    for entry in entries:
        if is_junk((entry.name,)):
            yield _junk(entry)
        elif entry.is_dir():
            yield from _files(entry) if not entry.is_symlink() else (_linked(entry),)
        else:
            yield _place((entry,), shown(str(entry)), together=False, apart=True)


def _folders(folder: Path) -> Iterator[Place | Left]:
    entries = _entries(folder)
    if isinstance(entries, Left):
        yield entries
        return
    own: list[Path] = []
    below: list[Path] = []
    for entry in entries:
        if is_junk((entry.name,)):
            yield _junk(entry)
        elif entry.is_dir():
            below.append(entry)
        else:
            own.append(entry)
    if own:
        yield _place(tuple(own), shown(str(folder)), together=True)
    for entry in below:
        yield from _folders(entry) if not entry.is_symlink() else (_linked(entry),)


def _entries(folder: Path) -> list[Path] | Left:
    try:
        return sorted(folder.iterdir(), key=lambda path: natural((path.name,)))
    except OSError as error:
        return Left(shown(str(folder)), f"文件夹无法读取（{system_reason(error)}）", is_error=True)


def _junk(entry: Path) -> Left:
    return Left(shown(str(entry)), "系统或编辑软件留下的文件")


def _linked(entry: Path) -> Left:
    return Left(shown(str(entry)), "链接到别处的文件夹，没有进入")


def _whole(path: Path) -> Place:
    """A file, or a folder with all that lies under it, as one submission."""
    return _place((path,), shown(str(path)), together=path.is_dir() or may_be_archive(path))


def _place(paths: tuple[Path, ...], key: str, *, together: bool, apart: bool = False) -> Place:
    read = partial(_read, paths, together=together, apart=apart)
    return Place(key, partial(_fingerprint, paths), read)


def _read(
    paths: tuple[Path, ...], workspace: Path, screen: Screen | None, *, together: bool, apart: bool
) -> Iterator[Item]:
    return submissions(paths, workspace, together=together, apart=apart, screen=screen)


def _fingerprint(paths: Iterable[Path]) -> str:
    """Over names, sizes and times of change: no file is read to know that it is the same."""
    digest = hashlib.sha256()
    for path in paths:
        for file in _under(path):
            try:
                state = file.stat()
                said = f"{state.st_size} {state.st_mtime_ns}"
            except OSError:
                said = "unknown"
            digest.update(os.fsencode(file) + f"\0{said}\0".encode())
    return digest.hexdigest()


def _under(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for above, folders, names in os.walk(path):
        folders.sort()
        yield from (Path(above, name) for name in sorted(names))


def left_of(notice: Notice, place: Place) -> Left:
    """What a place says of itself, as part of the report of what was left out."""
    return Left(place.key, notice.text, notice.is_error)
