"""Reports for people at a terminal: what came of it, what to mend and where, and what is in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from reports.case import MACHINE_CHECK, SEVERITIES, Case, Need, Remark, tally, tell
from reports.columns import columns, wrapped
from reports.style import Style
from reports.words import Words, conclusion_title
from validators.report import Conclusion, Outcome, Report, Severity


class _Span(NamedTuple):
    text: str
    paint: str = ""


_Line = tuple[_Span, ...]
_BLANK: _Line = ()


_WIDEST = 110
_NARROWEST = 40
_PLACE_LABELS = ("位置", *["另见"] * 4)

_SYMBOL = {
    Conclusion.PASS: "✔",
    Conclusion.DEFICIENT: "✘",
    Conclusion.UNREADABLE: "?",
}
_PAINT = {
    Conclusion.PASS: "bold green",
    Conclusion.DEFICIENT: "bold red",
    Conclusion.UNREADABLE: "bold magenta",
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.INFO: "bold cyan",
}
_OUTCOMES = {
    Outcome.DEFICIENT: _Span("✘ 需补正", "red"),
    Outcome.NOT_CHECKED: _Span("? 未核查", "yellow"),
    Outcome.MET: _Span("✔ 已满足", "green"),
}


def render(reports: Sequence[Report], words: Words | None, style: Style) -> str:
    """Each report in about a screen; of several, a summary line at the end."""
    cases = tell(reports, words)
    width = min(max(style.width, _NARROWEST), _WIDEST)
    bodies = [_case(case, width) for case in cases]
    if len(cases) != 1:
        rule = (_Span("─" * (width // 2), "dim"),)
        bodies = [[*body, _BLANK, rule] for body in bodies] + [[*_summary(cases, width)]]
    return _written(chain.from_iterable(bodies), colour=style.colour)


def _case(case: Case, width: int) -> list[_Line]:
    return [
        *_head(case, width),
        *chain.from_iterable(_parted(_group(case, severity, width)) for severity in Severity),
        *_parted(_overview(case, width)),
        *_parted(_foot(case, width)),
    ]


def _head(case: Case, width: int) -> Iterator[_Line]:
    conclusion = case.report.conclusion
    lead = _Span(f"{_SYMBOL[conclusion]} {case.conclusion}  ", _PAINT[conclusion])
    yield from _hung(lead, case.name, width, paint="bold")
    yield from _hung(_Span("  "), f"{case.class_title}：{case.verdict}", width)


def _parted(lines: Iterator[_Line]) -> Iterator[_Line]:
    """``lines`` after a blank one, unless there are none."""
    for number, line in enumerate(lines):
        if not number:
            yield _BLANK
        yield line


def _group(case: Case, severity: Severity, width: int) -> Iterator[_Line]:
    remarks = case.of(severity)
    if remarks:
        yield (_Span(f"{SEVERITIES[severity]}（{len(remarks)}处）", _PAINT[severity]),)
    for remark in remarks:
        yield from _remark(remark, width)


def _remark(remark: Remark, width: int) -> Iterator[_Line]:
    finding = remark.finding
    number = _Span(f"{remark.number:>2}. ", _PAINT[finding.severity])
    clause = f"（依据{finding.clause}）" if finding.clause else ""
    yield from _hung(number, f"〔{remark.title}〕{finding.message}{clause}", width)
    for label, place in zip(_PLACE_LABELS, remark.places, strict=False):
        quote = f"：“{place.quote}”" if place.quote else ""
        yield from _labelled(label, place.words + quote, width)
    if len(remark.places) > len(_PLACE_LABELS):
        yield from _labelled("", f"……共{len(remark.places)}处", width)
    yield from _labelled("怎么改", finding.advice, width)


def _overview(case: Case, width: int) -> Iterator[_Line]:
    for outcome, title in _OUTCOMES.items():
        needs = case.needs_that(outcome)
        if needs:
            lead = _Span(f"{title.text}{len(needs):>3}项  ", title.paint)
            yield from _hung(lead, "、".join(map(_need, needs)), width)
    if case.facts:
        facts = "；".join(f"{fact.title} {fact.value}" for fact in case.facts)
        yield from _hung(_Span("读到的数据  ", "dim"), facts, width)
    for routing in case.report.routing:
        yield from _hung(_Span("下一步      ", "dim"), f"{routing.because}（{routing.clause}）", width)


def _need(need: Need) -> str:
    if need.remarks and need.check.outcome is not Outcome.MET:
        hint = "见" + "、".join(f"第{remark.number}条" for remark in need.remarks)
    else:
        hint = need.places[0].brief if need.places else ""
    return f"{need.check.requirement}（{hint}）" if hint else need.check.requirement


def _foot(case: Case, width: int) -> Iterator[_Line]:
    report = case.report
    pack = f"规则包 {report.pack} {report.pack_version}，预审 {report.engine}"
    about = f"按{case.regulation}检查（{pack}）。{MACHINE_CHECK}"
    yield from _hung(_Span(""), about, width, paint="dim")


def _summary(cases: Sequence[Case], width: int) -> Iterator[_Line]:
    counts = "，".join(f"{conclusion_title(each)} {count} 件" for each, count in tally(cases))
    text = f"共检查 {len(cases)} 件送审材料" + (f"：{counts}。" if counts else "。")
    return _hung(_Span(""), text, width, paint="bold")


def _labelled(label: str, text: str, width: int) -> Iterator[_Line]:
    lead = _Span("    " + label + " " * (8 - columns(label)), "dim")
    return _hung(lead, text, width)


def _hung(lead: _Span, text: str, width: int, paint: str = "") -> Iterator[_Line]:
    """``text`` after ``lead``, further lines indented to where the text began."""
    indent = columns(lead.text)
    first, *others = wrapped(text, width - indent)
    yield (lead, _Span(first, paint))
    for other in others:
        yield (_Span(" " * indent), _Span(other, paint))


def _written(lines: Iterator[_Line], *, colour: bool) -> str:
    paint = _painted if colour else _plain
    return "".join("".join(map(paint, line)).rstrip() + "\n" for line in lines)


def _plain(span: _Span) -> str:
    return span.text


def _painted(span: _Span) -> str:
    from rich.color import ColorSystem
    from rich.style import Style as Paint

    return Paint.parse(span.paint).render(span.text, color_system=ColorSystem.STANDARD)
