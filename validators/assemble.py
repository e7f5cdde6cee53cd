"""Findings, checks, routing and conclusion -> the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from extractors.document import ActiveContent, Document
from extractors.record import Place
from schemas import Pack, catalogue
from schemas.errors import UnreadableReason
from schemas.packs import Band
from schemas.version import VERSION
from validators.explain import Submission, findings_of, location, numbered, stated
from validators.report import (
    Check,
    Conclusion,
    DocumentInfo,
    Finding,
    Location,
    Outcome,
    Report,
    Routing,
    Severity,
)
from validators.wording import fill, said

_NOT_DEFICIENT = frozenset({"low-confidence", "similar-project", "active-content"})
_MOST_PLACES = 20
_UNKNOWN = {
    "as-of": (
        "没有给出报送日期，未核查“{fact}”是否在规定期限内。",
        "请在检查时给出报送日期（命令行选项 --filed-on），或由人工核对期限。",
    ),
    "calendar": (
        "“{fact}”涉及的年份国务院尚未公布放假安排，无法推算工作日，未核查期限。",
        "请由人工按公布后的放假安排核对期限。",
    ),
}


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of the submission that could not be read, and why."""

    name: str
    reason: UnreadableReason
    detail: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Active content that was noticed in a file."""

    name: str
    content: ActiveContent


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A file that looks like a submission of its own: the title of its class, and the project it names."""

    name: str
    class_title: str
    project: str


@dataclass(frozen=True, slots=True)
class Detected:
    """What the class detection said: the likeliest class (None: none fits) and how sure it is."""

    class_id: str | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Files:
    """The submission's files, those that could not be read, and what they carry."""

    documents: tuple[DocumentInfo, ...]
    unread: tuple[Unread, ...] = ()
    noticed: tuple[Noticed, ...] = ()


def judged(
    submission: Submission,
    files: Files,
    detected: Detected,
    *,
    given: bool,
    unjudged: Sequence[Unjudged] = (),
) -> Report:
    """The report of a submission whose class is known.

    Args:
        given: the class was given and not detected.
        unjudged: its files that look like submissions of their own.
    """
    findings = numbered(
        [
            *_unread_findings(files.unread),
            *_mismatch(submission, detected, given=given),
            *_unjudged(submission, unjudged),
            *findings_of(submission),
            *_unknown(submission),
            *_unread_pages(submission),
            *_recognised(submission),
            *_active(files.noticed),
        ]
    )
    return Report(
        engine=VERSION,
        pack=submission.pack.id,
        pack_version=submission.pack.version,
        as_of=submission.as_of.isoformat() if submission.as_of else None,
        document_class=submission.document_class.id,
        class_confidence=1.0 if given else detected.confidence,
        conclusion=_conclusion(findings),
        documents=files.documents,
        checks=tuple(_checks(submission, findings)),
        findings=findings,
        record=submission.extraction.record,
        routing=tuple(_routing(submission)),
    )


def not_judged(
    pack: Pack, as_of: str | None, files: Files, detected: Detected, read: Sequence[Document]
) -> Report:
    """The report where nothing could be judged: no file could be read, or no class fits.

    Args:
        read: the documents that no class fits, the main one first; none if no file could be read.
    """
    findings = [
        *_unread_findings(files.unread),
        # What was not read may be what says the class, so that it goes first.
        *(_partly_read(document, "；文件种类可能写在那里") for document in read if not document.is_read),
        *(_undetermined(pack, document.name) for document in read[:1]),
        *_active(files.noticed),
    ]
    return Report(
        engine=VERSION,
        pack=pack.id,
        pack_version=pack.version,
        as_of=as_of,
        document_class=None,
        class_confidence=detected.confidence,
        conclusion=Conclusion.UNREADABLE,
        documents=files.documents,
        checks=(),
        findings=numbered(findings),
        record={},
        routing=(),
    )


def _conclusion(findings: tuple[Finding, ...]) -> Conclusion:
    errors = any(f.severity is Severity.ERROR for f in findings)
    return Conclusion.DEFICIENT if errors else Conclusion.PASS


def _plain(
    code: str,
    values: dict[str, Any],
    *,
    requirement: str | None = None,
    severity: Severity | None = None,
    clause: str | None = None,
    message: str | None = None,
    advice: str | None = None,
    locations: tuple[Location, ...] = (),
    expected: Any = None,
    found: Any = None,
) -> Finding:
    entry = catalogue().codes[code]
    return Finding(
        id="",
        code=code,
        requirement=requirement,
        severity=severity or Severity(entry.severity),
        clause=clause,
        message=fill(message or entry.message, values),
        advice=fill(advice or entry.advice, values),
        expected=expected,
        found=found,
        locations=locations,
    )


def _unread_findings(unread: Sequence[Unread]) -> Iterator[Finding]:
    for file in unread:
        entry = catalogue().unreadable[file.reason]
        values = {
            "document": file.name,
            "reason": fill(entry.reason, {"detail": _ended(file.detail)}),
            "remedy": entry.remedy,
        }
        yield _plain("document-unreadable", values, found=str(file.reason), locations=(Location(file.name),))


def _ended(detail: str) -> str:
    """What is added to a reason, as a sentence: readers and libraries say it with and without a full stop."""
    return detail if not detail or detail.endswith(("。", "）")) else f"{detail}。"


def _undetermined(pack: Pack, name: str) -> Finding:
    classes = "、".join(f"“{c.title}”" for c in pack.classes.values())
    return _plain("class-undetermined", {"document": name, "classes": classes}, locations=(Location(name),))


def _mismatch(submission: Submission, detected: Detected, *, given: bool) -> Iterator[Finding]:
    wanted = submission.document_class
    if not given or detected.class_id in (None, wanted.id):
        return
    found = submission.pack.classes[str(detected.class_id)]
    main = submission.extraction.outlines[0].document.name
    yield _plain(
        "class-mismatch",
        {"expected": wanted.title, "found": found.title},
        expected=wanted.id,
        found=found.id,
        locations=(Location(main),),
    )


def _unjudged(submission: Submission, unjudged: Sequence[Unjudged]) -> Iterator[Finding]:
    main = submission.extraction.outlines[0].document.name
    for file in unjudged:
        project = f"（{file.project}）" if file.project else ""
        yield _plain(
            "low-confidence",
            {},
            message=f"《{file.name}》看上去是另一件“{file.class_title}”{project}的主文件，"
            f"没有审查：本结果按“{submission.document_class.title}”只审查《{main}》。",
            advice=f"请把《{file.name}》连同它的附件另外单独送审；只是本项目的旧稿或参考材料的，可忽略本条。",
            found=file.name,
            locations=(Location(file.name),),
        )


def _unknown(submission: Submission) -> Iterator[Finding]:
    for spec in submission.document_class.facts:
        reason = submission.extraction.unknown.get(spec.path)
        if reason is None:
            continue
        message, advice = _UNKNOWN[reason]
        requirement = _counted_from(spec.options)
        yield _plain(
            "low-confidence",
            {"fact": spec.title},
            requirement=requirement,
            clause=spec.clause,
            message=message,
            advice=advice,
            locations=tuple(map(location, submission.extraction.evidence.get(requirement or "", ())[:1])),
        )


def _counted_from(options: Any) -> str | None:
    path = options.get("from") or options.get("to")
    return path.partition(".")[0] if path else None


def _unread_pages(submission: Submission) -> Iterator[Finding]:
    """Pages that nobody read: an error where a requirement may be met there, else something to look at."""
    waiting = [
        f"“{r.name}”"
        for r in submission.document_class.requirements
        if r.name in submission.extraction.not_checked
    ]
    missed = f"；{'、'.join(waiting)}在其他地方没有找到，可能写在那里" if waiting else ""
    for outline in submission.extraction.outlines:
        if not outline.document.is_read:
            yield _partly_read(outline.document, missed)


def _partly_read(document: Document, missed: str) -> Finding:
    """What of a document nobody read.

    Args:
        missed: what may stand there and was found nowhere else, as the message goes on; "" for nothing.
    """
    return _plain(
        "document-unreadable" if missed else "low-confidence",
        {},
        message=f"{_called(document)}{_why_unread(document)}，没有核查{missed}。",
        advice=_how_to_submit(document),
        found=str(_reason_unread(document)) if missed else None,
        locations=_places(document, document.unread_pages),
    )


def _called(document: Document) -> str:
    """A document as a message names it; of one that was put together it says so."""
    if not document.sheets:
        return f"《{document.name}》"
    return f"《{document.name}》等{len(document.sheets)}张图片按编号顺序当作一份文件的各页审查，其中"


def _places(document: Document, pages: Sequence[int]) -> tuple[Location, ...]:
    """The pages; the document as a whole where it has none."""
    if not pages:
        return (Location(document.name),)
    sheets = [document.sheet(page) for page in pages[:_MOST_PLACES]]
    return tuple(Location(sheet.file, page=sheet.page) for sheet in sheets)


def _why_unread(document: Document) -> str:
    pictures = [page for page in document.unread_pages if page not in document.garbled_pages]
    said = []
    if pictures:
        said.append(f"第{_page_numbers(pictures)}页是图片或图形，没有读出文字")
    if document.garbled_pages:
        said.append(f"第{_page_numbers(document.garbled_pages)}页的文字全部或部分是乱码，没有读全")
    if document.unread_pictures:
        said.append(f"第{_page_numbers(document.unread_pictures)}幅图片没有读出文字")
    if document.unread_imports:
        kinds = "、".join(dict.fromkeys(document.unread_imports))
        said.append(f"有{len(document.unread_imports)}处打开时才导入的内容（{kinds}）没有读出文字")
    return "，".join(said)


def _how_to_submit(document: Document) -> str:
    if not document.unread_imports:
        return "请提交由 Word、WPS 直接导出的文件（选择嵌入字体），或者由人工核对这些页的内容。"
    return "请在 Word 中打开文件，确认内容完整后另存为新的 .docx 或导出 PDF 再提交，或者由人工核对这些内容。"


def _reason_unread(document: Document) -> UnreadableReason:
    if not document.unread_pages and not document.unread_pictures:
        return UnreadableReason.UNSUPPORTED
    all_garbled = document.garbled_pages and set(document.garbled_pages) == set(document.unread_pages)
    return UnreadableReason.GARBLED_TEXT if all_garbled else UnreadableReason.NO_TEXT_LAYER


def _recognised(submission: Submission) -> Iterator[Finding]:
    """Once for each document: which of its pages rest on text recognition, and which facts on those pages."""
    for outline in submission.extraction.outlines:
        document = outline.document
        if document.recognised_pages or document.recognised_pictures:
            facts = "、".join(_facts_on(document, submission))
            numbers = _page_numbers(document.recognised_pages or document.recognised_pictures)
            what = "页" if document.recognised_pages else "幅图片"
            yield _plain(
                "low-confidence",
                {},
                message=f"{_called(document)}第{numbers}{what}是扫描件或照片，其中的文字由程序识别，可能有误"
                + (f"；从中读出的数据：{facts}。" if facts else "。"),
                advice="请对照原件核对识别结果；有 Word 原文件或由其直接导出的 PDF 的，请改交该文件。",
                locations=_places(document, document.recognised_pages),
            )


def _facts_on(document: Document, submission: Submission) -> Iterator[str]:
    """The facts that were read from a document by text recognition, as people say them."""
    wanted = submission.document_class
    for spec in [*wanted.facts, *(fact for r in wanted.requirements for fact in r.facts)]:
        places = submission.extraction.evidence.get(spec.path, ())
        value = stated(submission.extraction.record, spec.path)
        read = value is not None and spec.reader != "difference"
        if read and any(_is_recognised(place, document) for place in places):
            yield f"{spec.title} {said(value, spec.unit)}"


def _is_recognised(place: Place, document: Document) -> bool:
    sheets = map(document.sheet, document.recognised_pages)
    if any((place.document, place.page) == sheet for sheet in sheets):
        return True
    return place.document == document.name and place.paragraph in document.recognised_paragraphs


def _page_numbers(pages: Sequence[int]) -> str:
    """Page numbers as people say them: 1至3、5."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return "、".join(f"{run[0]}至{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _active(noticed: Sequence[Noticed]) -> Iterator[Finding]:
    kinds = catalogue().active
    for item in noticed:
        values = {
            "document": item.name,
            "reason": kinds.get(item.content.kind, item.content.kind),
            "detail": item.content.detail,
        }
        yield _plain("active-content", values, found=item.content.kind, locations=(Location(item.name),))


def _checks(submission: Submission, findings: tuple[Finding, ...]) -> Iterator[Check]:
    extraction = submission.extraction
    unknown = {
        _counted_from(s.options) for s in submission.document_class.facts if s.path in extraction.unknown
    }
    for requirement in submission.document_class.requirements:
        own = [f for f in findings if f.requirement == requirement.name and f.code not in _NOT_DEFICIENT]
        places = tuple(map(location, extraction.evidence.get(requirement.name, ())[:3]))
        if own:
            outcome, places = Outcome.DEFICIENT, own[0].locations or places
        elif requirement.name in extraction.not_checked or requirement.name in unknown:
            outcome = Outcome.NOT_CHECKED
        else:
            outcome = Outcome.MET
        yield Check(requirement.name, requirement.clause, outcome, places)


def _routing(submission: Submission) -> Iterator[Routing]:
    rule = submission.document_class.routing
    if rule is None:
        return
    holder, _, key = rule.amount.partition(".")
    amount = submission.extraction.record.get(holder, {}).get(key)
    if amount is None or amount <= 0:
        return
    band = next(b for b in rule.bands if _holds(b, amount))
    yield Routing(rule.clause, band.outcome, fill(band.because, {"amount": said(amount, "yuan")}))


def _holds(band: Band, amount: float) -> bool:
    return band.below is None or Decimal(str(amount)) < Decimal(str(band.below))
