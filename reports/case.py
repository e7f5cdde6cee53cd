"""One report told in words: what every form for people says, before it is laid out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.clean import cleaned, shortened
from reports.quantity import quantity
from reports.words import Words, code_title, conclusion_title
from validators.report import Check, Conclusion, Finding, Location, Report, Severity

PROJECT = "项目名称"
UNIT = "建设单位"
MISSING = "section-missing"
"""The code whose place is where something should be: after the place that is named."""
MACHINE_CHECK = "本结果由计算机程序预先检查得出，供报送单位修改材料和受理人员审查时参考，不代替正式审查意见。"
SEVERITIES = {Severity.ERROR: "必须补正", Severity.WARNING: "提示", Severity.INFO: "供参考"}

_NAME_LENGTH = 60
_HEADING_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands.

    Attributes:
        words: document (where there are several), page, heading and paragraph; "" if nothing is known.
        brief: the same in a few characters, without the heading.
        quote: what stands there, "" if that says no more than the heading.
    """

    words: str
    brief: str
    quote: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding with its number in the report (from 1, heaviest first) and its anchor within the page.

    The anchor is the finding's id; in a batch, where several reports may hold the same id, behind the
    number of the case.
    """

    number: int
    anchor: str
    finding: Finding
    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement of the class, the places that decide it, and the remarks about it."""

    check: Check
    places: tuple[Place, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that was read, as people write it."""

    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Case:
    """A submission's report in words.

    Attributes:
        report: the report, its texts safe to show.
        number: position in the batch, from 1.
        name: what was submitted: the document, or the first of several.
        regulation: as a sentence cites it.
        remarks: all findings, errors first.
        needs: the requirements, in the class's order.
    """

    report: Report
    number: int
    name: str
    conclusion: str
    class_title: str
    regulation: str
    remarks: tuple[Remark, ...]
    needs: tuple[Need, ...]
    facts: tuple[Fact, ...]

    def of(self, severity: str) -> tuple[Remark, ...]:
        """The remarks of that severity."""
        return tuple(r for r in self.remarks if r.finding.severity == severity)

    def needs_that(self, outcome: str) -> tuple[Need, ...]:
        """The requirements of that outcome."""
        return tuple(n for n in self.needs if n.check.outcome == outcome)

    @property
    def errors(self) -> tuple[Remark, ...]:
        """What must be mended."""
        return self.of(Severity.ERROR)

    @property
    def hints(self) -> tuple[Remark, ...]:
        """What need not be mended but should be looked at: warnings, then infos."""
        return self.of(Severity.WARNING) + self.of(Severity.INFO)

    @property
    def verdict(self) -> str:
        """The conclusion's consequence in one sentence."""
        hints = f"另有{len(self.hints)}处提示" if self.hints else ""
        match self.report.conclusion:
            case Conclusion.PASS:
                return "没有必须补正的内容" + (f"；{hints}，请核对。" if hints else "。")
            case Conclusion.DEFICIENT:
                return f"有{len(self.errors)}处必须补正" + (f"，{hints}。" if hints else "。")
            case Conclusion.UNREADABLE:
                return "没有得出审查结论，请按下面的办法处理后重新提交。"

    def stated(self, key: str) -> str:
        """A text that the record states at its top (``项目名称``), "" if it does not."""
        value = self.report.record.get(key)
        return value if isinstance(value, str) else ""


def tell(reports: Sequence[Report], words: Words | None) -> list[Case]:
    """The cases of a batch, each in the words of ``words`` or else of its own pack."""
    return [_case(cleaned(r), number, words, alone=len(reports) == 1) for number, r in enumerate(reports, 1)]


def tally(cases: Sequence[Case]) -> list[tuple[Conclusion, int]]:
    """How many cases came to each conclusion; conclusions that none came to are left out."""
    counts = [(each, sum(c.report.conclusion == each for c in cases)) for each in Conclusion]
    return [(conclusion, count) for conclusion, count in counts if count]


def _case(report: Report, number: int, words: Words | None, *, alone: bool) -> Case:
    words = words or Words.of_id(report.pack)
    remarks = tuple(_remarks(report, anchor_prefix="" if alone else f"{number}-"))
    return Case(
        report=report,
        number=number,
        name=_name(report),
        conclusion=conclusion_title(report.conclusion),
        class_title=words.class_title(report.document_class),
        regulation=words.regulation,
        remarks=remarks,
        needs=tuple(_need(check, remarks, report) for check in report.checks),
        facts=tuple(_facts(report, words)),
    )


def _name(report: Report) -> str:
    if not report.documents:
        return "送审件"
    first = shortened(report.documents[0].name, _NAME_LENGTH)
    return first if len(report.documents) == 1 else f"{first} 等{len(report.documents)}个文件"


def _remarks(report: Report, anchor_prefix: str) -> Iterator[Remark]:
    weight = list(Severity).index
    for number, finding in enumerate(sorted(report.findings, key=lambda f: weight(f.severity)), 1):
        yield Remark(
            number=number,
            anchor=anchor_prefix + re.sub(r"\s", "-", finding.id),
            finding=finding,
            title=code_title(finding.code),
            places=_places(finding.locations, report, after=finding.code == MISSING),
        )


def _need(check: Check, remarks: tuple[Remark, ...], report: Report) -> Need:
    about = tuple(r for r in remarks if r.finding.requirement == check.requirement)
    missing = any(r.finding.code == MISSING for r in about)
    return Need(check, _places(check.locations, report, after=missing), about)


def _places(locations: Sequence[Location], report: Report, *, after: bool) -> tuple[Place, ...]:
    names = [document.name for document in report.documents]
    return tuple(_place(location, names, after=after) for location in locations)


def _place(location: Location, documents: Sequence[str], *, after: bool) -> Place:
    heading = shortened(location.heading or "", _HEADING_LENGTH)
    page = f"第{location.page}页" if location.page else ""
    paragraph = f"第{location.paragraph}段" if location.paragraph else ""
    document = f"《{shortened(location.document, _NAME_LENGTH)}》"
    where = [page, f"“{heading}”" if heading else "", paragraph]
    named = len(documents) > 1 or not any(where)
    attached = location.document not in documents[:1]
    return Place(
        words="，".join(filter(None, [document if named else "", *where])) + ("之后" if after else ""),
        brief=(document if attached else "") + (page or paragraph),
        quote="" if (location.text or "") in ("", location.heading) else str(location.text),
    )


def _facts(report: Report, words: Words) -> Iterator[Fact]:
    """The facts that the record states; differences are left out, for a finding tells those that matter."""
    for spec in words.facts.get(report.document_class or "", ()):
        value = _value(report.record, spec.path)
        if value is not None and spec.reader != "difference":
            yield Fact(spec.title, quantity(value, spec.unit))


def _value(record: dict[str, Any], path: str) -> Any:
    value: Any = record
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
