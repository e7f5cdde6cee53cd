"""What the command line names, told apart into submissions.

Each path is a submission of its own; an archive or a folder is a batch, in which each sub-folder (or nested
archive) is one submission and each loose file one.  ``together`` makes everything named one submission.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from schemas.errors import UnreadableDocumentError, UnreadableReason, system_reason
from worker.gathering.apart import unpack
from worker.gathering.archives import ArchiveLimits, Member, Unpacked, may_be_archive
from worker.gathering.clamav import Screen
from worker.gathering.names import is_junk, natural, shown

_EXAMPLES = 3
_JUNK = "系统或编辑软件留下的文件"


@dataclass(frozen=True, slots=True)
class File:
    """One document of a submission.

    Attributes:
        name: for people and for the report: the file's own name, without folders.
        path: where its bytes are; None where there are none to be had.
        failure: why it is known to be unreadable.
        detail: Chinese, to ``failure``.
    """

    name: str
    path: Path | None
    failure: UnreadableReason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """Files that are judged together.

    Attributes:
        title: what a person calls it: the name of the file or folder.
        files: its documents in natural order.
    """

    title: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the caller should know: Chinese, one line.

    Attributes:
        is_error: something that was named could not be judged.
    """

    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Announced:
    """So many submissions (or, where one cannot be had, notices) come next."""

    count: int


Item = Submission | Notice | Announced


def submissions(
    paths: Sequence[Path],
    workspace: Path,
    *,
    together: bool = False,
    apart: bool = False,
    limits: ArchiveLimits | None = None,
    screen: Screen | None = None,
) -> Iterator[Item]:
    """Every submission that ``paths`` name, in their order, with what is worth noticing in between.

    Args:
        paths: files, folders and archives.
        workspace: an existing folder for unpacked files; the caller removes it.
        together: make one submission of everything.
        apart: make one submission of each file of an archive, however deep it lies.
        limits: bounds of each archive.
        screen: asked about each file, archives too, before anything is read of it; what is infected is a file
            that is known to be unreadable.

    Raises:
        ScannerUnavailableError: ``screen`` has no answer.
    """
    gathering = _Gathering(workspace, limits or ArchiveLimits(), screen, apart)
    if together:
        yield from _joined(paths, gathering)
    else:
        for path in paths:
            yield from _named(path, gathering)


@dataclass(frozen=True, slots=True)
class _Gathering:
    """What the walk needs everywhere.

    Attributes:
        workspace: where to unpack.
        limits: how much of an archive.
        screen: who is asked about each file.
        apart: the files of an archive stand alone.
    """

    workspace: Path
    limits: ArchiveLimits
    screen: Screen | None
    apart: bool

    def screened(self, file: File) -> File:
        """The file, marked if it is infected."""
        if self.screen is None or file.path is None or file.failure is not None:
            return file
        found = self.screen(file.path)
        return (
            file if found is None else replace(file, failure=UnreadableReason.INFECTED, detail=f"（{found}）")
        )

    def member(self, member: Member) -> File:
        """A file of an archive."""
        return self.screened(File(shown(member.parts[-1]), member.path, member.failure, member.detail))

    def unpack(self, archive: Path) -> Unpacked | None:
        """Unpack into a folder of its own; what is left of a failure is deleted.  None: it is no archive."""
        folder = Path(tempfile.mkdtemp(dir=self.workspace))
        try:
            return unpack(archive, folder, self.limits)
        except UnreadableDocumentError:
            shutil.rmtree(folder)
            raise


Gathered = tuple[list[File], list[Notice]]


def discard(submission: Submission, workspace: Path) -> None:
    """Delete those of its files that were unpacked into ``workspace``."""
    for file in submission.files:
        if file.path and workspace in file.path.parents:
            file.path.unlink(missing_ok=True)


def _joined(paths: Sequence[Path], gathering: _Gathering) -> Iterator[Item]:
    files: list[File] = []
    notices: list[Notice] = []
    for path in paths:
        more_files, more_notices = _everything(path, gathering)
        files += more_files
        notices += more_notices
    yield Announced(1)
    yield from _one(_title(paths[0]), files, notices)


def _one(title: str, files: list[File], notices: list[Notice]) -> Iterator[Item]:
    """One submission; none at all if a file could not be had, for it would be judged as not submitted."""
    yield from notices
    if not any(notice.is_error for notice in notices):
        yield Submission(title, tuple(files))
    elif files:
        yield Notice(f"{title}：有文件没有读到，送审件不完整，没有审查。请处理后重试。", is_error=True)


def _named(path: Path, gathering: _Gathering) -> Iterator[Item]:
    """The submissions of one path."""
    if problem := _problem(path):
        yield problem
        return
    if path.is_dir():
        yield from _folder_batch(path, gathering)
        return
    file = gathering.screened(File(_title(path), path))
    if file.failure is None and may_be_archive(path):
        yield from _archive_batch(file, path, gathering)
    else:
        yield from _lone(file)


def _folder_batch(folder: Path, gathering: _Gathering) -> Iterator[Item]:
    names = sorted(os.listdir(folder), key=lambda name: natural((name,)))
    wanted = [name for name in names if not is_junk((name,))]
    yield from _left_out(folder, [name for name in names if is_junk((name,))], _JUNK)
    if not wanted:
        yield _nothing_in(folder)
    yield Announced(len(wanted))
    for name in wanted:
        yield from _one(shown(name), *_everything(folder / name, gathering))


def _lone(file: File) -> Iterator[Item]:
    yield Announced(1)
    yield Submission(file.name, (file,))


def _archive_batch(file: File, path: Path, gathering: _Gathering) -> Iterator[Item]:
    try:
        unpacked = gathering.unpack(path)
    except UnreadableDocumentError as error:
        yield from _lone(replace(file, failure=error.reason, detail=error.detail))
        return
    if unpacked is None:
        yield from _lone(file)
        return
    yield from _archive_notices(path, unpacked)
    if not unpacked.members:
        yield _nothing_in(path)
    place = _own_place if gathering.apart else _batch_place
    batch = [(title, list(group)) for title, group in groupby(unpacked.members, key=place)]
    yield Announced(len(batch))
    for title, members in batch:
        yield Submission(shown("/".join(filter(None, title))), tuple(map(gathering.member, members)))


def _own_place(member: Member) -> tuple[str, ...]:
    """Every file stands alone."""
    return member.parts


def _batch_place(member: Member) -> tuple[str, ...]:
    """Loose files stand alone, files of one folder together."""
    return member.parts if len(member.parts) == 1 else (member.parts[0], "")


def _everything(path: Path, gathering: _Gathering) -> Gathered:
    """All documents of a file, folder or archive, and what is worth noticing."""
    if problem := _problem(path):
        return [], [problem]
    if path.is_dir():
        return _whole_folder(path, gathering)
    file = gathering.screened(File(_title(path), path))
    if file.failure is None and may_be_archive(path):
        return _whole_archive(file, path, gathering)
    return [file], []


def _whole_folder(folder: Path, gathering: _Gathering) -> Gathered:
    files: list[File] = []
    notices: list[Notice] = []
    places = sorted(_walk(folder, notices), key=natural)
    junk = [parts for parts in places if is_junk(parts)]
    notices += _left_out(folder, ["/".join(parts) for parts in junk], _JUNK)
    for parts in places:
        if not is_junk(parts):
            more_files, more_notices = _everything(folder.joinpath(*parts), gathering)
            files += more_files
            notices += more_notices
    if not files and not any(notice.is_error for notice in notices):
        notices.append(_nothing_in(folder))
    return files, notices


def _walk(folder: Path, notices: list[Notice]) -> Iterator[tuple[str, ...]]:
    """Paths of all files under ``folder``, relative to it; linked folders are not entered (they may loop)."""

    def refuse(error: OSError) -> None:
        notices.append(_refusal(Path(error.filename), error))

    for place, _, names in os.walk(folder, onerror=refuse):
        above = Path(place).relative_to(folder).parts
        yield from ((*above, name) for name in names)


def _whole_archive(file: File, path: Path, gathering: _Gathering) -> Gathered:
    try:
        unpacked = gathering.unpack(path)
    except UnreadableDocumentError as error:
        return [replace(file, failure=error.reason, detail=error.detail)], []
    if unpacked is None:
        return [file], []
    notices = list(_archive_notices(path, unpacked))
    if not unpacked.members:
        return [File(_title(path), path, UnreadableReason.NO_CONTENT, "压缩包中没有文件。")], notices
    return [gathering.member(member) for member in unpacked.members], notices


def _title(path: Path) -> str:
    return shown(path.name or path.resolve().name or str(path))


def _archive_notices(path: Path, unpacked: Unpacked) -> Iterator[Notice]:
    yield from _left_out(path, unpacked.junk, _JUNK)
    yield from _left_out(path, unpacked.refused, "链接或设备文件，没有可以审查的内容")


def _left_out(where: Path, what: Sequence[str], why: str) -> Iterator[Notice]:
    if what:
        examples = "、".join(shown(name) for name in what[:_EXAMPLES])
        more = f"等 {len(what)} 个" if len(what) > _EXAMPLES else ""
        yield Notice(f"{_title(where)}：已忽略 {examples}{more}（{why}）。")


def _nothing_in(path: Path) -> Notice:
    return Notice(f"{_title(path)}：里面没有可以检查的文件。请核对是否选对了文件夹或压缩包。", is_error=True)


def _problem(path: Path) -> Notice | None:
    """What keeps a path from being read, None if nothing does.  Asked first: opening a pipe would wait."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.scandir(path).close()
        elif stat.S_ISREG(mode):
            path.open("rb").close()
        else:
            return Notice(f"{shown(str(path))}：不是普通文件，无法检查。请给出文件或文件夹。", is_error=True)
    except OSError as error:
        return _refusal(path, error)
    return None


def _refusal(path: Path, error: OSError) -> Notice:
    match error:
        case FileNotFoundError():
            why = "没有这个文件或文件夹。请核对路径。"
        case PermissionError():
            why = "没有读取权限。请修改权限，或换用有权限的账号。"
        case _:
            why = f"无法读取（{system_reason(error)}）。请检查磁盘和路径。"
    return Notice(f"{shown(str(path))}：{why}", is_error=True)
