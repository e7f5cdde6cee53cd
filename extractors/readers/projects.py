"""Whether an attachment is a paper of another project, as far as the projects' names tell."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile

from extractors.document import paragraphs
from extractors.outline import Outline
from extractors.readers.names import labelled, project_in_title
from extractors.readers.scope import Reading, Scope
from extractors.text import normal
from schemas.packs import FactSpec

_ALIKE = 0.2
"""Share of the shorter name's pairs of characters from which on two names may mean one project."""
_STAGE = re.compile(r"第?[一二三四五六\d]期(?:工程|项目)?")
_TELLING = 4
"""So many characters that both begin or end with are one project's words."""
_MARKS = re.compile(r"[^\w]|_")
_PLACE = re.compile(r"^(?:[^省市区县]{1,4}[省市区县]){0,3}(?:[^街]{1,5}街道(?:办事处)?)?")
_KIND = re.compile(
    r"(?:建设|项目|系统|平台|工程|采购|服务|管理|升级|改造|综合|信息化?|开发|运维|维护|应用|软件)+$"
)


def other_project(spec: FactSpec, scope: Scope) -> Reading | None:
    """The project that an attachment is for by its own label, where that is clearly not the submission's.

    A paper that meets a requirement may say so in its title, too (…项目监理报告).  A paper that names the
    submission's project as well, or whose project the main document speaks of, is no stranger.  The paper
    that meets a requirement is one only where nothing else in the submission speaks of its project: several
    may call the same project by another name.
    """
    said = scope.readings.get(str(spec.options["instead_of"]))
    if said is None or not scope.outlines:
        return None
    main, *attachments = scope.outlines
    papers = [m.outline for m in scope.met if m.attachment] if spec.requirement else attachments
    told = {reading.value for reading in scope.readings.values() if reading is not said}
    for outline in papers:
        found = labelled(outline, spec.words("labels"))
        if found is None and spec.requirement and scope.language is not None:
            found = project_in_title(outline, scope.language)
        if outline is main or found is None or found.value in told or may_be_one(found.value, said.value):
            continue
        others = [o for o in scope.outlines if o is not outline] if spec.requirement else [main]
        if not _speaks_of(outline, said.value) and not any(_speaks_of(o, found.value) for o in others):
            return Reading(found.value, (*found.sources, *said.sources))
    return None


def may_be_one(name: str, other: str) -> bool:
    """Whether two names may be one project's: one abbreviates the other, or they share enough of their words.

    A place in front (锦江区) and what projects are (…系统建设项目) tell nothing.
    """
    mine, theirs = _own_words(name), _own_words(other)
    shorter, longer = sorted((mine, theirs), key=len)
    whole = sorted((_plain(name), _plain(other)), key=len)
    if _is_abbreviated(shorter, longer) or _is_abbreviated(*whole):
        return True
    start, end = _shared(mine, theirs), _shared(mine[::-1], theirs[::-1])
    if max(start, end) >= _TELLING:
        return True
    # 智慧 in front of both is no sign of one project.
    pairs, others = (set(pairwise(each[start : len(each) - end])) for each in (shorter, longer))
    return len(pairs & others) > _ALIKE * len(pairs)


def _plain(name: str) -> str:
    return _STAGE.sub("", _MARKS.sub("", normal(name)))


def _own_words(name: str) -> str:
    plain = _plain(name)
    return _KIND.sub("", _PLACE.sub("", plain)) or plain


def _shared(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _is_abbreviated(shorter: str, longer: str) -> bool:
    rest = iter(longer)
    return all(character in rest for character in shorter)


def _speaks_of(outline: Outline, name: str) -> bool:
    plain = _plain(name)
    return any(plain in _plain(p.text) for p in paragraphs(outline.document.blocks))
