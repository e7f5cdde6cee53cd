"""Quick calls into pdfium.

``pypdfium2.raw`` checks and converts every argument, which costs more than the work of most text calls.  The
prototypes here take plain integers for handles and addresses instead.  Like pdfium itself they are not
thread-safe: one document at a time in a process.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

_POINTER = ctypes.c_void_p
_INT = ctypes.c_int
_UNSIGNED_LONG = ctypes.c_ulong
_FLOAT = ctypes.c_float

TEXT_OBJECT = 1
PATH_OBJECT = 2
IMAGE_OBJECT = 3
FORM_OBJECT = 5
LINE_TO = 0
MOVE_TO = 2
NO_FILL = 0
_BREAKING_HYPHEN = "\ufffe"
"""What pdfium gives for a hyphen that ends a line: it takes the word for divided there."""


class Matrix(NamedTuple):
    """An affine map: x' = a x + c y + e, y' = b x + d y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where (x, y) goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """The upright rectangle around the image of (left, low, right, high), as (x0, y0, x1, y1)."""
        x0, y0 = self.point(box[0], box[1])
        x1, y1 = self.point(box[2], box[3])
        if self.b and self.a:
            x2, y2 = self.point(box[0], box[3])
            x3, y3 = self.point(box[2], box[1])
            return min(x0, x1, x2, x3), min(y0, y1, y2, y3), max(x0, x1, x2, x3), max(y0, y1, y2, y3)
        return (x0 if x0 < x1 else x1, y0 if y0 < y1 else y1, x1 if x0 < x1 else x0, y1 if y0 < y1 else y0)

    def after(self, first: Matrix) -> Matrix:
        """The map that does ``first`` and then this one."""
        return Matrix(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            *self.point(first.e, first.f),
        )


IDENTITY = Matrix(1, 0, 0, 1, 0, 0)


def address(handle: Any) -> int:
    """The address behind a handle of ``pypdfium2.raw``; 0 for a null handle."""
    return ctypes.cast(handle, _POINTER).value or 0


def _quick(name: str, result: Any, *arguments: Any) -> Any:
    return ctypes.PYFUNCTYPE(result, *arguments)(address(getattr(pdfium, name)))


_text_object = _quick("FPDFText_GetTextObject", _POINTER, _POINTER, _INT)
_is_generated = _quick("FPDFText_IsGenerated", _INT, _POINTER, _INT)
_char_origin = _quick("FPDFText_GetCharOrigin", _INT, _POINTER, _INT, _POINTER, _POINTER)
_char_box = _quick("FPDFText_GetCharBox", _INT, _POINTER, _INT, *[_POINTER] * 4)
_loose_box = _quick("FPDFText_GetLooseCharBox", _INT, _POINTER, _INT, _POINTER)
_char_matrix = _quick("FPDFText_GetMatrix", _INT, _POINTER, _INT, _POINTER)
_font_size = _quick("FPDFText_GetFontSize", ctypes.c_double, _POINTER, _INT)
_text_font = _quick("FPDFTextObj_GetFont", _POINTER, _POINTER)
_render_mode = _quick("FPDFTextObj_GetTextRenderMode", _INT, _POINTER)
_base_font_name = _quick("FPDFFont_GetBaseFontName", ctypes.c_size_t, _POINTER, _POINTER, ctypes.c_size_t)
_font_weight = _quick("FPDFFont_GetWeight", _INT, _POINTER)
_font_flags = _quick("FPDFFont_GetFlags", _INT, _POINTER)
_count_objects = _quick("FPDFPage_CountObjects", _INT, _POINTER)
_get_object = _quick("FPDFPage_GetObject", _POINTER, _POINTER, _INT)
_count_form_objects = _quick("FPDFFormObj_CountObjects", _INT, _POINTER)
_get_form_object = _quick("FPDFFormObj_GetObject", _POINTER, _POINTER, _UNSIGNED_LONG)
_object_type = _quick("FPDFPageObj_GetType", _INT, _POINTER)
_object_bounds = _quick("FPDFPageObj_GetBounds", _INT, _POINTER, *[_POINTER] * 4)
_object_matrix = _quick("FPDFPageObj_GetMatrix", _INT, _POINTER, _POINTER)
_fill_color = _quick("FPDFPageObj_GetFillColor", _INT, _POINTER, *[_POINTER] * 4)
_stroke_color = _quick("FPDFPageObj_GetStrokeColor", _INT, _POINTER, *[_POINTER] * 4)
_count_segments = _quick("FPDFPath_CountSegments", _INT, _POINTER)
_get_segment = _quick("FPDFPath_GetPathSegment", _POINTER, _POINTER, _INT)
_segment_type = _quick("FPDFPathSegment_GetType", _INT, _POINTER)
_segment_point = _quick("FPDFPathSegment_GetPoint", _INT, _POINTER, _POINTER, _POINTER)
_segment_closes = _quick("FPDFPathSegment_GetClose", _INT, _POINTER)
_draw_mode = _quick("FPDFPath_GetDrawMode", _INT, _POINTER, _POINTER, _POINTER)


class _Room:
    """Memory that calls write their results to; reused, because making it costs as much as a call."""

    def __init__(self, kind: Any, count: int) -> None:
        self.values = (kind * count)()
        base, step = ctypes.addressof(self.values), ctypes.sizeof(kind)
        self.at = tuple(base + step * i for i in range(count))


_doubles = _Room(ctypes.c_double, 4)
_floats = _Room(_FLOAT, 6)
_ints = _Room(ctypes.c_uint, 4)
_linear = (_FLOAT * 4).from_address(_floats.at[0])
_rectangle = (_FLOAT * 4)()
_rectangle_at = ctypes.addressof(_rectangle)
_UPRIGHT = struct.pack("4f", 1, 0, 0, 1)


class Font(NamedTuple):
    """What a font says about itself: name, weight (100 to 900, -1 unknown) and descriptor flags."""

    name: str
    weight: int
    flags: int


class TextLayer:
    """The characters of one page, in user space; to be closed."""

    def __init__(self, page: Any) -> None:
        self._handle = pdfium.FPDFText_LoadPage(page)
        self._page = address(self._handle)

    def close(self) -> None:
        """Give the memory back."""
        pdfium.FPDFText_ClosePage(self._handle)

    def text(self, most: int) -> str:
        """The page's characters, at most ``most``, one string position for each pdfium character."""
        count = min(pdfium.FPDFText_CountChars(self._handle), most) if self._page else 0
        if count <= 0:
            return ""
        room = (ctypes.c_ushort * (count + 1))()
        pdfium.FPDFText_GetText(self._handle, 0, count, room)
        text = bytes(room).decode("utf-16-le", "replace")[:-1]
        if len(text) != count or "\0" in text:
            text = self._text_by_character(count)
        return text.replace(_BREAKING_HYPHEN, "-")

    def _text_by_character(self, count: int) -> str:
        codes = (pdfium.FPDFText_GetUnicode(self._handle, i) for i in range(count))
        return "".join(chr(c) if 0 < c < 0x110000 and not 0xD800 <= c < 0xE000 else "\ufffd" for c in codes)

    def text_object(self, index: int) -> int:
        """Address of the text object that drew the character; 0 where none did."""
        return _text_object(self._page, index) or 0

    def is_made_up(self, index: int) -> bool:
        """Whether pdfium inserted the character where it saw a gap or a new line."""
        return bool(_is_generated(self._page, index) == 1)

    def origin(self, index: int) -> tuple[float, float]:
        """The character's origin: its left end on the baseline."""
        _char_origin(self._page, index, _doubles.at[0], _doubles.at[1])
        return _doubles.values[0], _doubles.values[1]

    def loose_box(self, index: int) -> tuple[float, float, float, float]:
        """From origin to advance, descent to ascent, as (left, high, right, low); upright text only."""
        _loose_box(self._page, index, _rectangle_at)
        return tuple(_rectangle)

    def box(self, index: int) -> tuple[float, float, float, float]:
        """The ink of the character as (left, low, right, high)."""
        left, right, low, high = _doubles.at
        if not _char_box(self._page, index, left, right, low, high):
            return 0.0, 0.0, 0.0, 0.0
        values = _doubles.values
        return values[0], values[2], values[1], values[3]

    def shape(self, index: int) -> bytes:
        """The linear part of the map the character was drawn with; opaque, for ``linear_part``."""
        return bytes(_linear) if _char_matrix(self._page, index, _floats.at[0]) else _UPRIGHT

    def font_size(self, index: int) -> float:
        """Font size before the matrix."""
        return _font_size(self._page, index)  # type: ignore[no-any-return]

    def font_handle(self, text_object: int) -> int:
        """Address of the font of a text object, valid until the layer is closed; 0 for none."""
        return _text_font(text_object) or 0


def linear_part(shape: bytes) -> tuple[float, float, float, float]:
    """The numbers (a, b, c, d) of a ``TextLayer.shape``."""
    return struct.unpack("4f", shape)


def describe_font(handle: int) -> Font:
    """What the font at an address says about itself."""
    if not handle:
        return Font("", -1, 0)
    room = ctypes.create_string_buffer(256)
    length = _base_font_name(handle, ctypes.addressof(room), len(room))
    name = room.raw[: max(0, min(length, len(room)) - 1)].decode("utf-8", "replace")
    return Font(name, _font_weight(handle), _font_flags(handle))


def render_mode(text_object: int) -> int:
    """The text rendering mode of a text object (0 fill, 2 fill and stroke, 3 invisible, …)."""
    return int(_render_mode(text_object))


def fill_color(item: int) -> tuple[int, int, int, int]:
    """Red, green, blue, alpha of an object's filling; black where it has none of its own."""
    return _color(_fill_color, item)


def stroke_color(item: int) -> tuple[int, int, int, int]:
    """Red, green, blue, alpha of an object's outline; black where it has none of its own."""
    return _color(_stroke_color, item)


def _color(call: Any, item: int) -> tuple[int, int, int, int]:
    if not call(item, *_ints.at):
        return 0, 0, 0, 255
    red, green, blue, alpha = _ints.values
    return red, green, blue, alpha


class Drawn(NamedTuple):
    """An object of a page that is not text: type, address, and the map from around it to the page's space."""

    kind: int
    item: int
    outer: Matrix


def drawn_objects(page: Any, most: int) -> Iterator[Drawn]:
    """The page's paths and images, those in form objects included, at most ``most`` objects looked at."""
    seen = 0
    waiting: list[tuple[int, Matrix, int]] = [(0, IDENTITY, 0)]
    top = address(page)
    while waiting:
        form, outer, depth = waiting.pop()
        count = _count_form_objects(form) if form else _count_objects(top)
        for index in range(count):
            seen += 1
            if seen > most:
                return
            item = _get_form_object(form, index) if form else _get_object(top, index)
            kind = _object_type(item) if item else 0
            if kind == FORM_OBJECT and depth < 8:
                waiting.append((item, outer.after(object_matrix(item)), depth + 1))
            elif kind in (PATH_OBJECT, IMAGE_OBJECT):
                yield Drawn(kind, item, outer)


def object_matrix(item: int) -> Matrix:
    """The map from an object's own space to that around it."""
    return Matrix(*_floats.values) if _object_matrix(item, _floats.at[0]) else IDENTITY


def object_bounds(drawn: Drawn) -> tuple[float, float, float, float]:
    """The object's rectangle on the page, line width included, as (left, low, right, high)."""
    if not _object_bounds(drawn.item, *_floats.at[:4]):
        return 0.0, 0.0, 0.0, 0.0
    box = tuple(_floats.values[:4])
    return box if drawn.outer is IDENTITY else drawn.outer.box(box)


def is_filled_and_stroked(path: int) -> tuple[bool, bool]:
    """Whether the path's inside and its outline are drawn."""
    if not _draw_mode(path, _ints.at[0], _ints.at[1]):
        return False, False
    return _ints.values[0] != NO_FILL, bool(_ints.values[1])


def segment_count(path: int) -> int:
    """Number of the path's segments."""
    return int(_count_segments(path))


def segments(path: int, most: int) -> Iterator[tuple[int, float, float, bool]]:
    """The path's segments as (kind, x, y, closes), in its own space."""
    for index in range(min(_count_segments(path), most)):
        segment = _get_segment(path, index)
        if segment and _segment_point(segment, _floats.at[0], _floats.at[1]):
            x, y = _floats.values[0], _floats.values[1]
            yield _segment_type(segment), x, y, bool(_segment_closes(segment))
