"""Where LibreOffice is on this machine, and with which profile and environment it is started."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

_PROGRAMS = ("soffice", "libreoffice")
_LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")
"""Where LibreOfficeKit may be: which of them there is depends on how LibreOffice was built."""
_VERSION = re.compile(r"^ProductKey=.* (\d+\.\d+)\s*$", re.MULTILINE)
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
{version}</oor:items>
"""
"""No macro runs, no link is followed."""
_VERSION_ITEM = """<item oor:path="/org.openoffice.Setup/Product">
<prop oor:name="ooSetupLastVersion" oor:op="fuse"><value>{version}</value></prop></item>
"""
"""Without it LibreOffice takes a fresh profile for its first start after an update, and tests how this
machine draws: more than twice the processor time."""


@dataclass(frozen=True, slots=True)
class Installation:
    """LibreOffice as it is installed here.

    Attributes:
        soffice: the program.
        library: where its C interface is, None where it has none.
    """

    soffice: Path
    library: Path | None

    def make_profile(self, folder: Path) -> None:
        """Write a profile that no other process may use at the same time."""
        user = folder / "user"
        user.mkdir(parents=True)
        version = self._version()
        item = _VERSION_ITEM.format(version=version) if version else ""
        (user / "registrymodifications.xcu").write_text(_SETTINGS.format(version=item), encoding="utf-8")

    def _version(self) -> str:
        try:
            said = _VERSION.search(self.soffice.with_name("bootstraprc").read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return ""
        return said[1] if said else ""


def installed() -> Installation | None:
    """LibreOffice itself, None where it is not installed.

    The program behind the starters, where it lies beside them: the starters leave it running when they are
    killed.
    """
    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if found is None:
        return None
    itself = Path(found).resolve().with_name("soffice.bin")
    libraries = (itself.with_name(name) for name in _LIBRARIES)
    library = next((path for path in libraries if path.is_file()), None)
    return Installation(itself if itself.is_file() else Path(found), library)


def environment(folder: Path) -> dict[str, str]:
    """What LibreOffice gets of the environment; ``folder`` is all that it should write to."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
        # Else each thread reserves address space, of which the process has a limit, by the 64 MiB.
        "MALLOC_ARENA_MAX": "2",
    }


_LIBC = ctypes.CDLL(None)


def die_with_parent() -> None:
    """Be killed when the process goes that asked for the conversion, whatever ends it."""
    if prctl := getattr(_LIBC, "prctl", None):
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
