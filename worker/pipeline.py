"""The check, bytes to report: a pure function of the files, the pack and the filing date."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial

from extractors.apart import standing_apart
from extractors.classify import Classified, classify, handed_in
from extractors.document import Document, Limits
from extractors.formats import extract
from extractors.matching import brings_papers, is_paper_required
from extractors.outline import Outline, Words, read_outline
from extractors.record import read_record
from extractors.sheets import Page, put_together, runs
from extractors.titles import SURE, TitleMatcher, core, matcher, matcher_of_all
from schemas import DocumentClass, Pack, load_pack
from schemas.errors import UnreadableDocumentError, UnreadableReason
from validators.assemble import Detected, Files, Noticed, Unjudged, Unread, judged, not_judged
from validators.explain import Submission
from validators.report import DocumentInfo, Report

DEFAULT_PACK = "jinjiang-2023"
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a submission.

    Attributes:
        name: as it was given, without folders.
        data: its bytes.
        failure: why it is known already that it cannot be read (an earlier try ended the child process).
        detail: fills the failure's message.
    """

    name: str
    data: bytes
    failure: UnreadableReason | None = None
    detail: str = ""


def check(
    sources: Sequence[Source],
    *,
    pack_id: str = DEFAULT_PACK,
    document_class: str | None = None,
    filed_on: date | None = None,
    on_open: Callable[[int], None] | None = None,
    limits: Limits | None = None,
) -> Report:
    """Check one submission.

    The same bytes, pack version and date give a byte-identical report.

    Args:
        sources: its files; which is the main document is found out.
        pack_id: the rule pack.
        document_class: id of the class to judge by; detected if None.
        filed_on: the filing date, from and to which deadlines count.
        on_open: called with a file's index before it is opened, so that a caller knows which one is to blame
            when the process does not live through it.
        limits: bounds of each document; the defaults where None.

    Raises:
        UsageError: there is no such pack or class.
        PackError: the pack is broken.
    """
    pack = load_pack(pack_id)
    if document_class is not None:
        pack.document_class(document_class)
    with _uncollected():
        return _checked(sources, pack, document_class, filed_on, limits or Limits(), on_open)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of circular garbage.

    A document's many small values set it off again and again; they form no circles but those of tables while
    they are read, so that it would take a third of the whole time to find next to nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _checked(
    sources: Sequence[Source],
    pack: Pack,
    document_class: str | None,
    filed_on: date | None,
    limits: Limits,
    on_open: Callable[[int], None] | None,
) -> Report:
    documents, unread = _read(sources, limits, on_open)
    words = words_of(pack)
    outlines = {
        index: read_outline(document, words) for index, document in _whole(sources, documents).items()
    }
    main, looks = _main(outlines, pack, document_class)
    detected = _detected(looks.get(main) if main is not None else None)
    files = Files(
        documents=tuple(_info(s, documents.get(i)) for i, s in enumerate(sources)),
        unread=tuple(unread),
        noticed=tuple(Noticed(d.name, a) for d in documents.values() for a in d.active),
    )
    as_of = filed_on.isoformat() if filed_on else None
    class_id = document_class or detected.class_id
    order = sorted(outlines, key=lambda index: index != main)
    ordered = tuple(outlines[index] for index in order)
    if class_id is None or not ordered:
        return not_judged(pack, as_of, files, detected, [outline.document for outline in ordered])
    judge_by = pack.document_class(class_id)
    extraction = read_record(ordered, pack, judge_by, filed_on, tuple(u.name for u in unread))
    submission = Submission(pack, judge_by, extraction, filed_on)
    apart = standing_apart([(outlines[index], looks[index]) for index in order], judge_by, pack)
    unjudged = [
        Unjudged(each.outline.document.name, pack.classes[each.class_id].title, each.project)
        for each in apart
    ]
    return judged(submission, files, detected, given=document_class is not None, unjudged=unjudged)


def _read(
    sources: Sequence[Source], limits: Limits, on_open: Callable[[int], None] | None
) -> tuple[dict[int, Document], list[Unread]]:
    documents: dict[int, Document] = {}
    unread: list[Unread] = []
    for index, source in enumerate(sources):
        if source.failure is not None:
            unread.append(Unread(source.name, source.failure, source.detail))
            continue
        if on_open is not None:
            on_open(index)
        try:
            documents[index] = extract(source.data, source.name, limits)
        except UnreadableDocumentError as error:
            unread.append(Unread(source.name, error.reason, error.detail))
    return documents, unread


def _whole(sources: Sequence[Source], documents: dict[int, Document]) -> dict[int, Document]:
    """The documents, those made one that are its pages; in the place of the first of them that was read."""
    whole = dict(documents)
    pages = [Page(source.name, documents.get(index)) for index, source in enumerate(sources)]
    for run in runs(pages):
        place = min(index for index in run if index in whole)
        for index in run:
            whole.pop(index, None)
        whole[place] = put_together([pages[index] for index in run])
    return dict(sorted(whole.items()))


def _main(
    outlines: dict[int, Outline], pack: Pack, given: str | None
) -> tuple[int | None, dict[int, Classified]]:
    """Which file is the main document, and which class each looks like."""
    keys: dict[int, tuple[bool, bool, float, int]] = {}
    looks: dict[int, Classified] = {}
    for index, outline in outlines.items():
        ranked = classify(outline, pack, [o for o in outlines.values() if o is not outline])
        looks[index] = ranked[0]
        wanted = next(c for c in ranked if c.class_id == given) if given else ranked[0]
        # A contract says more of what is required than the letter that files it.
        files = not is_paper_required(outline, pack.document_class(wanted.class_id), pack)
        keys[index] = (wanted.decided, files, wanted.confidence, -index)
    if not keys:
        return None, looks
    if not given and not any(decided and files for decided, files, _, _ in keys.values()):
        for index, outline in outlines.items():
            beside = [o for o in outlines.values() if o is not outline]
            if (class_id := handed_in(outline, pack, beside)) is not None:
                ranked = classify(outline, pack, beside)
                looks[index] = replace(next(c for c in ranked if c.class_id == class_id), decided=True)
                return index, looks
    main = max(keys, key=keys.__getitem__)
    filing = () if given else tuple(_filing(main, outlines, looks, pack))
    return max(filing, key=keys.__getitem__, default=main), looks


def _filing(
    likeliest: int, outlines: dict[int, Outline], looks: dict[int, Classified], pack: Pack
) -> Iterator[int]:
    """The files that hand in the papers of their class, and the likeliest file's with them.

    A letter says less than the plan that lies with the report on the acceptance.
    """
    for index, look in looks.items():
        found = pack.classes[look.class_id]
        if look.decided and looks[likeliest].class_id in (found.holds or ()):
            beside = [o for i, o in outlines.items() if i != index]
            if brings_papers(outlines[index], beside, found, pack):
                yield index


def _detected(look: Classified | None) -> Detected:
    if look is None:
        return Detected(None, None)
    return Detected(look.class_id if look.decided else None, look.confidence)


def _info(source: Source, document: Document | None) -> DocumentInfo:
    return DocumentInfo(
        name=source.name,
        sha256=hashlib.sha256(source.data).hexdigest(),
        size=len(source.data),
        media_type=document.media_type if document else None,
        pages=document.pages if document else None,
    )


@lru_cache(maxsize=16)
def words_of(pack: Pack) -> Words:
    """What ``pack`` says about titles, over all its classes (made once)."""
    matchers: tuple[TitleMatcher, ...] = tuple(matcher(c, pack.language) for c in pack.classes.values())
    glance = matcher_of_all(pack).may_be_title
    labels = {label for c in pack.classes.values() for f in c.facts for label in f.words("labels")}
    return Words(
        known=_any(glance, (m.is_title for m in matchers)),
        label=_any(glance, (m.is_label for m in matchers)),
        near=_any(glance, (m.may_be_title for m in matchers)),
        exact=_any(glance, (m.is_exact for m in matchers)),
        likely=_any(glance, (m.is_likely for m in matchers)),
        means=lambda text: frozenset(m.requirement for each in matchers for m in each.match(text)),
        dated=_any(
            glance, (partial(_asks_for_date, c, matcher(c, pack.language)) for c in pack.classes.values())
        ),
        listings=frozenset(map(core, pack.language.listing_headings)),
        labels=frozenset(map(core, labels)),
    )


def _asks_for_date(document_class: DocumentClass, titles: TitleMatcher, text: str) -> bool:
    dated = {r.name for r in document_class.requirements if any(f.unit == "date" for f in r.facts)}
    return any(m.requirement in dated and m.confidence >= SURE for m in titles.match(text))


def _any(glance: Callable[[str], bool], tests: Iterable[Callable[[str], bool]]) -> Callable[[str], bool]:
    """Whether any of ``tests`` holds; asked for the same text again and again, so it remembers.

    Args:
        glance: cheaper than the tests, and holds wherever one of them does.
    """
    every = tuple(tests)
    answers: dict[str, bool] = {}

    def holds(text: str) -> bool:
        if text not in answers:
            if len(answers) > _REMEMBERED:
                answers.clear()
            answers[text] = glance(text) and any(test(text) for test in every)
        return answers[text]

    return holds
