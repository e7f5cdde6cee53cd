"""Has LibreOffice convert documents, confined: a profile of its own, a time limit, killed with its process.

Each process has at most one LibreOffice, which stays up between documents, so that a pool of processes is a
pool of offices.  It starts with the first document that needs it.
"""

from __future__ import annotations

import atexit
import threading
import time
from typing import Protocol

from extractors.office.installation import Installation, installed
from extractors.office.single import SingleRuns
from extractors.office.warm import EndedError, NoKitError, WarmOffice
from schemas.errors import UnreadableDocumentError, UnreadableReason

_SECONDS = 50.0
"""For one conversion: less than what the process that asks for it is given, so that it can say why."""
_ZIP = b"PK\x03\x04"


class Office(Protocol):
    """What converts documents; no longer to be used after an exception."""

    @property
    def worn_out(self) -> bool:
        """Whether another should take its place."""

    def converted(self, data: bytes, suffix: str, deadline: float) -> bytes:
        """The file as .docx, or whatever came in its place."""

    def close(self) -> None:
        """End it and delete all that it wrote."""


def to_docx(data: bytes, suffix: str, title: str) -> bytes:
    """The file as .docx.

    Args:
        data: the file.
        suffix: how files of its kind are called, without the dot.
        title: what people call that kind, for messages.

    Raises:
        UnreadableDocumentError: LibreOffice is not there, fails or takes too long.
    """
    installation = installed()
    if installation is None:
        raise UnreadableDocumentError(UnreadableReason.NO_CONVERTER, f"这是{title}。")
    with DESK.turn:
        converted = DESK.converted(installation, data, suffix)
    if not converted.startswith(_ZIP):
        # It says that all went well also where it wrote nothing.
        raise UnreadableDocumentError(UnreadableReason.DAMAGED, "LibreOffice 打不开这个文件。")
    return converted


class Desk:
    """The one office of this process, and its replacement after any failure."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.office: Office | None = None
        self._installation: Installation | None = None

    def close(self) -> None:
        """End the office, if there is one."""
        if office := self.office:
            self.office = None
            office.close()

    def converted(self, installation: Installation, data: bytes, suffix: str) -> bytes:
        """The file as .docx, or whatever LibreOffice wrote in its place.

        Raises:
            UnreadableDocumentError: LibreOffice fails or takes too long.
        """
        deadline = time.monotonic() + _SECONDS
        try:
            return self._once(installation, data, suffix, deadline)
        except EndedError as ended:
            if ended.by_document:
                raise _crashed() from None
        # What an earlier document left in its memory may be to blame, or it had just ended for being idle.
        try:
            return self._once(installation, data, suffix, deadline)
        except EndedError:
            raise _crashed() from None

    def _once(self, installation: Installation, data: bytes, suffix: str, deadline: float) -> bytes:
        try:
            office = self.at_work(installation)
            converted = office.converted(data, suffix, deadline)
        except UnreadableDocumentError as error:
            self.close()
            if error.reason is UnreadableReason.TIME_LIMIT:
                raise UnreadableDocumentError(error.reason, f"上限 {_SECONDS:g} 秒。") from None
            raise
        except BaseException:
            self.close()
            raise
        if office.worn_out or not converted.startswith(_ZIP):
            self.close()
        return converted

    def at_work(self, installation: Installation) -> Office:
        """The office, started if there is none."""
        if self.office is None or self._installation != installation:
            self.close()
            self.office, self._installation = open_office(installation), installation
        return self.office


def open_office(installation: Installation) -> Office:
    """One that stays up, or where that cannot be, one that is started for each document."""
    try:
        return WarmOffice(installation)
    except (NoKitError, UnreadableDocumentError):
        return SingleRuns(installation)


def _crashed() -> UnreadableDocumentError:
    return UnreadableDocumentError(UnreadableReason.DAMAGED, "LibreOffice 打开这个文件时异常退出。")


DESK = Desk()
atexit.register(DESK.close)
