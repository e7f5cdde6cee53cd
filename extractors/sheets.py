"""Pages that were handed in as a picture file each: which of them are one document, and put together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from extractors.document import Document, Sheet, paragraphs

_NUMBERED = re.compile(r"(.*?)(\d+)(\D*)")
"""A file's name without its ending, its last number in the middle."""
_ANNEX = re.compile(r"(?:附件|附表|附图|附录|附)\W*$")
"""Before a number it counts documents, not pages."""


def runs(documents: Sequence[Document]) -> list[list[int]]:
    """Indices of documents that are the pages of one, in the order of their numbers.

    IMG_001.jpg and IMG_002.jpg, 第1页.png and 第2页.png: picture files of a page each whose names differ in
    one number alone, and all in that one.
    """
    found: dict[tuple[str, str], dict[int, int]] = {}
    twice: set[tuple[str, str]] = set()
    for index, document in enumerate(documents):
        match = _NUMBERED.fullmatch(PurePath(document.name).stem)
        if match is None or document.pages != 1 or not document.scans or _ANNEX.search(match[1]):
            continue
        key = match[1], match[3]
        numbers = found.setdefault(key, {})
        if numbers.setdefault(int(match[2]), index) != index:
            twice.add(key)
    pages = [[index for _, index in sorted(n.items())] for key, n in found.items() if key not in twice]
    return [run for run in pages if len(run) > 1]


def put_together(documents: Sequence[Document]) -> Document:
    """Documents that are the pages of one, as that one; it bears the name of the first."""
    from extractors.image import document_of

    first = documents[0]
    sheets = tuple(Sheet(d.name, page) for d in documents for page in range(1, len(d.scans) + 1))
    whole = document_of(first.name, first.media_type, [scan for d in documents for scan in d.scans])
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
