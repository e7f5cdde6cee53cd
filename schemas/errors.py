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

from enum import StrEnum


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
