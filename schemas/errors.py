"""The exception tree: everything that this program raises on purpose, on one page.

A deficiency of a document is never an exception: it is a finding.  What is raised falls into four kinds:

``UnreadableDocumentError``
    The bytes cannot be read as a document.  The pipeline turns it into a ``document-unreadable`` finding;
    retrying is pointless, the submitter must mend the file.
``PackError``
    A rule pack is broken.  Raised at start or by ``yushen packs lint``; the operator must mend the pack.
``UsageError``
    The call was wrong (no such pack, no such path).  The message is Chinese and names the remedy.

``ScannerUnavailableError``
    The virus scanner that the operator has set does not answer.  Nothing is judged unscanned; retrying helps.

Anything else that escapes is a fault of the program: recorded apart, never shown as a verdict.
"""

from __future__ import annotations

import errno
from enum import StrEnum

_SYSTEM = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EEXIST: "已有同名文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "链接互相指向，没有尽头",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EROFS: "磁盘只能读取",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.ECONNREFUSED: "对方没有在这个端口应答",
    errno.ECONNRESET: "连接被对方断开",
    errno.EPIPE: "连接被对方断开",
    errno.EHOSTUNREACH: "网络不通",
    errno.ENETUNREACH: "网络不通",
}
"""What the operating system says most often, as a clerk can read it."""


class UnreadableReason(StrEnum):
    """Why a file cannot be read; the key of its message and remedy in ``schemas/catalogue.json``."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    EMPTY_FILE = "empty-file"
    NO_CONTENT = "no-content"
    NO_TEXT_LAYER = "no-text-layer"
    NO_CONVERTER = "no-converter"
    GARBLED_TEXT = "garbled-text"
    UNSUPPORTED = "unsupported"
    MISNAMED = "misnamed"
    TOO_LARGE = "too-large"
    TOO_MANY_PAGES = "too-many-pages"
    TOO_MANY_FILES = "too-many-files"
    UNPACKS_TOO_LARGE = "unpacks-too-large"
    TIME_LIMIT = "time-limit"
    MEMORY_LIMIT = "memory-limit"
    PARSER_CRASH = "parser-crash"
    INFECTED = "infected"


class YushenError(Exception):
    """Base of all that is raised on purpose."""


class UnreadableDocumentError(YushenError):
    """The bytes cannot be read as a document.

    Attributes:
        reason: which message and remedy of the catalogue applies.
        detail: what fills the message's ``{detail}`` (Chinese, may be empty), e.g. ``"412 页，上限 300 页"``.
    """

    def __init__(self, reason: UnreadableReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class PackError(YushenError):
    """A rule pack is broken; the message says which file and what is wrong with it."""


class UsageError(YushenError):
    """The call was wrong; the message is Chinese and names the remedy."""


class ScannerUnavailableError(YushenError):
    """The virus scanner gave no verdict on a file; the message is Chinese and names the remedy."""


def system_reason(error: OSError) -> str:
    """Why the operating system refused, in Chinese; in its own words where that is rare."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or type(error).__name__
