"""Pictures in a Word document that are pages of paper, pasted by somebody: read by text recognition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from extractors.document import Block, Limits, Paragraph, Picture, Role, Table, paragraphs
from extractors.docx.pictures import Embedded, Scanned
from extractors.ocr.available import is_available
from extractors.pdf.paper import Paper, blocks_of, mark_roles
from extractors.pdf.pictures import may_be_seal
from extractors.sniff import BMP, JPEG, PNG, TIFF, sniff
from schemas.errors import UnreadableDocumentError

if TYPE_CHECKING:
    from extractors.ocr.scan import Scan

_A4 = 595.0 * 842.0
_ALONE = 0.1
"""Share of an A4 sheet from which a picture is a page, where there is little but pictures."""
_CAPTION = 60
"""Characters for each picture that are little: a page number, a caption."""
_UPRIGHT = (1.25, 1.6)
"""How many times its width an upright sheet of paper is high."""
_PAGE_LIKE, _OTHER = 0.15, 0.4
"""Share of an A4 sheet from which a picture among text may be a page: of that shape, of another."""
_LEAST_WRITING = 40
"""Characters from which on something is written on a picture among text."""
_LINE, _IN_LINES = 10, 0.3
"""Characters of a line of writing, and the share of all in such lines: a diagram's labels are short."""
_FROM_PICTURE = -1
"""Number of a paragraph from a picture before all are numbered."""


def with_scans(blocks: tuple[Block, ...], limits: Limits) -> Scanned:
    """Read the pictures that are pages, and put what is on them in their place.

    Args:
        blocks: of the whole document.
        limits: on the number of pages that are read.
    """
    pages = list(_embedded(blocks))
    scans: dict[int, Scan] = {}
    unread: list[int] = []
    if pages:
        alone = _are_alone(blocks, len(pages))
        likely = [page for page in pages if _may_be_page(page, alone=alone)]
        files = {page.number: data for page in likely if (data := _raster(page))}
        scans, unread = _read(files, limits, alone=alone)
    spliced, recognised = _numbered(_spliced(blocks, _papers(scans)))
    return Scanned(spliced, tuple(scans), tuple(unread), recognised)


def _embedded(blocks: Sequence[Block]) -> Iterator[Embedded]:
    for block in blocks:
        if isinstance(block, Embedded):
            yield block
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from _embedded(cell.blocks)


def _are_alone(blocks: tuple[Block, ...], pictures: int) -> bool:
    """Whether there is little in the document but its pictures."""
    return sum(len(p.text) for p in paragraphs(blocks) if p.role is Role.BODY) <= _CAPTION * pictures


def _may_be_page(picture: Embedded, *, alone: bool) -> bool:
    share = picture.wide * picture.high / _A4
    if alone:
        return not share or share >= _ALONE
    is_upright = _UPRIGHT[0] * picture.wide <= picture.high <= _UPRIGHT[1] * picture.wide
    return share >= (_PAGE_LIKE if is_upright else _OTHER)


def _raster(picture: Embedded) -> bytes:
    """The bytes of a photograph or scan; none of a drawing that is made of lines, or of what is not there."""
    source = picture.source
    part = source and source.package.target(source.part, "image", picture.link)
    data = source.package.read(part) if source and part else b""
    return data if sniff(data) in (JPEG, PNG, TIFF, BMP) else b""


def _read(files: Mapping[int, bytes], limits: Limits, *, alone: bool) -> tuple[dict[int, Scan], list[int]]:
    """What was read, and the numbers of the pictures that could not be; diagrams are neither.

    Args:
        files: pictures by their number.
        limits: on the number of pages that are read.
        alone: there is little in the document but its pictures.
    """
    if not is_available():
        return {}, list(files)
    from extractors.image import pages_of
    from extractors.ocr.engine import OcrUnavailableError
    from extractors.ocr.scan import read_photograph

    scans: dict[int, Scan] = {}
    unread: list[int] = []
    for index, (number, data) in enumerate(files.items()):
        if index >= limits.max_scanned_pages:
            unread.append(number)
            continue
        limits.before_scan()
        try:
            scan = read_photograph(*next(pages_of(data, limits)))
        except OcrUnavailableError:
            return {}, list(files)
        except UnreadableDocumentError:
            unread.append(number)
            continue
        if not scan.legible:
            unread.append(number)
        elif alone or _is_writing(scan):
            scans[number] = scan
    return scans, unread


def _is_writing(scan: Scan) -> bool:
    lengths = [len(piece.text) for piece in scan.pieces]
    in_lines = sum(length for length in lengths if length >= _LINE)
    return sum(lengths) >= _LEAST_WRITING and in_lines >= _IN_LINES * sum(lengths)


def _papers(scans: Mapping[int, Scan]) -> dict[int, Paper]:
    if not scans:
        return {}
    from extractors.ocr.scan import paper_of, with_even_sizes

    even = with_even_sizes(list(scans.values()))
    papers = {number: paper_of(scan, number) for number, scan in zip(scans, even, strict=True)}
    mark_roles(list(papers.values()))
    return papers


def _spliced(blocks: Sequence[Block], papers: Mapping[int, Paper]) -> Iterator[Block]:
    """The blocks, each picture that was read replaced by what is on it; those in a row are one text."""
    run: list[Paper] = []
    for block in blocks:
        if isinstance(block, Embedded) and block.number in papers:
            run.append(papers[block.number])
            continue
        yield from map(_placeless, blocks_of(run))
        run = []
        if isinstance(block, Embedded):
            yield Picture(seal=may_be_seal(block.wide, block.high))
        elif isinstance(block, Table) and any(_embedded((block,))):
            yield _with_cells(block, lambda cell: tuple(_spliced(cell, papers)))
        else:
            yield block
    yield from map(_placeless, blocks_of(run))


def _placeless(block: Block) -> Block:
    """What was read from a picture, without its place on that: the document has no such pages."""
    if isinstance(block, Paragraph):
        return block._replace(page=None, bbox=None, number=_FROM_PICTURE)
    if isinstance(block, Table):
        cells = _with_cells(block, lambda cell: tuple(map(_placeless, cell)))
        return replace(cells, page=None, bbox=None)
    return Picture(seal=block.seal)


def _numbered(blocks: Iterable[Block]) -> tuple[tuple[Block, ...], frozenset[int]]:
    """The blocks, their paragraphs numbered anew, and the numbers of those from pictures."""
    recognised: list[int] = []
    number = 0

    def anew(block: Block) -> Block:
        nonlocal number
        if isinstance(block, Table):
            return _with_cells(block, lambda cell: tuple(map(anew, cell)))
        if isinstance(block, Paragraph):
            number += 1
            if block.number == _FROM_PICTURE:
                recognised.append(number)
            return block._replace(number=number)
        return block

    return tuple(map(anew, blocks)), frozenset(recognised)


def _with_cells(table: Table, change: Callable[[tuple[Block, ...]], tuple[Block, ...]]) -> Table:
    rows = (tuple(cell._replace(blocks=change(cell.blocks)) for cell in row) for row in table.rows)
    return replace(table, rows=tuple(rows))
