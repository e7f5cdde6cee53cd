"""A pack as a page in Markdown: what its document classes ask for, for the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.packs import DocumentClass, FactSpec, Pack, Requirement, RoutingRule


def page(pack: Pack) -> str:
    """The page about ``pack``, in Markdown, with a line break at its end."""
    return "\n".join(_lines(pack))


def _lines(pack: Pack) -> Iterator[str]:
    yield f"# {pack.title}"
    yield ""
    yield f"Made by `yushen packs show {pack.id} --markdown`; edit the pack, not this page."
    yield ""
    yield from _table(
        ("pack", "version", "status", "valid from", "valid to", "issued by", "source"),
        [
            (
                f"`{pack.id}`",
                pack.version,
                pack.status,
                pack.valid_from or "",
                pack.valid_to or "open",
                pack.issuer,
                pack.source,
            )
        ],
    )
    for document_class in pack.classes.values():
        yield from _class(document_class)


def _class(of: DocumentClass) -> Iterator[str]:
    yield f"## `{of.id}` {of.title}"
    yield ""
    yield f"{of.clause}."
    yield ""
    yield from _table(
        ("requirement", "clause", "severity", "what it should say", "also known as"),
        [_requirement(requirement) for requirement in of.requirements],
    )
    facts = [*of.facts, *(fact for requirement in of.requirements for fact in requirement.facts)]
    yield from _table(("fact", "what it is", "unit", "clause"), [_fact(fact) for fact in facts])
    if of.attachments:
        rows = [(rule.name, rule.clause, rule.guide, "、".join(rule.titles)) for rule in of.attachments]
        yield from _table(("attachment", "clause", "what it is", "recognised by"), rows)
    if of.routing:
        yield from _routing(of.routing)


def _requirement(of: Requirement) -> tuple[str, ...]:
    others = "、".join(word for word in of.synonyms if word != of.name)
    return f"**{of.name}**", of.clause, of.severity, of.guide, others


def _fact(of: FactSpec) -> tuple[str, ...]:
    return f"`{of.path}`", of.title, of.unit, of.clause or ""


def _routing(of: RoutingRule) -> Iterator[str]:
    rows = [
        (
            "the rest" if band.below is None else f"below {band.below:,.0f} 元",
            f"`{band.outcome}`",
            band.because,
        )
        for band in of.bands
    ]
    yield from _table((f"`{of.amount}` ({of.clause})", "routing", "because"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, tuple("---" for _ in head), *rows):
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""
