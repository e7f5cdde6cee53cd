"""A batch as tables: CSV of its submissions, XLSX with submissions, findings, counts and what was left out.

Both are written row by row, in constant memory, however large the batch.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from reports.words import Words, code_title, conclusion_title

_NOT_JUDGED = "没有完成检查"
_SEVERITIES = {"error": "必须补正", "warning": "提示", "info": "参考"}
_OUTCOMES = {
    "direct-entry": "直接入库",
    "annual-plan": "先纳入年度计划",
    "procurement": "政府采购程序",
    "district-government": "报区政府常务会议",
    "district-government-and-committee": "报区政府常务会议、区委常委会议",
}
_CELL = 32_000
"""Characters; Excel's own bound is 32,767."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

SUBMISSIONS = (
    "序号", "送审件", "所在位置", "结论", "种类", "必须补正", "提示", "不符之处",
    "项目名称", "建设单位", "金额（元）", "办理去向", "文件数", "页数",
)  # fmt: skip
FINDINGS = ("序号", "送审件", "问题", "代码", "要求", "轻重", "条款", "说明", "怎么改", "文件", "页", "段")
COUNTS = ("类别", "名称", "代码", "件数")
LEFT = ("文件或位置", "没有检查的原因")


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one submission of a batch.

    Attributes:
        place: where it lies.
        title: what a person calls it.
        report: the contract's JSON object; None where the program failed.
        failure: then what went wrong.
    """

    place: str
    title: str
    report: dict[str, Any] | None
    failure: str = ""


Row = Sequence[str | int | float | None]


def submission_rows(entries: Iterable[Judged]) -> Iterator[Row]:
    """One row a submission, columns as of ``SUBMISSIONS``."""
    for number, entry in enumerate(entries, start=1):
        report = entry.report
        if report is None:
            yield (number, entry.title, entry.place, _NOT_JUDGED, "", None, None, entry.failure)
            continue
        severities = Counter(finding["severity"] for finding in report["findings"])
        record, documents = report["record"], report["documents"]
        pages = [document["pages"] for document in documents if document["pages"]]
        yield (
            number,
            entry.title,
            entry.place,
            conclusion_title(report["conclusion"]),
            _words(report["pack"]).class_title(report["document_class"]),
            severities["error"],
            severities["warning"] + severities["info"],
            "；".join(_named(finding) for finding in report["findings"] if finding["severity"] == "error"),
            record.get("项目名称"),
            record.get("建设单位"),
            _amount(record),
            "；".join(_OUTCOMES.get(way["outcome"], way["outcome"]) for way in report["routing"]),
            len(documents),
            sum(pages) if pages else None,
        )


def finding_rows(entries: Iterable[Judged]) -> Iterator[Row]:
    """One row a finding, columns as of ``FINDINGS``."""
    for number, entry in enumerate(entries, start=1):
        for finding in entry.report["findings"] if entry.report else ():
            place = finding["locations"][0] if finding["locations"] else {}
            yield (
                number,
                entry.title,
                code_title(finding["code"]),
                finding["code"],
                finding["requirement"],
                _SEVERITIES.get(finding["severity"], finding["severity"]),
                finding["clause"],
                finding["message"],
                finding["advice"],
                place.get("document"),
                place.get("page"),
                place.get("paragraph"),
            )


def count_rows(entries: Iterable[Judged]) -> Iterator[Row]:
    """How many submissions are of each conclusion, class and code; columns as of ``COUNTS``."""
    conclusions: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for entry in entries:
        if entry.report is None:
            conclusions[_NOT_JUDGED] += 1
            continue
        report = entry.report
        conclusions[report["conclusion"]] += 1
        classes[_words(report["pack"]).class_title(report["document_class"])] += 1
        codes.update({finding["code"] for finding in report["findings"]})
    for conclusion, count in conclusions.most_common():
        yield "结论", conclusion_title(conclusion), conclusion if conclusion != _NOT_JUDGED else "", count
    for title, count in classes.most_common():
        yield "种类", title, "", count
    for code, count in codes.most_common():
        yield "问题", code_title(code), code, count


def write_csv(path: Path, entries: Iterable[Judged]) -> None:
    """The submissions as CSV, with the mark by which Excel knows UTF-8."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(SUBMISSIONS)
        for row in submission_rows(entries):
            writer.writerow([_harmless(cell) for cell in row])


def write_xlsx(
    path: Path, entries: Callable[[], Iterable[Judged]], left_out: Iterable[tuple[str, str]]
) -> None:
    """A workbook with a sheet for submissions, findings, counts and what was left out.

    Args:
        path: the file.
        entries: gives all that was judged, anew at each call: each sheet is one pass.
        left_out: what was not judged, and why.
    """
    import xlsxwriter

    sheets: tuple[tuple[str, Sequence[str], Iterable[Row]], ...] = (
        ("送审件", SUBMISSIONS, submission_rows(entries())),
        ("问题", FINDINGS, finding_rows(entries())),
        ("统计", COUNTS, count_rows(entries())),
        ("没有检查的文件", LEFT, left_out),
    )
    # Nothing of a file may become a formula or a link, whatever its name says.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        for name, columns, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for index, column in enumerate(columns):
                sheet.set_column(index, index, _width(column))
                sheet.write_string(0, index, column, head)
            last = 0
            for last, row in enumerate(rows, start=1):
                if last >= 1_048_576:
                    break
                for index, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(last, index, cell[:_CELL])
                    elif cell is not None:
                        sheet.write_number(last, index, cell)
            sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _width(column: str) -> int:
    if column in {"说明", "怎么改", "不符之处", "没有检查的原因"}:
        return 60
    return 36 if column in {"送审件", "所在位置", "项目名称", "建设单位", "文件", "文件或位置"} else 14


def _named(finding: dict[str, Any]) -> str:
    title = code_title(finding["code"])
    return f"{finding['requirement']}：{title}" if finding["requirement"] else title


def _amount(record: dict[str, Any]) -> float | None:
    for holder in ("资金估算", "项目预算"):
        amount = record.get(holder, {}).get("金额")
        if isinstance(amount, int | float):
            return amount
    return None


def _harmless(cell: str | float | None) -> str | int | float | None:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


@lru_cache(maxsize=16)
def _words(pack_id: str) -> Words:
    return Words.of_id(pack_id)
