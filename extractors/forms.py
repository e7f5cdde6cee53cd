"""Form-style tables: which cell is a label, and which cells are its value.

A table is a form where known titles stand in label places: left of their value, above it, or as a group
label beside rows of their own.  A grid with a heading row (budget, schedule, score sheet) is content, even
where one of its cells says ``建设内容``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from extractors.document import Align, Block, Cell, Paragraph, Table, paragraphs
from extractors.text import normal
from extractors.titles import core


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and its value; ``label`` None for what stands in a full-width cell without a label.

    Attributes:
        label: first paragraph of the label cell.
        title: the whole text of the label cell.
        blocks: the value.
    """

    label: Paragraph | None
    title: str
    blocks: tuple[Block, ...]


_MAX_LABEL = 30
_MOST_PARTS = 4
"""Rows that a label in a narrow column may be read as, at most."""
_LONGEST_SHARED = 4
_HEAD_ROWS = 2
"""Rows that the head of a grid may have."""
_LEAST_GRID = 3
"""Columns of the narrowest grid within a form."""
_PARTY = re.compile(r"\s*[甲乙丙买卖]方")
_ORDINAL = re.compile(r"^[\d一二三四五六七八九十(（)）.、①-⑳]{1,5}$")
_BAR_NUMBER = re.compile(r"^[\d一二三四五六七八九十]{1,3}[、.．]?$")
_SENTENCE = re.compile(r"[。；;！!？?]|\d{3,}|[,，].*[,，]")
_FORM_HEADER = frozenset({
    "序号", "编号", "项目", "事项", "栏目", "要素", "内容", "填报内容", "填写内容", "备案内容",
    "备案事项", "申报内容", "具体内容", "主要内容", "说明", "情况", "情况说明", "备注", "材料名称",
    "名称", "类别", "要求", "填报项目", "填写说明", "详细内容", "申报事项", "报备事项", "报备内容",
    "填报事项", "填写项目", "备案项目", "详情",
})  # fmt: skip
_GRID_HEADER = frozenset({
    "金额", "单价", "数量", "合计", "小计", "总价", "费用", "预算", "估算", "时间", "起止时间",
    "完成时间", "阶段", "工期", "分值", "得分", "权重", "规格", "型号", "规格型号", "单位", "计量单位",
    "频次", "周期", "责任人", "负责人", "责任单位", "联系方式", "用户数", "标准", "评分标准", "目标值",
    "指标值", "扣分标准", "考核标准", "工作", "任务", "版本", "日期", "品牌", "参数", "技术参数",
    "功能描述", "响应时间", "修复时间",
})  # fmt: skip
_STATING_HEADER = re.compile(r"内容|情况|说明|详情|要点")
_ANSWER_HEADER = re.compile(r"内容|情况|详情|填[写报]")
_FOR_FILLING_IN = re.compile(r"(?:填[写报表]?|编[写制]|撰写)(?:说明|要求|须知|提示|指引|口径|规则|规范)")
_ASKING_HEADER = re.compile(r"(?:内容|有关|相关|具体|规定)?(?:说明|要求|须知|提示|指引|口径|规范|示例)")
"""Heads of columns that say how to fill in what stands right of them."""
_FIGURE = re.compile(r"[¥￥]?-?\d[\d,]*(?:\.\d+)?(?:[百千万亿]*元)?(?:整)?")
_STATED = re.compile(
    r"[¥￥]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{5,}(?:\.\d+)?|\d+\.\d\d)"
    r"|\d{4}年\d{1,2}月(?:\d{1,2}日?)?|\d{4}[./-]\d{1,2}[./-]\d{1,2}"
)
"""What is the value of a field and heads no column."""
_WIDEST_BAR = 2
"""Cells of a bar around a title: the title, and its number in front."""
_MONEY = re.compile(r"^[¥￥]?\d[\d,.]*[百千万亿]*元(?:整)?$")
_AMOUNT_HEAD = re.compile(
    r"金额|单价|合价|总价|[费估概预测]算|费用|报价|造价|投资|经费|资金|估算价|小计|合计|元\)?$"
)
_UNIT_REMARK = re.compile(r"[(（].*?[)）]|[:：].*$")


def read_form(
    table: Table, known: Callable[[str], bool], near: Callable[[str], bool] | None = None
) -> tuple[Entry, ...] | None:
    """The entries of a form in reading order; None where ``table`` is no form.

    Args:
        table: the table.
        known: whether a text is surely a label.
        near: whether it may be the title of a whole table, in a row over all the others.
    """
    rows = _with_shared_words([tuple(c for c in row) for row in table.rows if row], known)
    if not rows:
        return None
    if all(len(row) == 1 for row in rows):
        return tuple(_column([row[0] for row in rows], known))
    header = _header(rows, known)
    if header == "grid" and 0 < (grid := _grid_rows(rows, known)) < len(rows):
        below = [c for row in rows[grid:] for c in _labels(row, known)]
        return tuple(_entries(rows, known, headed=False)) if _is_form(below, rows[grid:], known) else None
    titled = sum(_is_title_row(row, known) for row in rows) > 1
    if not titled and _is_title_row(rows[0], near or known) and _is_content(rows[1:], known):
        return (Entry(next(paragraphs(rows[0][0].blocks)), _text(rows[0][0]), (Table(tuple(rows[1:])),)),)
    if header == "grid" or (_is_account(rows, known) and not titled):
        return None
    if (entries := _labels_over_values(rows, known)) is not None:
        return entries
    body = _without_hints(rows, known) if header == "form" else rows
    labels = [c for row in body for c in _labels(row, known)]
    over = any(_stands_over_values(row, below, known) for row, below in pairwise(body))
    if not over and not _is_form(labels, body, known):
        return tuple(_around_forms(rows, known)) or None
    return _rejoined(tuple(_entries(body, known, headed=header == "form")), known)


def _with_shared_words(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> list[tuple[Cell, ...]]:
    """The rows with labels whole that share their first word with those below: 资金 beside 估算 and 保障."""
    whole: dict[int, Cell] = {}
    for group in (row[0] for row in rows if row[0].row_span > 1):
        word, edge = _text(group), group.column + group.column_span
        if not 2 <= len(word) <= _LONGEST_SHARED:
            continue
        beside = [
            cell
            for row in rows
            for cell in row
            if cell.column == edge and group.row <= cell.row < group.row + group.row_span
        ]
        texts = [_text(cell) for cell in beside]
        plain = all(map(known, texts))
        if len(beside) > 1 and not plain and all(text and known(word + text) for text in texts):
            whole |= {id(cell): _renamed(cell, word + _text(cell)) for cell in beside}
    return [tuple(whole.get(id(cell), cell) for cell in row) for row in rows] if whole else rows


def _renamed(cell: Cell, text: str) -> Cell:
    return cell._replace(blocks=(next(paragraphs(cell.blocks))._replace(text=text, label=""),))


def title_bars(table: Table) -> tuple[Paragraph, ...]:
    """The short lines of a table whose rows are each drawn around one, as a bar is around a title.

    What stands below such a bar is not in the table, unlike the value of a form's label.  Bars with nothing
    between them may touch.
    """
    if any(len(row) > _WIDEST_BAR and any(map(_text, row)) for row in table.rows):
        return ()
    rows = [row for row in table.rows if any(map(_text, row))]
    if not rows or not any(map(_text, table.rows[-1])):
        return ()
    bars = tuple(bar for row in rows if (bar := _bar(row)) is not None)
    return bars if len(bars) == len(rows) else ()


def _bar(row: tuple[Cell, ...]) -> Paragraph | None:
    """The one short line of a row, a number in front."""
    if not 1 <= len(row) <= _WIDEST_BAR:
        return None
    lines = list(paragraphs(row[-1].blocks))
    if len(lines) != 1 or len(lines[0].shown) > _MAX_LABEL or _SENTENCE.search(lines[0].shown):
        return None
    if len(row) == 1:
        return lines[0]
    number = _text(row[0])
    return (
        lines[0]._replace(text=f"{number} {lines[0].shown}", label="") if _BAR_NUMBER.match(number) else None
    )


def _around_forms(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> Iterator[Entry]:
    """What stands in a table that only arranges forms: each beside or under a word for the group."""
    if not any(_holds_form(cell, known) for row in rows for cell in row):
        return
    for row in rows:
        beside = any(_holds_form(cell, known) for cell in row)
        for cell in row:
            if cell.blocks and not (beside and _is_label_like(_text(cell))):
                yield Entry(None, "", cell.blocks)


def _holds_form(cell: Cell, known: Callable[[str], bool]) -> bool:
    return any(isinstance(block, Table) and read_form(block, known) is not None for block in cell.blocks)


def _rejoined(entries: tuple[Entry, ...], known: Callable[[str], bool]) -> tuple[Entry, ...]:
    """Rows that a page break or a narrow column cut, their label (信息安, 全建设) too, made one again."""
    whole: list[Entry] = []
    index = 0
    while index < len(entries):
        most = range(_MOST_PARTS, 1, -1)
        count = next((n for n in most if _is_one(entries[index : index + n], n, known)), 1)
        parts = entries[index : index + count]
        blocks = tuple(block for part in parts for block in part.blocks)
        whole.append(Entry(parts[0].label, "".join(part.title for part in parts), blocks))
        index += count
    return tuple(whole)


def _is_one(parts: tuple[Entry, ...], count: int, known: Callable[[str], bool]) -> bool:
    """Whether so many entries are parts of one: together their titles are known, alone the first is not.

    Of a label that a narrow column cut, each line but the last fills it.  A further one that happens to be a
    title too (信息系统, 网络安全, 等级保护, 定级) has no value.
    """
    if len(parts) < count or any(not part.title for part in parts) or known(parts[0].title):
        return False
    titles = [normal(part.title) for part in parts]
    filled = len({len(title) for title in titles[:-1]}) == 1 and len(titles[-1]) <= len(titles[0])
    others = [part for part in parts[1:] if known(part.title)]
    if any(part.blocks for part in others) or ((others or count > 2) and not filled):
        return False
    return known("".join(part.title for part in parts))


def _text(cell: Cell) -> str:
    return "".join(p.shown.strip() for p in paragraphs(cell.blocks))


def _column(cells: list[Cell], known: Callable[[str], bool]) -> Iterator[Entry]:
    """A single column: labels above their values, or free text."""
    above = _labels_above(cells, known)
    index = 0
    while index < len(cells):
        entry = _single(cells[index], known)
        below = cells[index + 1] if index + 1 < len(cells) else None
        apart = below is not None and _stands_out(cells[index]) and not _stands_out(below)
        if entry.label is None and (apart or index in above):
            first = next(paragraphs(cells[index].blocks))
            entry = Entry(first, _text(cells[index]), ())
        if entry.label is not None and below is not None and not _is_next(entry.title, below, known):
            entry = Entry(entry.label, entry.title, below.blocks)
            index += 1
        yield entry
        index += 1


def _labels_above(cells: list[Cell], known: Callable[[str], bool]) -> frozenset[int]:
    """Rows that are labels because every other row of the column is one, from the first known one on."""
    sure = [i for i, cell in enumerate(cells) if known(_text(cell)) and not _text(cell).endswith(("：", ":"))]
    if len(sure) < 3 or len({i % 2 for i in sure}) != 1:
        return frozenset()
    return frozenset(
        i
        for i in range(sure[0] % 2, len(cells) - 1, 2)
        if 2 <= len(_text(cells[i])) <= _MAX_LABEL and _is_label_like(_text(cells[i]))
    )


def _is_next(label: str, below: Cell, known: Callable[[str], bool]) -> bool:
    """Whether the cell below a label is no value of it, but the next label.

    Under ``工期安排：`` stands ``费用预算：…``, where labels and values share their cells.
    """
    text = _text(below)
    first = next(paragraphs(below.blocks), None)
    if first is not None and known(first.shown.strip()):
        return True  # 3.停运时间 over a cell that holds 4.数据资源处置 and the text of that
    if not label.rstrip().endswith(("：", ":")):
        return known(text)
    name, colon, _ = text.replace(":", "：").partition("：")
    return known(text) or bool(colon and 2 <= len(name) <= _MAX_LABEL // 2 and _is_label_like(name))


def _stands_out(cell: Cell) -> bool:
    """A short line set apart from what is below it, like a label."""
    lines = list(paragraphs(cell.blocks))
    if len(lines) != 1 or not 2 <= len(lines[0].text.strip()) <= _MAX_LABEL // 2:
        return False
    return (lines[0].bold or lines[0].align is Align.CENTER) and not _SENTENCE.search(lines[0].text)


def _single(cell: Cell, known: Callable[[str], bool]) -> Entry:
    text = _text(cell)
    first = next(paragraphs(cell.blocks), None)
    if first is not None and len(text) <= _MAX_LABEL and known(text):
        return Entry(first, text, ())
    return Entry(None, "", cell.blocks)


def _header(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> str:
    """What the first row is: the heading of a "grid", of a "form" (序号 | 事项 | 内容), or "" for none."""
    first = [_UNIT_REMARK.sub("", core(_text(c))) or core(_text(c)) for c in rows[0]]
    stated = any(_MONEY.search(w) or _STATED.fullmatch(w) for w in map(_squeezed, rows[0]))
    if len(rows) < 2 or len(first) < 2 or stated:
        return ""  # 合同签订时间 | 2026.08.11 | 合同金额 | 168万元 heads nothing
    in_grid = sum(
        w in _GRID_HEADER or w.endswith(("金额", "单价", "数量", "时间", "费用", "合计")) for w in first
    )
    in_form = sum(w in _FORM_HEADER for w in first)
    states = any(_STATING_HEADER.search(w) for w in first[1:])
    if in_form == len(first) or (in_form and states and not in_grid and _lists_labels(rows[1:], known)):
        return "form"
    if in_grid + in_form >= 2 and (in_grid or len(first) >= 3) and all(len(w) <= 12 for w in first):
        return "grid"
    return ""


def _without_hints(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> list[tuple[Cell, ...]]:
    """The rows under a form's heading row, without a column that only says how to fill in another.

    Of 服务周期 | 最长不超过3年 | 1年 under 事项 | 填报说明 | 填报内容 only the last is an answer.
    """
    heads = {c.column: core(_text(c)) for c in rows[0]}
    labels = {column: _known_in(column, rows[1:], known) for column in heads}
    named = max(labels, key=lambda column: labels[column])
    answers = [
        column
        for column, head in heads.items()
        if column > named and _ANSWER_HEADER.search(head) and not _FOR_FILLING_IN.fullmatch(head)
    ]
    hints = {
        column
        for column, head in heads.items()
        if column > named
        and answers
        and (_FOR_FILLING_IN.fullmatch(head) or (_ASKING_HEADER.fullmatch(head) and column < max(answers)))
    }
    kept = [tuple(c for c in row if c.column not in hints or c.column_span > 1) for row in rows[1:]]
    return [row for row in kept if row] if hints else rows[1:]


def _known_in(column: int, rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> int:
    """In how many rows a known label stands in a column."""
    return sum(c.column == column and known(_text(c)) for row in rows for c in row)


def _grid_rows(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> int:
    """How many rows the account has that the first row heads (序号 | 名称 | 金额); 0 if it is none.

    It ends where a known label and its value share a row divided otherwise (资金来源 | 由区级财政安排。), and
    where one stands alone over what follows.
    """
    heads = [_squeezed(c) for c in rows[0]]
    if len(heads) < _LEAST_GRID or not any(map(_AMOUNT_HEAD.search, heads)) or _header(rows, known) != "grid":
        return 0
    if rows[0][0].row_span > _HEAD_ROWS and known(_text(rows[0][0])):
        return 0  # 资金估算 beside an account of its own
    columns = [c.column for c in rows[0]]
    for index, row in enumerate(rows[1:], start=1):
        if _is_title_row(row, known):
            return index
        if len(row) == 2 and [c.column for c in row] != columns and known(_text(row[0])):
            value = _squeezed(row[1])
            if not _FIGURE.fullmatch(value) and not known(_text(row[1])):
                return index
    return len(rows)


def _is_title_row(row: tuple[Cell, ...], known: Callable[[str], bool]) -> bool:
    """Whether a row is one wide cell that is a known label: the title of the rows below it."""
    return (
        len(row) == 1 and row[0].column_span > 1 and len(_text(row[0])) <= _MAX_LABEL and known(_text(row[0]))
    )


def _under_title_row(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> list[tuple[Cell, ...]]:
    """The divided rows under a title row that make up its value: none of them has a known label."""
    if not _is_title_row(rows[0], known):
        return []
    end = next((i for i, row in enumerate(rows[1:], start=1) if len(row) == 1), len(rows))
    below = rows[1:end]
    return [] if any(known(_text(c)) for row in below for c in row) else below


def _lists_labels(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> bool:
    """Whether most rows have a known label in one of their first two cells: 3 | 监理报告 | 已出具 | 附后."""
    labelled = sum(any(known(_text(c)) for c in row[:2]) for row in rows)
    return labelled >= 2 and 2 * labelled > len(rows)


def _is_account(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> bool:
    """Whether amounts stand in a column under a heading of amounts, or all down a table without headings.

    There 项目总投资 names a line of the account.  A known label with words for its value makes it a form.
    """
    if _names_figures(rows, known):
        return True
    wide = [row for row in rows if len(row) > 1]
    figures = [any(_FIGURE.fullmatch(_squeezed(c)) for c in row[1:]) for row in wide]
    if sum(figures) < 2 or sum(figures) * 10 < len(wide[1:]) * 6:
        return False
    headed = not figures[0] and any(_AMOUNT_HEAD.search(_squeezed(c)) for c in wide[0])
    lines = list(zip(wide, figures, strict=True))
    for row, has_figure in lines[headed:]:
        if not has_figure and any(c is not row[-1] and known(_text(c)) for c in row):
            return False
    in_money = all(_MONEY.search(_squeezed(row[-1])) for row in wide)
    return headed or (in_money and sum(known(_text(row[0])) for row in wide) < 2)


def _names_figures(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> bool:
    """Whether each row is a name and a bare figure, and less than half of the names are known labels."""
    pairs = [[cell for cell in row if _text(cell)] for row in rows]
    if len(pairs) < 2 or any(len(pair) != 2 or not _FIGURE.fullmatch(_squeezed(pair[1])) for pair in pairs):
        return False
    return 2 * sum(known(_text(name)) for name, _ in pairs) < len(pairs)


def _is_content(rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> bool:
    """Whether the rows are a grid or an account, and so what a title row over them all is the title of."""
    return len(rows) > 1 and (_header(rows, known) == "grid" or _is_account(rows, known))


def _squeezed(cell: Cell) -> str:
    return normal(_text(cell))


def _labels_over_values(
    rows: list[tuple[Cell, ...]], known: Callable[[str], bool]
) -> tuple[Entry, ...] | None:
    """Labels above their values, in two rows or several times two."""
    pairs = list(zip(rows[::2], rows[1::2], strict=False))
    if len(rows) % 2 or any(len(above) != len(below) for above, below in pairs):
        return None
    labels = [cell for above, _ in pairs for cell in above]
    sure = sum(known(_text(c)) for c in labels)
    if len(labels) < 2 * len(pairs) or sure < 2 or 2 * sure <= len(labels):
        return None  # of label, value, label, value only half are labels
    if any(known(_text(c)) for _, below in pairs for c in below):
        return None
    return tuple(entry for above, below in pairs for entry in _over_values(above, below))


def _labels(row: tuple[Cell, ...], known: Callable[[str], bool]) -> Iterator[Cell]:
    for index, cell in enumerate(row):
        text = _text(cell)
        if len(text) <= _MAX_LABEL + 30 and known(text):
            followed = index + 1 < len(row) and not known(_text(row[index + 1]))
            if followed or len(row) == 1:
                yield cell
        elif len(row) > 1 and _own_title(cell, known):
            yield cell


def _own_title(cell: Cell, known: Callable[[str], bool]) -> str:
    """The known label that a cell begins with, over or in front of its value; "" for none."""
    lines = paragraphs(cell.blocks)
    first = next(lines, None)
    if first is None:
        return ""
    text = first.shown.strip()
    if len(text) <= _MAX_LABEL and len(cell.blocks) > 1 and known(text):
        return text
    name, _, rest = text.replace(":", "：").partition("：")
    return name if rest.strip() and len(name) <= _MAX_LABEL and known(name) else ""


def _names_parties(cell: Cell) -> bool:
    """Whether a cell begins as a contract does, or goes on with further lines: it is its label's value."""
    text = _text(cell)
    return "\n" in text or bool(_PARTY.match(text))


def _is_form(labels: list[Cell], rows: list[tuple[Cell, ...]], known: Callable[[str], bool]) -> bool:
    if not labels:
        return False
    if len(labels) >= 2:
        return True
    label = labels[0]
    row = next(r for r in rows if label in r)
    if len(row) == 1:
        return True
    looks_filled = bool(_own_title(label, known)) or _looks_filled(_text(row[row.index(label) + 1]))
    return looks_filled and len(rows) <= 12 and all(_is_label_like(_text(r[0])) for r in rows if len(r) > 1)


def _looks_filled(value: str) -> bool:
    return not value or len(value) > 12 or bool(re.search(r"\d|[。，；]", value))


def _is_label_like(text: str) -> bool:
    return len(text) <= _MAX_LABEL and not _SENTENCE.search(text)


def _entries(rows: list[tuple[Cell, ...]], known: Callable[[str], bool], *, headed: bool) -> Iterator[Entry]:
    covered: set[int] = set()
    for index, (row, below) in enumerate(zip(rows, (*rows[1:], ()), strict=True)):
        if row[0].row in covered:
            continue
        if grid := _grid_rows(rows[index:], known):
            inside = rows[index : index + grid]
            covered.update(r[0].row for r in inside)
            yield Entry(None, "", (Table(tuple(inside)),))
            continue
        if inside := _under_title_row(rows[index:], known):
            covered.update(r[0].row for r in inside)
            yield Entry(next(paragraphs(row[0].blocks), None), _text(row[0]), (Table(tuple(inside)),))
        elif _stands_over_values(row, below, known):
            covered.add(below[0].row)
            yield from _over_values(row, below)
        else:
            yield from _row_entries(row, rows, covered, known, headed=headed)


def _stands_over_values(row: tuple[Cell, ...], below: tuple[Cell, ...], known: Callable[[str], bool]) -> bool:
    """Whether a row is nothing but labels, each over its value in the row below.

    Where not all are known, they must be set apart from what is below, or that be whole sentences.
    """
    if len(row) < 2 or [c.column for c in row] != [c.column for c in below]:
        return False
    sure = sum(known(_text(c)) for c in row)
    if not sure or any(known(_text(c)) for c in below):
        return False
    if sure == len(row):
        return True
    apart = all(map(_stands_out, row)) and not any(map(_stands_out, below))
    labels = all(_text(c) and _is_label_like(_text(c)) for c in row)
    return labels and (apart or all("。" in _text(c) for c in below))


def _over_values(labels: tuple[Cell, ...], values: tuple[Cell, ...]) -> Iterator[Entry]:
    for label, value in zip(labels, values, strict=True):
        yield Entry(next(paragraphs(label.blocks), None), _text(label), value.blocks)


def _row_entries(
    row: tuple[Cell, ...],
    rows: list[tuple[Cell, ...]],
    covered: set[int],
    known: Callable[[str], bool],
    *,
    headed: bool,
) -> Iterator[Entry]:
    index = 0
    while index < len(row):
        cell = row[index]
        text = _text(cell)
        right = row[index + 1] if index + 1 < len(row) else None
        if right is None:
            yield _single(cell, known) if len(row) == 1 else Entry(None, "", cell.blocks)
            index += 1
        elif cell.row_span > 1 and known(text) and right.row_span < cell.row_span:
            yield Entry(next(paragraphs(cell.blocks), None), text, _beside(cell, rows))
            covered.update(range(cell.row, cell.row + cell.row_span))
            return
        elif _is_group(cell, right, row, index, known) or (_ORDINAL.match(text) and len(row) > 2):
            index += 1
        elif _own_title(cell, known) or (
            core(_own_title(right, known)) not in ("", core(text)) and not _names_parties(right)
        ):
            yield Entry(None, "", cell.blocks)
            index += 1
        elif text and (
            _is_label_like(core(text)) or (len(row) == 2 and len(text) <= 2 * _MAX_LABEL and not index)
        ):
            value = _value_of(row[index + 1 :], known, headed=headed and known(text))
            pairs = _priced_pairs(row[index + 1 :], known) if known(text) else ()
            blocks = (Table((pairs,)),) if pairs else tuple(b for c in value for b in c.blocks)
            yield Entry(next(paragraphs(cell.blocks), None), text, blocks)
            index += 1 + len(pairs or value)
        else:
            yield Entry(None, "", cell.blocks)
            index += 1


def _value_of(cells: tuple[Cell, ...], known: Callable[[str], bool], *, headed: bool) -> tuple[Cell, ...]:
    """The cells of a known label's value: the next one; under a heading row all up to the next known label.

    Of 监理报告 | ☑有 □无 | 已出具 | 附后 all that follows the label is said of it.
    """
    if not headed:
        return cells[:1]
    ends = (i for i, cell in enumerate(cells) if i and known(_text(cell)))
    return cells[: next(ends, len(cells))]


def _priced_pairs(cells: tuple[Cell, ...], known: Callable[[str], bool]) -> tuple[Cell, ...]:
    """The cells behind a known label that are words and amounts in turn: 财政 | 21万元 | 补助 | 10万元."""
    pairs = list(zip(cells[::2], cells[1::2], strict=False))
    fits = [
        _is_label_like(_text(name)) and not known(_text(name)) and bool(_FIGURE.fullmatch(_squeezed(amount)))
        for name, amount in pairs
    ]
    return cells if len(pairs) > 1 and 2 * len(pairs) == len(cells) and all(fits) else ()


def _is_group(
    cell: Cell, right: Cell, row: tuple[Cell, ...], index: int, known: Callable[[str], bool]
) -> bool:
    """A label over several rows of label and value, or a label in front of a label."""
    if index + 2 >= len(row):
        return False
    if cell.row_span > right.row_span and _is_label_like(_text(right)):
        return True
    return known(_text(right)) and (cell.row_span > 1 or not known(_text(row[index + 2])))


def _beside(label: Cell, rows: list[tuple[Cell, ...]]) -> tuple[Block, ...]:
    """What stands right of a label that spans several rows: one cell's blocks, or a table of its own."""
    first, last = label.row, label.row + label.row_span
    edge = label.column + label.column_span
    inside = [
        tuple(c for c in row if c.column >= edge)
        for row in rows
        if first <= row[0].row < last or any(first <= c.row < last for c in row)
    ]
    inside = [row for row in inside if row]
    cells = [c for row in inside for c in row]
    if len(cells) == 1:
        return cells[0].blocks
    if all(len(row) == 1 for row in inside):
        return tuple(block for cell in cells for block in cell.blocks)
    return (Table(tuple(inside)),)
