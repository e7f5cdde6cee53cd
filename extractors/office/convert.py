"""Runs LibreOffice, confined: a profile of its own, a time limit, killed with all that it started."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from schemas.errors import UnreadableDocumentError, UnreadableReason

_SECONDS = 50.0
"""For one conversion: less than what the process that asks for it is given, so that it can say why."""
_RESTART = 81
"""Exit status with which LibreOffice asks to be started again, after it has written a fresh profile."""
_CONVERSIONS = 100
"""A profile is thrown away after so many."""
_PROGRAMS = ("soffice", "libreoffice")
_FILTER = "docx:MS Word 2007 XML"
_ZIP = b"PK\x03\x04"
_PR_SET_PDEATHSIG = 1

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
"""No macro runs, no link is followed."""


def program() -> Path | None:
    """LibreOffice itself, None where it is not installed.

    The program behind the starters, where it lies beside them: the starters leave it running when they are
    killed.
    """
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found is None:
        return None
    itself = Path(found).resolve().with_name("soffice.bin")
    return itself if itself.is_file() else Path(found)


def to_docx(data: bytes, suffix: str, title: str) -> bytes:
    """The file as .docx.

    Args:
        data: the file.
        suffix: how files of its kind are called, without the dot.
        title: what people call that kind, for messages.

    Raises:
        UnreadableDocumentError: LibreOffice is not there, fails or takes too long.
    """
    soffice = program()
    if soffice is None:
        raise UnreadableDocumentError(UnreadableReason.NO_CONVERTER, f"这是{title}。")
    office = _office(soffice)
    try:
        return office.converted(data, suffix)
    except BaseException:
        _office.cache_clear()
        office.close()
        raise
    finally:
        if office.worn_out:
            _office.cache_clear()
            office.close()


class _Office:
    """LibreOffice with a profile of its own, which no other process may use at the same time."""

    def __init__(self, soffice: Path) -> None:
        self._soffice = soffice
        self._folder = Path(tempfile.mkdtemp(prefix="yushen-office-"))
        self._conversions = 0
        settings = self._folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        atexit.register(self.close)

    @property
    def worn_out(self) -> bool:
        """Whether another profile should be made."""
        return self._conversions >= _CONVERSIONS

    def close(self) -> None:
        """Delete the profile."""
        atexit.unregister(self.close)
        shutil.rmtree(self._folder, ignore_errors=True)

    def converted(self, data: bytes, suffix: str) -> bytes:
        """The file as .docx; see ``to_docx``."""
        self._conversions += 1
        source, result = self._folder / f"document.{suffix}", self._folder / "out" / "document.docx"
        source.write_bytes(data)
        try:
            status = self._run(source)
            if status == _RESTART:
                status = self._run(source)
            # It says that all went well also where it wrote nothing.
            converted = result.read_bytes() if result.is_file() else b""
        finally:
            source.unlink()
            result.unlink(missing_ok=True)
        if not converted.startswith(_ZIP):
            raise UnreadableDocumentError(UnreadableReason.DAMAGED, _ended(status))
        return converted

    def _run(self, source: Path) -> int:
        process = subprocess.Popen(
            [
                self._soffice,
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                f"-env:UserInstallation={(self._folder / 'profile').as_uri()}",
                "--convert-to",
                _FILTER,
                "--outdir",
                self._folder / "out",
                source,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": str(self._folder),
                "TMPDIR": str(self._folder),
                "LANG": "C.UTF-8",
                "SAL_USE_VCLPLUGIN": "svp",
            },
            cwd=self._folder,
            process_group=0,
            preexec_fn=_die_with_parent,
        )
        try:
            return process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            raise UnreadableDocumentError(UnreadableReason.TIME_LIMIT, f"上限 {_SECONDS:g} 秒。") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@lru_cache(maxsize=1)
def _office(soffice: Path) -> _Office:
    return _Office(soffice)


def _ended(status: int) -> str:
    return "LibreOffice 打不开这个文件。" if status >= 0 else "LibreOffice 打开这个文件时异常退出。"


_LIBC = ctypes.CDLL(None)


def _die_with_parent() -> None:
    """Be killed when the process goes that asked for the conversion, whatever ends it."""
    if prctl := getattr(_LIBC, "prctl", None):
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
