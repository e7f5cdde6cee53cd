"""What a page of an OFD file draws: text, lines and pictures, in points from the upper left."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.pdf.binding import Matrix
from extractors.pdf.lines import is_cjk
from extractors.pdf.page import Piece, Rule
from extractors.text import fold

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

POINTS = 72 / 25.4
"""Points in a millimetre, the unit of OFD."""
_DEEPEST = 32
_MOST_OBJECTS = 100_000
_AS_ONE = 10
"""Characters that count as much as an object."""
_THIN = 4.0
_SHORTEST = 3.0
_FAR = 1.2
"""A step between two characters, in font sizes beyond their width, that parts them."""
_BOLD_WEIGHT = 600
_FARTHEST = 1e6
"""Millimetres, and whatever else a page counts: no sound file comes near it."""
_SHAPE = re.compile(r"[A-Za-z]|-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|-?\.\d+")

_Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Drawn:
    """What was found on a page; of pictures the rectangle and the resource that they show."""

    pieces: list[Piece] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictures: list[tuple[_Box, str]] = field(default_factory=list)
    budget: int = _MOST_OBJECTS


def local(element: Element) -> str:
    """The element's name without its namespace, which producers spell in several ways."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children of that name; none where there is no element."""
    return (child for child in element if local(child) == name) if element is not None else iter(())


def numbers(text: str | None) -> list[float]:
    """The numbers of a blank-separated list; an empty list where one of them is none."""
    try:
        return [_number(word) for word in (text or "").split()]
    except ValueError:
        return []


def _number(word: str) -> float:
    """A number of the file.

    Raises:
        ValueError: it is none, or none of a page: "NaN" and "1e309" can be neither compared nor added.
    """
    number = float(word)
    if not abs(number) < _FARTHEST:
        raise ValueError(word)
    return number


def draw(
    layers: Iterator[Element], fonts: Mapping[str, bool], units: Mapping[str, Element], onto: Drawn
) -> None:
    """Add what the layers of a page or template draw.

    Args:
        layers: the elements that hold objects.
        fonts: id of a font -> whether it is bold.
        units: composite graphics by id.
        onto: grows.
    """
    scale = Matrix(POINTS, 0, 0, POINTS, 0, 0)
    for layer in layers:
        _objects(layer, scale, fonts, units, onto, 0)


def _objects(
    parent: Element,
    outer: Matrix,
    fonts: Mapping[str, bool],
    units: Mapping[str, Element],
    onto: Drawn,
    depth: int,
) -> None:
    onto.budget -= 1  # of each use of a composite, which may be empty and used without end
    for item in parent:
        if onto.budget <= 0 or depth > _DEEPEST:
            return
        onto.budget -= 1
        match local(item):
            case "TextObject":
                pieces = list(_pieces(item, _matrix(item, outer), fonts))
                onto.budget -= sum(len(piece.text) for piece in pieces) // _AS_ONE
                onto.pieces += pieces
            case "PathObject":
                _rules(item, _matrix(item, outer), onto)
            case "ImageObject":
                onto.pictures.append((_placed(item, outer), item.get("ResourceID") or ""))
            case "PageBlock":
                _objects(item, outer, fonts, units, onto, depth + 1)
            case "CompositeObject":
                unit = units.get(item.get("ResourceID") or "")
                for content in children(unit, "Content"):
                    _objects(content, _matrix(item, outer), fonts, units, onto, depth + 1)


def _matrix(item: Element, outer: Matrix) -> Matrix:
    """From the object's own space to the page: its matrix, then its boundary's corner."""
    x, y, *_ = [*numbers(item.get("Boundary")), 0.0, 0.0]
    own = numbers(item.get("CTM"))
    inner = Matrix(*own) if len(own) == 6 else Matrix(1, 0, 0, 1, 0, 0)
    return outer.after(Matrix(1, 0, 0, 1, x, y).after(inner))


def _placed(item: Element, outer: Matrix) -> _Box:
    x, y, wide, high = (numbers(item.get("Boundary")) + [0.0] * 4)[:4]
    return outer.box((x, y, x + wide, y + high))


def _pieces(item: Element, matrix: Matrix, fonts: Mapping[str, bool]) -> Iterator[Piece]:
    em = (numbers(item.get("Size")) or [0.0])[0]
    size = round(em * (abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5), 2)
    weight = (numbers(item.get("Weight")) or [0.0])[0]
    bold = weight >= _BOLD_WEIGHT or fonts.get(item.get("Font") or "", False)
    x = y = 0.0
    for code in children(item, "TextCode"):
        x, y = (numbers(code.get("X")) or [x])[0], (numbers(code.get("Y")) or [y])[0]
        text = _content(code)
        if not text or size <= 0:
            continue
        places = list(_places(code, len(text), x, y, em))
        for start, end in _runs(text, places, em):
            shown = fold(text[start:end])
            if shown.strip():
                x0, base = matrix.point(*places[start])
                x1, _ = matrix.point(places[end - 1][0] + em * _advance(text[end - 1]), places[end - 1][1])
                spaced = end < len(text) and text[end].isspace()
                yield Piece(shown.strip(), min(x0, x1), max(x0, x1), base, size, bold, spaced)


def _content(code: Element) -> str:
    return "".join(map(str, code.itertext())).strip("\r\n\t")


def _advance(character: str) -> float:
    return 1.0 if is_cjk(character) else 0.5


def _places(code: Element, count: int, x: float, y: float, em: float) -> Iterator[tuple[float, float]]:
    """Where each character begins."""
    across, down = _steps(code.get("DeltaX"), count), _steps(code.get("DeltaY"), count)
    text = _content(code)
    for index in range(count):
        yield x, y
        if index < len(across):
            x += across[index]
        elif not down:
            x += em * _advance(text[index])
        y += down[index] if index < len(down) else 0.0


def _steps(text: str | None, most: int) -> list[float]:
    """A list of distances in which ``g n d`` stands for n times d."""
    steps: list[float] = []
    words = iter((text or "").split())
    try:
        for word in words:
            if word == "g":
                count, step = int(_number(next(words))), _number(next(words))
                steps += [step] * min(max(count, 0), most - len(steps))
            else:
                steps.append(_number(word))
            if len(steps) >= most:
                break
    except (ValueError, StopIteration):
        return steps
    return steps


def _runs(text: str, places: Sequence[tuple[float, float]], em: float) -> Iterator[tuple[int, int]]:
    """Ranges of characters that stand side by side on one line, without the blanks between."""
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or text[index].isspace() or _parted(text[index - 1], places, index, em):
            if text[start:index].strip():
                yield start, index
            start = index
        elif text[start].isspace():
            start = index


def _parted(before: str, places: Sequence[tuple[float, float]], index: int, em: float) -> bool:
    (x0, y0), (x1, y1) = places[index - 1], places[index]
    step = x1 - x0
    return abs(y1 - y0) > 0.3 * em or step < 0 or step > (_advance(before) + _FAR) * em


def _rules(item: Element, matrix: Matrix, onto: Drawn) -> None:
    """The straight level and upright strokes of a path."""
    for data in children(item, "AbbreviatedData"):
        for points in _subpaths(data.text or ""):
            placed = [matrix.point(*point) for point in points]
            xs, ys = [x for x, _ in placed], [y for _, y in placed]
            if min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
                _rule(min(xs), min(ys), max(xs), max(ys), onto)
            else:
                for (x0, y0), (x1, y1) in itertools.pairwise(placed):
                    _rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), onto)


def _rule(x0: float, y0: float, x1: float, y1: float, onto: Drawn) -> None:
    onto.budget -= 1
    if onto.budget <= 0:
        return
    if y1 - y0 <= _THIN and x1 - x0 > max(_SHORTEST, y1 - y0):
        onto.across.append(Rule((y0 + y1) / 2, x0, x1))
    elif x1 - x0 <= _THIN and y1 - y0 > _SHORTEST:
        onto.down.append(Rule((x0 + x1) / 2, y0, y1))


def _subpaths(data: str) -> Iterator[list[tuple[float, float]]]:
    """The polylines of abbreviated path data; curves by their end points, which makes them no rules."""
    points: list[tuple[float, float]] = []
    command, values = "", []
    for word in itertools.chain(_SHAPE.findall(data), "S"):
        if not word.isalpha():
            try:
                values.append(_number(word))
            except ValueError:
                return
            continue
        if command == "C" and points:
            points.append(points[0])
        elif len(values) >= 2:
            if command in ("M", "S") and len(points) > 1:
                yield points
            points = [*([] if command in ("M", "S") else points), (values[-2], values[-1])]
        if word in ("M", "S") and len(points) > 1:
            yield points
            points = []
        command, values = word, []
