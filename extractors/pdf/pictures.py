"""Puts the pictures that stand in the text by themselves (diagrams, seals) among the blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.document import BBox, Block, Paragraph, Picture, Role, Table
from extractors.pdf.page import Frame

_LEAST_WIDTH, _LEAST_HEIGHT = 60.0, 40.0
"""Smaller pictures are icons and ornaments, in points."""
_MARGIN = 0.08
"""Share of the page's height at its upper and lower end where logos of headers and footers stand."""
_SEAL = (42.0, 170.0)
"""Least and greatest diameter of a seal, in points (15 to 60 mm)."""
_ROUND = 0.85
"""Least share of a seal's longer side that is its shorter."""
_BACKGROUND = 0.6
"""Share of the page from which a picture is its background, or the scanned page itself."""

_Box = tuple[float, float, float, float]


def pictures_of(boxes: Iterable[_Box], frame: Frame, page: int) -> list[Picture]:
    """The pictures of a page that are content, in the order in which they are drawn."""
    return [
        Picture(page, frame.bbox(*box), seal=may_be_seal(box[2] - box[0], box[3] - box[1]))
        for box in boxes
        if _is_content(box, frame)
    ]


def seals_of(boxes: Iterable[_Box], frame: Frame, page: int) -> list[Picture]:
    """The seals of a page, wherever they stand."""
    return [Picture(page, frame.bbox(*box), seal=True) for box in boxes]


def may_be_seal(wide: float, high: float) -> bool:
    """Whether a picture has the measures of a seal, in points; diagrams are wider or larger."""
    shorter, longer = sorted((wide, high))
    return _SEAL[0] <= longer <= _SEAL[1] and shorter >= _ROUND * longer


def _is_content(box: _Box, frame: Frame) -> bool:
    wide, high = box[2] - box[0], box[3] - box[1]
    if wide < _LEAST_WIDTH or high < _LEAST_HEIGHT:
        return False
    if wide * high > _BACKGROUND * frame.width * frame.height:
        return False
    return box[3] > _MARGIN * frame.height and box[1] < (1 - _MARGIN) * frame.height


def with_pictures(blocks: Sequence[Block], pictures: Sequence[Picture]) -> tuple[Block, ...]:
    """The blocks with each picture behind the last block of the text that stands above it."""
    placed = list(blocks)
    for picture in sorted(pictures, key=_place, reverse=True):
        placed.insert(_index(placed, picture), picture)
    return tuple(placed)


def _place(block: Block) -> tuple[int, float]:
    box: BBox | None = block.bbox
    return block.page or 0, box.top if box else 0.0


def _index(blocks: Sequence[Block], picture: Picture) -> int:
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        running = isinstance(block, Paragraph) and block.role is Role.MARGIN
        if isinstance(block, Paragraph | Table) and not running and _place(block) <= _place(picture):
            return index + 1
    return 0
