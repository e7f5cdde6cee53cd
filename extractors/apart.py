"""Documents of a submission that are another's main document: of another project, or of another stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.classify import Classified
from extractors.matching import attachment_for, is_attachment, is_paper_required
from extractors.outline import Outline
from extractors.readers.names import project_of
from extractors.readers.projects import may_be_one
from extractors.substance import substance
from extractors.titles import matcher
from schemas import DocumentClass, Pack

_ENOUGH = 2
"""So many requirements a document meets itself that does not only hand in what lies beside it."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A document that looks like a submission's main document and is not the one that is judged.

    Attributes:
        outline: the document.
        class_id: what it looks like.
        project: the project that it names, "" where it names none.
    """

    outline: Outline
    class_id: str
    project: str


def standing_apart(
    documents: Sequence[tuple[Outline, Classified]], document_class: DocumentClass, pack: Pack
) -> Iterator[Apart]:
    """The attachments that are a submission's main document themselves.

    Of the class that is judged these are such as name a project that clearly is another one; a draft and the
    form that goes with a letter name the same.  Of other classes these are such as no submission of this
    class comes with: an acceptance's packet may hold the plan, but no plan's packet the filing of the
    acceptance.

    Args:
        documents: the readable documents and the class that each looks most like, the main one first.
    """
    if len(documents) == 1:
        return  # nothing to stand apart from
    judged: dict[bool, str] = {}
    for index, (outline, look) in enumerate(documents):
        found = pack.classes[look.class_id]
        full = look.met >= min(_ENOUGH, len(found.requirements) - 1)
        if not look.decided or (index and _belongs(outline, document_class, pack, full=full)):
            continue
        project = project_of(outline, found, pack.language)
        named = project.value if project is not None else ""
        if look.class_id != document_class.id:
            holds = document_class.holds
            is_apart = index > 0 and holds is not None and look.class_id not in holds
        else:
            # A letter that only hands in calls the project as it likes: letters are compared with letters.
            is_apart = bool(named) and not may_be_one(judged.setdefault(full, named), named)
        if is_apart:
            yield Apart(outline, look.class_id, named)


def _belongs(outline: Outline, document_class: DocumentClass, pack: Pack, *, full: bool) -> bool:
    """Whether it is a paper that the class asks for.

    Args:
        full: it meets requirements itself; a title that is only like one of theirs says nothing then.
    """
    titles, judge = matcher(document_class, pack.language), substance(pack.language)
    return (
        is_paper_required(outline, document_class, pack)
        or any(is_attachment(outline, rule, outline.document.name) for rule in document_class.attachments)
        or (
            not full
            and any(
                attachment_for(outline, r, titles, judge) is not None for r in document_class.requirements
            )
        )
    )
