"""Running headers and footers, page numbers, watermarks: known by place, form and repetition over pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from extractors.document import Role
from extractors.pdf.layout import Item, PageDraft
from extractors.pdf.lines import Line
from extractors.text import normal

_ZONE = 0.13
"""Share of the page's height at either end where running lines stand."""
_OUTER_ZONE = 0.085
"""Share of the page's height at either end where a page number alone is known by its form."""
_MOST_RUNNING_LINES = 3
_SAME_PLACE = 4.0
"""Distance in points within which a repeated line stands at the same place."""
_SMALLER = 0.5
"""Points by which a running line without repetition must be smaller than the body's text."""
_WIDER = 1.5
"""How much wider the text's margins are than the strip in which running lines stand."""
_PAGE_NUMBER = re.compile(
    r"[-—–~·.]*(?:第|page)?(?:\d{1,4}|[ivxlcⅰ-ⅻ]{1,6}|[一二三四五六七八九十百零〇]{1,5})(?:页)?"
    r"(?:[,，/／|]?(?:共|of)?\d{1,4}页?)?[-—–~·.]*"
)
_BARE_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十百零〇]+")
_NUMBERED = re.compile(r"[(（]?[\d一二三四五六七八九十]+[)）.．、]|第[\d一二三四五六七八九十]+[章节]")
_DIGITS = re.compile(r"\d+")


def mark_margins(pages: Sequence[PageDraft], body_size: float) -> None:
    """Give running headers and footers, page numbers and repeated watermarks their role."""
    edges = [(page, line, is_top) for page in pages for line, is_top in _edge_lines(page)]
    repeated = _repeated(edges, len(pages))
    for page, line, is_top in edges:
        if _key(page, line, is_top) in repeated or _stands_alone(page, line, is_top, body_size):
            line.role = Role.MARGIN
    _mark_watermarks(pages, body_size)


def _edge_lines(page: PageDraft) -> Iterator[tuple[Line, bool]]:
    """The outermost lines within the zones where running lines stand, and whether they are at the top."""
    lines = sorted(page.body_lines, key=lambda line: line.top)
    first_table = min((i.top for i in page.items if not isinstance(i, Line)), default=page.frame.height)
    last_table = max((i.bottom for i in page.items if not isinstance(i, Line)), default=0.0)
    for line in lines[:_MOST_RUNNING_LINES]:
        if line.bottom < min(_ZONE * page.frame.height, first_table):
            yield line, True
    for line in lines[-_MOST_RUNNING_LINES:]:
        if line.top > max((1 - _ZONE) * page.frame.height, last_table):
            yield line, False


_Key = tuple[str, bool, int]


def _key(page: PageDraft, line: Line, is_top: bool) -> _Key:
    place = line.y if is_top else page.frame.height - line.y
    return _form(line.text), is_top, round(place / _SAME_PLACE)


def _form(text: str) -> str:
    """The text with what changes from page to page made equal."""
    plain = normal(text)
    return "#" if _PAGE_NUMBER.fullmatch(plain) else _DIGITS.sub("#", plain)


def _repeated(edges: Sequence[tuple[PageDraft, Line, bool]], page_count: int) -> set[_Key]:
    """What stands at one place on several pages: on two of a few, on more of many."""
    seen: dict[_Key, set[int]] = defaultdict(set)
    for page, line, is_top in edges:
        seen[_key(page, line, is_top)].add(page.number)
    needed = 2 if page_count < 12 else 3
    return {key for key, numbers in seen.items() if len(_near(seen, key)) >= needed}


def _near(seen: dict[_Key, set[int]], key: _Key) -> set[int]:
    form, is_top, place = key
    return set().union(*(seen.get((form, is_top, place + step), set()) for step in (-1, 0, 1)))


def _stands_alone(page: PageDraft, line: Line, is_top: bool, body_size: float) -> bool:
    """Whether a line that is not repeated is a page number or a header by its place and form."""
    share = line.bottom / page.frame.height if is_top else 1 - line.top / page.frame.height
    if share > _OUTER_ZONE or not _is_apart(page, line, is_top):
        return False
    plain = normal(line.text)
    if _PAGE_NUMBER.fullmatch(plain) and not _BARE_CHINESE_NUMBER.fullmatch(plain):
        return True
    if line.size <= body_size - _SMALLER:
        return True
    return line.size <= body_size and _is_outside(page, line, is_top) and not _NUMBERED.match(plain)


def _is_outside(page: PageDraft, line: Line, is_top: bool) -> bool:
    """Whether a line stands nearer to the paper's edge than the text that is set between its margins."""
    margin = min((item.x0 for item in page.items if item is not line and not _is_marginal(item)), default=0.0)
    distance = line.top if is_top else page.frame.height - line.bottom
    return distance * _WIDER < margin


def _is_marginal(item: Item) -> bool:
    return isinstance(item, Line) and item.role is Role.MARGIN


def _is_apart(page: PageDraft, line: Line, is_top: bool) -> bool:
    """Whether there is room between a line at the edge and what is next to it towards the page's middle."""
    if is_top:
        gaps = [item.top - line.bottom for item in page.items if item is not line and item.top > line.y]
    else:
        gaps = [line.top - item.bottom for item in page.items if item is not line and item.bottom < line.y]
    return min(gaps, default=line.size) >= 0.6 * line.size


def _mark_watermarks(pages: Sequence[PageDraft], body_size: float) -> None:
    """Large text at one place on most pages is behind the text, not of it."""
    if len(pages) < 3:
        return
    places: Counter[tuple[str, int, int]] = Counter()
    large = [line for page in pages for line in page.body_lines if line.size >= 1.8 * body_size]
    for line in large:
        places[_watermark_key(line)] += 1
    for line in large:
        if places[_watermark_key(line)] >= max(3, 0.6 * len(pages)):
            line.role = Role.MARGIN


def _watermark_key(line: Line) -> tuple[str, int, int]:
    return line.text, round(line.x0 / 5), round(line.y / 5)
