"""Runs of titles that list what the document contains and do not hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from extractors.document import Paragraph
from extractors.outline.nodes import Node, walk
from extractors.outline.sections import Origin
from extractors.titles import core

_LIST_INTRO = re.compile(
    r"(?:如下|以下|包括|包含|分为|内容|目录|材料|清单|附件|部分|方面|要求)[^。；;]{0,12}[：:]\s*$"
)


def mark_listings(root: Node) -> None:
    """Mark runs of bare titles that list what the document contains and do not hold it."""
    nodes = list(walk(root))
    cores = [core(n.title.text) for n in nodes]
    last = {c: i for i, c in enumerate(cores)}
    start = 0
    while start < len(nodes):
        end = start
        while end < len(nodes) and (_is_bare(nodes[end]) or _only_lists(nodes[end], last, end)):
            end += 1
        run = range(start, end)
        if len(run) >= 3 and 2 * sum(last[cores[i]] > i for i in run) >= len(run):
            for i in run:
                nodes[i].listing = True
        start = max(end, start + 1)
    _mark_introduced(root)


def _is_bare(node: Node) -> bool:
    """Whether nothing but titles stands under it."""
    return not node.blocks and node.title.origin is not Origin.FORM and all(map(_is_bare, node.children))


def _only_lists(node: Node, last: Mapping[str, int], index: int) -> bool:
    """Whether all that stands under a title are titles of later sections: lines of a list of contents."""
    if node.title.origin is Origin.FORM or node.children:
        return False
    return all(isinstance(b, Paragraph) and last.get(core(b.text), 0) > index for b in node.blocks)


def _mark_introduced(node: Node) -> None:
    """Bare numbered titles right behind a line like ``本方案包括以下内容：`` are a list."""
    last = node.blocks[-1] if node.blocks else None
    if isinstance(last, Paragraph) and _LIST_INTRO.search(last.text):
        run = []
        for child in node.children:
            if not _is_bare(child) or child.title.declared is not None:
                break
            run.append(child)
        if len(run) >= 2:
            for child in run:
                child.listing = True
    for child in node.children:
        _mark_introduced(child)
