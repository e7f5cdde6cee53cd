"""Which sections and which attachments meet which requirement of a document class."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import PurePath

from extractors.document import Paragraph, Table, paragraphs
from extractors.numbering import is_number_alone, split_number
from extractors.outline import ORGANISATION, Origin, Outline, Section
from extractors.signing import days_in, days_signed
from extractors.substance import Substance, substance
from extractors.text import normal
from extractors.titles import NAMED, SURE, TitleMatch, TitleMatcher, core, matcher
from schemas import DocumentClass, Pack
from schemas.packs import AttachmentRule, Requirement

_MAX_HEAD = 40
_NO_PAPER = re.compile(r"附|关于|[^：:]*[：:，。]")
_STOPS = re.compile(r"[，。；！!,;]")
_FIELD = re.compile(r"[^：:]{2,12}[：:]")
_MAX_SECTION_TITLE = 8
"""Longest first line that may be a section's title though it could be the document's."""

_MOST_PRINCIPLES = 2
"""So many requirements may the points of a list of principles be called like."""
_LONGEST_CATCHWORD = 6
"""Longest title that only names a principle, in characters."""
_SHORTEST_BODY = 6
"""Shortest line that is more than a paper's title or a name under it."""

_PAPERS = 2
"""So many of the papers that a class requires, lying beside a letter, say what it hands in."""

_PLACED = 0.6
"""Confidence of a section that is known by its place alone."""


@dataclass(frozen=True, slots=True)
class Met:
    """A section that meets a requirement, or an attachment that is the thing required.

    Attributes:
        outline: the document it stands in.
        section: the section; of an attachment its whole content.
        confidence: how sure it is that this is what is required.
        substantive: it says something.
        depth: how deep it stands, 0 for the document.
        attachment: it is a whole attachment.
        shared: requirements that the same title meets, this one included.
    """

    outline: Outline
    section: Section
    confidence: float
    substantive: bool
    depth: int
    attachment: bool = False
    shared: int = 1


def sections_by_requirement(
    outline: Outline, document_class: DocumentClass, titles: TitleMatcher, substance: Substance
) -> dict[str, tuple[Met, ...]]:
    """The sections of one document by the requirement they meet, best first.

    Near titles count only where there is no sure one; among equals those with substance come first, then the
    surer, the higher, the earlier.
    """
    rules = {r.name: r for r in document_class.requirements}
    found: dict[str, list[Met]] = {r.name: [] for r in document_class.requirements}
    near: dict[str, set[str]] = {}
    for section, depth, inside, matches in _eligible(outline, document_class, titles, substance):
        names = frozenset(m.requirement for m in matches)
        for match in matches:
            near.setdefault(match.requirement, set()).add(match.title)
            rule = rules[match.requirement]
            if (
                match.title != core(match.requirement)
                and _only_holds_others(section, titles, substance)
                and not _is_unnamed_half(rule, names, section, titles, substance)
            ):
                continue
            if match.confidence >= SURE or _may_be_near(section, inside, titles):
                says = _says(rule, names - {match.requirement}, section, titles, substance)
                met = Met(outline, section, match.confidence, says, depth, shared=len(matches))
                found[match.requirement].append(met)
    for name, mets in found.items():
        found[name] = [
            replace(m, substantive=m.substantive and not _is_hollow(rules[name], m, mets, substance))
            for m in mets
            if not _is_mere_frame(m, mets)
        ]
    for requirement in document_class.requirements:
        if not found[requirement.name]:
            found[requirement.name] += _by_words(outline, document_class, requirement, titles, substance)
    kept = {
        r.name: sorted(_kept(r, found[r.name], near.get(r.name, set()), substance), key=_rank)
        for r in document_class.requirements
    }
    of_chapters = _is_of_chapters(kept)
    for rule in document_class.requirements if of_chapters else ():
        kept[rule.name] = [m for m in kept[rule.name] if not _is_bare_field(rule, m)]
    for name, met in _by_place(outline, document_class, titles, substance, kept):
        if not (of_chapters and _is_bare_field(rules[name], met)):
            kept[name].append(met)
    for name, met in _by_signature(outline, document_class, kept):
        kept[name].append(met)
        kept[name].sort(key=_rank)
    return {name: tuple(mets) for name, mets in kept.items()}


def _meant(
    section: Section,
    outline: Outline,
    document_class: DocumentClass,
    titles: TitleMatcher,
    substance: Substance,
) -> tuple[TitleMatch, ...]:
    """What a section's title means; the document's own (…信创资源池建设方案) is no section about 信创."""
    matches = tuple(m for m in titles.match(section.title) if is_told(m, section, substance))
    if not matches or not _is_own_title(section, outline, document_class):
        return matches
    return tuple(m for m in matches if m.confidence >= NAMED)


def is_told(match: TitleMatch, section: Section, substance: Substance) -> bool:
    """Whether the text, where there is any, is about what a doubtful title may mean (密码管理)."""
    if not match.text:
        return True
    texts = tuple(substance.texts(section))
    return not texts or _tells(texts, match.text)


def _tells(texts: Iterable[str], pattern: str) -> bool:
    """Whether one of a section's texts is about what the pattern looks for; a picture may show it."""
    return any(text == "[图]" or re.search(pattern, normal(text)) for text in texts)


def _is_mere_frame(met: Met, mets: list[Met]) -> bool:
    """Whether a chapter only like the title (建设方案) holds the section that is it (功能设计方案)."""
    if met.confidence >= NAMED:
        return False
    inside = [m for m in mets if m is not met and m.confidence > met.confidence and m.shared == 1]
    return any(_holds(met, each) for each in inside)


def _is_hollow(rule: Requirement, met: Met, mets: list[Met], substance: Substance) -> bool:
    """Whether the part below that is what is required was left empty, and the rest is about something else.

    Under 项目管理与实施进度 the part 进度安排 holds the template's words, the part 人员培训 a sentence.
    """
    left = [
        m
        for m in mets
        if m is not met and not m.substantive and m.confidence >= met.confidence and _holds(met, m)
    ]
    if rule.evidence is None or not left:
        return False
    texts = substance.texts(met.section, lambda child: any(child is m.section for m in left))
    return not _tells(texts, rule.evidence)


def _is_of_chapters(kept: Mapping[str, list[Met]]) -> bool:
    """Whether most requirements are met by sections with a heading, and not by the fields of a form."""
    headed = sum(any(m.section.origin is Origin.HEADING for m in mets) for mets in kept.values())
    return 2 * headed > len(kept)


def _is_bare_field(rule: Requirement, met: Met) -> bool:
    """Whether it is a field that only states a figure (工期: 8个月) where more is asked for."""
    if (
        rule.bare is None
        or met.section.origin is Origin.HEADING
        or core(met.section.title) == core(rule.name)
    ):
        return False
    blocks = list(met.section.content())
    return bool(blocks) and all(
        isinstance(block, Paragraph) and re.fullmatch(rule.bare, normal(block.shown)) for block in blocks
    )


def _is_own_title(section: Section, outline: Outline, document_class: DocumentClass) -> bool:
    title = section.title.strip()
    if title not in outline.titles:
        return False
    likeliest = title == outline.titles[0] and len(title) > _MAX_SECTION_TITLE
    return likeliest or any(name in title for name in document_class.names)


def _may_be_near(section: Section, inside: bool, titles: TitleMatcher) -> bool:
    """A near title counts where nothing around it and nothing in it is something else for sure."""
    if inside or section.origin is Origin.ALONE:
        return False
    return not any(_is_sure(child, titles) for child in section.walk() if child is not section)


def _says(
    rule: Requirement,
    others: frozenset[str],
    section: Section,
    titles: TitleMatcher,
    substance: Substance,
) -> bool:
    """Whether a section says something of a requirement; of a joined title each half must speak.

    Where parts stand below, what is left beside those of other halves must be about this one: under
    建设目标与原则 the part 建设目标 names no principle.  Words that tell by themselves count anywhere: in the
    part 投资估算 may stand that 区财政 pays for it.
    """
    halves = titles.other_halves(section.title, rule.name)
    if not section.children or not (others or halves):
        return substance.has(section)
    is_other = _of_others(rule, halves, titles)
    if rule.evidence is None or not (halves or any(map(is_other, section.children))):
        return substance.has(section, is_other)
    texts = substance.texts(section) if rule.evidence_tells else substance.texts(section, is_other)
    return _tells(texts, rule.evidence)


def _only_holds_others(section: Section, titles: TitleMatcher, substance: Substance) -> bool:
    """Whether it is a mere chapter: all that it says stands under titles that are sure of their own."""
    if not any(_is_sure(child, titles) for child in section.children):
        return False
    return not substance.has(section, lambda child: _is_sure(child, titles))


def _is_unnamed_half(
    rule: Requirement, names: frozenset[str], section: Section, titles: TitleMatcher, substance: Substance
) -> bool:
    """Whether a half of a joined title is spoken of below it, though no title there names that half.

    Under 投资估算与资金筹措 the line on the funds may follow the parts of the estimate as one more of them.
    """
    if len(names) < 2 or not _speaks_of(rule, section, substance):
        return False
    below = (m for child in section.walk() if child is not section for m in titles.match(child.title))
    return all(m.requirement != rule.name for m in below)


def _is_sure(section: Section, titles: TitleMatcher) -> bool:
    return any(m.confidence >= SURE for m in titles.match(section.title))


def _is_one_thing(matches: tuple[TitleMatch, ...]) -> bool:
    """Whether a section is surely one requirement's; each half of a joined one may have its own part."""
    return len(matches) == 1 and matches[0].confidence >= SURE


def _of_others(rule: Requirement, halves: tuple[str, ...], titles: TitleMatcher) -> Callable[[Section], bool]:
    """Whether a section is surely another requirement's, or is called like one of the title's ``halves``."""

    def is_other(section: Section) -> bool:
        found = titles.match(section.title)
        if any(m.requirement == rule.name for m in found):
            return False
        return any(m.confidence >= SURE for m in found) or core(section.title) in halves

    return is_other


def _kept(requirement: Requirement, mets: list[Met], near: set[str], substance: Substance) -> Iterator[Met]:
    """The sure ones; without any, the near ones whose text bears them out."""
    sure = [m for m in mets if m.confidence >= SURE]
    own = [m for m in mets if m not in sure and m.substantive and _borne_out(requirement, m, substance)]
    if own and sure and all(m.shared > 1 and any(_holds(m, each) for each in own) for m in sure):
        # Under a joined title (预算及来源) the part that is called 来源 alone states it.
        yield from own
    elif sure:
        yield from sure
    elif _covers(requirement, near):
        yield from (replace(m, confidence=SURE) for m in mets)
    elif any(m.substantive for m in mets):
        yield from (m for m in mets if _borne_out(requirement, m, substance))
    else:
        yield from mets  # there by a near title, and empty


def _holds(met: Met, other: Met) -> bool:
    return any(section is other.section for section in met.section.walk())


def _covers(requirement: Requirement, near: set[str]) -> bool:
    """Sections that each hold one part of a requirement and together all of it are sure."""
    return bool(requirement.parts) and all(
        any(word in title for title in near for word in map(core, part)) for part in requirement.parts
    )


def _borne_out(requirement: Requirement, met: Met, substance: Substance) -> bool:
    pattern = requirement.evidence
    return pattern is None or any(re.search(pattern, normal(t)) for t in substance.texts(met.section))


def _speaks_of(requirement: Requirement, section: Section, substance: Substance) -> bool:
    """Whether under a joined title something is said of this half, whatever line it was put under."""
    pattern = requirement.evidence
    return pattern is not None and any(re.search(pattern, normal(t)) for t in substance.texts(section))


def _rank(met: Met) -> tuple[bool, float, int]:
    return (not met.substantive, -met.confidence, met.depth)


def _eligible(
    outline: Outline, document_class: DocumentClass, titles: TitleMatcher, substance: Substance
) -> Iterator[tuple[Section, int, bool, tuple[TitleMatch, ...]]]:
    """Sections that may meet something.

    Each comes with its depth, whether it stands inside one that is one thing, and what its title means.
    A principle (建设原则 / 安全可控) is no section about what it is called by, unless by its very name.
    """
    elsewhere = {r.name: frozenset(r.not_inside) for r in document_class.requirements}

    def under(
        parent: Section, depth: int, inside: bool, around: frozenset[str]
    ) -> Iterator[tuple[Section, int, bool, tuple[TitleMatch, ...]]]:
        listed = _lists_principles(parent, titles)
        for child in parent.children:
            if child.listing:
                continue
            title = core(child.title)
            only_by_name = listed and len(title) <= _LONGEST_CATCHWORD
            matches = tuple(
                m
                for m in _meant(child, outline, document_class, titles, substance)
                if title == core(m.requirement) or not (only_by_name or around & elsewhere[m.requirement])
            )
            yield child, depth, inside, matches
            sure = frozenset(m.requirement for m in matches if m.confidence >= SURE)
            yield from under(child, depth + 1, inside or _is_one_thing(matches), around | sure)

    yield from under(outline.root, 1, False, frozenset())


def _lists_principles(section: Section, titles: TitleMatcher) -> bool:
    """Whether what stands under a title are its points; chapters that only happen to lie there are more."""
    if len(section.children) < 2 or not titles.lists_principles(section.title):
        return False
    sure = {m.requirement for c in section.children for m in titles.match(c.title) if m.confidence >= SURE}
    return len(sure) <= _MOST_PRINCIPLES


def _by_place(
    outline: Outline,
    document_class: DocumentClass,
    titles: TitleMatcher,
    substance: Substance,
    found: Mapping[str, list[Met]],
) -> Iterator[tuple[str, Met]]:
    """Sections whose title is sure of nothing, for the missing requirements in whose place they stand."""
    order = [r.name for r in document_class.requirements]
    missing = [r for r in document_class.requirements if r.by_place is not None and not found[r.name]]
    taken = {id(m.section) for mets in found.values() for m in mets} if missing else set()
    places = [
        p
        for p in (_unexplained(outline, document_class, titles) if missing else ())
        if id(p.section) not in taken
    ]
    for requirement in missing:
        at = order.index(requirement.name)
        earlier, later = order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None
        for place in places:
            beside = (earlier in place.before, later in place.after)
            if any(beside) and _may_stand_for(requirement, place, all(beside), substance):
                says = substance.has(place.section)
                yield requirement.name, Met(outline, place.section, _PLACED, says, place.depth)
                places.remove(place)
                break


def _by_signature(
    outline: Outline, document_class: DocumentClass, found: Mapping[str, list[Met]]
) -> Iterator[tuple[str, Met]]:
    """The days beside the parties' signatures, for what no section states."""
    for requirement in document_class.requirements:
        if requirement.signed is None or any(m.substantive for m in found[requirement.name]):
            continue
        signed = days_signed(outline, requirement.signed)
        if signed is not None:
            yield requirement.name, Met(outline, signed, SURE, any(days_in(signed)), 1)


@dataclass(frozen=True, slots=True)
class _Place:
    """A section whose title is sure of nothing, what that nearly means, and what those beside it mean."""

    section: Section
    depth: int
    near: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]


def _unexplained(outline: Outline, document_class: DocumentClass, titles: TitleMatcher) -> Iterator[_Place]:
    def under(parent: Section, depth: int) -> Iterator[_Place]:
        beside = [
            c
            for c in parent.children
            if not c.listing
            and not is_number_alone(c.title)
            and not _is_own_title(c, outline, document_class)
        ]
        means = [frozenset(m.requirement for m in titles.match(c.title)) for c in beside]
        for index, child in enumerate(beside):
            if child.origin is not Origin.ALONE and not any(_is_sure(s, titles) for s in child.walk()):
                before = means[index - 1] if index else frozenset()
                after = means[index + 1] if index + 1 < len(means) else frozenset()
                yield _Place(child, depth, means[index], before, after)
        for child in parent.children:
            # What stands inside one that is surely one thing is a part of that.
            own = _is_own_title(child, outline, document_class)
            if not child.listing and (own or not _is_one_thing(titles.match(child.title))):
                yield from under(child, depth + 1)

    yield from under(outline.root, 1)


def _may_stand_for(requirement: Requirement, place: _Place, between: bool, substance: Substance) -> bool:
    """Whether the title nearly means what is required, or means nothing and the text speaks of that.

    Without any text the place on both sides must fit.
    """
    rule = requirement.by_place
    if rule is None or any(word in core(place.section.title) for word in rule.without):
        return False
    texts = [normal(t) for t in substance.texts(place.section)]
    if place.near and requirement.name not in place.near:
        return False
    return any(re.search(rule.text, t) for t in texts) if texts else between


def _by_words(
    outline: Outline,
    document_class: DocumentClass,
    requirement: Requirement,
    titles: TitleMatcher,
    substance: Substance,
) -> Iterator[Met]:
    for section, depth, inside, _ in _eligible(outline, document_class, titles, substance):
        if inside or section.origin in (Origin.LABEL, Origin.ALONE) or titles.match(section.title):
            continue
        match = titles.by_words(section.title, (requirement.name,))
        if match and substance.has(section):
            yield Met(outline, section, match.confidence, True, depth)


def attachment_for(
    outline: Outline, requirement: Requirement, titles: TitleMatcher, substance: Substance
) -> Met | None:
    """The document as an attachment that is the thing required, recognised by its title and its content."""
    for title in _own_titles(outline):
        if ORGANISATION.search(title) or "。" in title or (_FIELD.match(title) and "附" not in title[:2]):
            continue  # …网络安全和信息化委员会办公室; a paper that begins with its text, or with a field
        means = titles.tail(title)
        named = is_called(title, requirement)
        told = {m.requirement for m in means if is_told(m, outline.root, substance)}
        if named or requirement.name in told:
            return _whole(outline, requirement, substance, (title, *_lines_over(title, outline)))
        if means:
            return None
    return _known_by_name(outline, requirement, titles, substance)


def _known_by_name(
    outline: Outline, requirement: Requirement, titles: TitleMatcher, substance: Substance
) -> Met | None:
    """The document as the paper that its file is called (监理报告.pdf), where it has no title of its own."""
    name = PurePath(outline.document.name).stem
    named = is_called(name, requirement) or requirement.name in {m.requirement for m in titles.tail(name)}
    known = requirement.paper and (named or bool(requirement.clauses))
    if not known or any(map(_may_entitle, _own_titles(outline))):
        return None
    return _whole(outline, requirement, substance) if named or _has_clauses(outline, requirement) else None


def _has_clauses(outline: Outline, requirement: Requirement) -> bool:
    """Whether the document says all that such a paper does, each somewhere in a line of its own."""
    lines = [normal(p.text) for p in paragraphs(outline.document.blocks)]
    return all(any(re.search(clause, line) for line in lines) for clause in requirement.clauses)


def _may_entitle(line: str) -> bool:
    """Whether a first line may be a title: no sentence, no field and no numbered chapter's."""
    return bool(line) and not (_STOPS.search(line) or _FIELD.search(line) or split_number(line))


def paper_itself(outline: Outline, requirement: Requirement, substance: Substance) -> Met | None:
    """The main document where it is itself the paper required: a contract that is filed without a letter."""
    if not any(is_called(line, requirement) for line in _may_be_titles(outline)):
        return None
    title = next(_own_titles(outline))
    return _whole(outline, requirement, substance, (title, *_lines_over(title, outline)))


def _whole(
    outline: Outline, requirement: Requirement, substance: Substance, titles: Iterable[str] = ()
) -> Met:
    """The whole document as what is required; its ``titles`` alone say nothing, nor does a blank form."""
    lines = paragraphs(outline.document.blocks)
    says = has_body(outline.root, substance, titles) and not is_blank_form(lines, requirement)
    return Met(outline, outline.root, 1.0, says, 0, attachment=True)


def is_blank_form(lines: Iterable[Paragraph], requirement: Requirement) -> bool:
    """Whether the lines are those of a form whose fields nobody has filled in, whatever is printed on it."""
    if requirement.left_blank is None or requirement.filled_in is None:
        return False
    texts = [normal(line.text) for line in lines]
    blank = any(re.search(requirement.left_blank, text) for text in texts)
    return blank and not any(re.search(requirement.filled_in, text) for text in texts)


def is_paper_required(outline: Outline, document_class: DocumentClass, pack: Pack) -> bool:
    """Whether the document is itself a paper that the class requires by that paper's own titles."""
    return any(
        paper_itself(outline, r, substance(pack.language)) is not None for r in document_class.requirements
    )


def brings_papers(
    outline: Outline, beside: Sequence[Outline], document_class: DocumentClass, pack: Pack
) -> bool:
    """Whether papers that the class requires lie beside a document that is none itself: two, or all."""
    papers = [r for r in document_class.requirements if r.paper]
    if not papers or is_paper_required(outline, document_class, pack):
        return False
    titles, judge = matcher(document_class, pack.language), substance(pack.language)
    brought = (any(attachment_for(o, r, titles, judge) is not None for o in beside) for r in papers)
    return sum(brought) >= min(_PAPERS, len(papers))


def paper_bound_in(outline: Outline, requirement: Requirement, substance: Substance) -> Met | None:
    """The paper required where it follows in the main document under a title of its own: 技术开发合同.

    Its articles may stand beside that title and not below it; what is set as a title like it is none of them.
    """
    if not requirement.attachment:
        return None
    for parent in outline.root.walk():
        for index, section in enumerate(parent.children):
            titled = section.origin is Origin.HEADING and not section.numbered and not section.listing
            if not titled or section.title.strip() in outline.titles:
                continue
            if is_called(section.title, requirement):
                articles = tuple(_articles(section, parent.children[index + 1 :]))
                whole = replace(section, children=(*section.children, *articles))
                says = any(map(substance.has, (section, *articles)))
                says = says and not is_blank_form(_from(section, outline), requirement)
                return Met(outline, whole, 1.0, says, 1)
    return None


def _from(section: Section, outline: Outline) -> Iterator[Paragraph]:
    """The lines of the file from a section's title on."""
    first = section.heading.number if section.heading else 0
    return (p for p in paragraphs(outline.document.blocks) if p.number >= first)


def _articles(title: Section, following: Sequence[Section]) -> Iterator[Section]:
    """What follows a paper's title beside it and may belong to the paper."""
    return takewhile(lambda section: not _is_peer(section, title), following)


def _is_peer(section: Section, title: Section) -> bool:
    """Whether a section's title is set as another without a number is: 备案事由 behind 合同副本."""
    one, other = section.heading, title.heading
    if section.numbered or one is None or other is None:
        return False
    return (one.level, one.size, one.bold, one.align) == (other.level, other.size, other.bold, other.align)


def is_called(title: str, requirement: Requirement) -> bool:
    """Whether a title ends in one of those that the paper required has."""
    return any(core(title).endswith(core(t)) for t in requirement.attachment)


def _may_be_titles(outline: Outline) -> Iterator[str]:
    """The first lines, without letters' titles (关于…), lists of attachments and numbered lines."""
    for line in (line.shown.strip() for line in outline.head):
        if len(line) <= _MAX_HEAD and not _NO_PAPER.match(line) and not split_number(line):
            yield line


def _own_titles(outline: Outline) -> Iterator[str]:
    """What may be the document's own title; the first section's, where nothing stands before it.

    A title's second line (XX项目 | 验收报告) may read as a section's title.
    """
    yield from outline.titles
    if not outline.root.blocks and outline.root.children and not outline.titles:
        yield outline.root.children[0].title
    yield from (line for line in _second_lines(outline) if line not in outline.titles)
    yield outline.document.title


def _second_lines(outline: Outline) -> Iterator[str]:
    yield from _may_be_titles(outline)
    above = {id(line) for line in outline.opening}
    parts = outline.root.children
    titled = parts and not parts[0].numbered and not _is_field(parts[0])
    if titled and all(id(block) in above for block in outline.root.blocks):
        yield parts[0].title


def is_attachment(outline: Outline, rule: AttachmentRule, name: str) -> bool:
    """Whether the document is a paper of that kind by its title, or by its name where it has no title."""
    wanted = tuple(map(core, rule.titles))
    for title in _own_titles(outline):
        if any(w in core(title) for w in wanted):
            return True
    return not outline.titles and any(w in core(name) for w in wanted)


def has_body(root: Section, substance: Substance, titles: Iterable[str] = ()) -> bool:
    """Whether a paper says anything beside its titles, which paper it is and whose, and where it lies.

    A label with nothing behind it (使用情况及评价：) is what a blank template has.
    """
    above = {core(text) for text in (*titles, *_identities(root, substance))}
    says = [t for t in substance.texts(root, _is_field) if core(t) not in above]
    longer = (
        text
        for text in says
        if text == "[图]" or (len(text) >= _SHORTEST_BODY and not text.rstrip().endswith(("：", ":")))
    )
    return any(
        not (substance.only_identifies(text) or substance.is_reference(text))
        for text in (*longer, *_fields(root, substance))
    )


def _lines_over(title: str, outline: Outline) -> Iterator[str]:
    """The lines over a paper's title, as the project's name is one; a sentence is none."""
    for line in outline.titles:
        if line == title:
            return
        if not _STOPS.search(line):
            yield line


def _identities(root: Section, substance: Substance) -> Iterator[str]:
    """The values of a paper's forms that only say whose it is: 用户单位 | 区河湖保护中心."""
    for label, value in (pair for section in root.walk() for pair in _pairs(section, 0)):
        if substance.only_identifies(f"{label}：{value}"):
            yield value


def _pairs(section: Section, first: int) -> Iterator[tuple[str, str]]:
    """The labels and values of the tables in a section, from a row on."""
    for table in (block for block in section.blocks if isinstance(block, Table)):
        for row in table.rows[first:]:
            cells = ["".join(p.text for p in paragraphs(cell.blocks)) for cell in row]
            yield from zip(cells[::2], cells[1::2], strict=False)


def _fields(root: Section, substance: Substance) -> Iterator[str]:
    """What a paper's forms say, each value behind its label: 测试结论：通过."""
    for section in root.walk():
        if _is_field(section):
            yield from (f"{section.title}：{text}" for text in substance.texts(section, _is_field))
        for label, value in _pairs(section, 1):
            if label and not substance.is_placeholder(value):
                yield f"{label}：{value}"


def _is_field(section: Section) -> bool:
    return section.origin in (Origin.FORM, Origin.LABEL)
