"""Pages that were handed in as a picture file each: which of them are one document, and put together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from extractors.document import Document, Sheet, paragraphs
from extractors.sniff import BMP, JPEG, PNG, TIFF

_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)")
"""A file's name without its ending, its last number in the middle."""
_PICTURES = frozenset(suffix for kind in (JPEG, PNG, TIFF, BMP) for suffix in kind.suffixes)
_FEWEST = 2
_ANNEX = re.compile(r"(?:附件|附表|附图|附录|附)\W*$")
"""Before a number it counts documents, not pages."""


@dataclass(frozen=True, slots=True)
class Page:
    """A file that may be a page of a document.

    Attributes:
        name: of the file.
        read: what was read of it; None where it could not be read.
    """

    name: str
    read: Document | None

    @property
    def is_one(self) -> bool:
        """Whether it is a picture of one page, by its name where nothing else is known."""
        if self.read is None:
            return PurePath(self.name).suffix.lower() in _PICTURES
        return len(self.read.scans) == 1


def runs(pages: Sequence[Page]) -> list[list[int]]:
    """Indices of those that are the pages of one document, in the order of their numbers.

    IMG_001.jpg and IMG_002.jpg, 第1页.png and 第2页.png: pictures of a page each whose names differ in one
    number alone, and all in that one.
    """
    if len(pages) < _FEWEST:
        return []
    found: dict[tuple[str, str], dict[int, int]] = {}
    twice: set[tuple[str, str]] = set()
    for index, page in enumerate(pages):
        match = _NUMBERED.fullmatch(PurePath(page.name).stem)
        if match is None or not page.is_one or _ANNEX.search(match[1]):
            continue
        key = match[1], match[3]
        numbers = found.setdefault(key, {})
        if numbers.setdefault(int(match[2]), index) != index:
            twice.add(key)
    every = [[index for _, index in sorted(n.items())] for key, n in found.items() if key not in twice]
    return [run for run in every if len(run) >= _FEWEST and any(pages[index].read for index in run)]


def put_together(pages: Sequence[Page]) -> Document:
    """The document that a run of pages is, at least one of them read; it bears the name of the first."""
    from extractors.image import document_of
    from extractors.ocr.scan import UNREAD

    sheets = tuple(Sheet(page.name, 1) for page in pages)
    scans = [scan for page in pages for scan in (page.read.scans if page.read else (UNREAD,))]
    media_type = next(page.read.media_type for page in pages if page.read)
    whole = document_of(pages[0].name, media_type, scans)
    return replace(whole, sheets=sheets, own_numbers=_own_numbers(whole, sheets))


def _own_numbers(whole: Document, sheets: Sequence[Sheet]) -> tuple[int, ...]:
    """For each paragraph, how many of its file it is: a table that goes on stands among what is before it."""
    seen: Counter[str] = Counter()
    numbers = []
    for paragraph in paragraphs(whole.blocks):
        file = sheets[(paragraph.page or 1) - 1].file
        seen[file] += 1
        numbers.append(seen[file])
    return tuple(numbers)
