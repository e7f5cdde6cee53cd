"""Rule packs: folders of data, read into typed values.

A pack is ``pack.json`` (id, version, status, validity, the language that titles and placeholders are written
in) and one JSON Schema 2020-12 per document class.  The schema judges; its ``x-`` annotations, declared in
``vocabulary.json``, say how a requirement is recognised, how a fact is read and how a finding is worded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any, cast

from schemas.errors import PackError, UsageError

BUILT_IN = Path(__file__).parent / "packs"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """How one fact of the record is read: annotation ``x-fact``.

    Attributes:
        path: where it stands in the record, e.g. ``"服务周期.月数"``.
        reader: name of the reader, e.g. ``"period"``.
        title: what a person calls it.
        unit: "yuan", "months", "working-days", "date", "level", "text" or "boolean".
        clause: the article that asks for it.
        options: everything else of the annotation, for the reader.
    """

    path: str
    reader: str
    title: str
    unit: str
    clause: str | None
    options: Mapping[str, Any]

    @property
    def requirement(self) -> str | None:
        """The requirement whose section states it, None for a fact of the whole submission."""
        head, _, tail = self.path.partition(".")
        return head if tail else None

    def words(self, option: str) -> tuple[str, ...]:
        """A list option such as ``prefer`` as a tuple, empty if absent."""
        return tuple(self.options.get(option, ()))


@dataclass(frozen=True, slots=True)
class TitlePattern:
    """A wording of titles: of ``x-requirement`` its ``patterns`` and ``near_patterns``.

    Attributes:
        words: one of them is in such a title.
        title: regular expression that the whole title's core matches.
        without: none of them is in such a title.
        text: regular expression (on text in NFKC without white space) that the text under such a title must
            match for it to count, where there is any; "" where any text does.
    """

    words: tuple[str, ...]
    title: str
    without: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class ByPlace:
    """What a section must say that no title explains, to count for the requirement in whose place it stands.

    Attributes:
        text: regular expression (on text in NFKC without white space) that its text must match.
        without: words in a title that make it a section about something else.
    """

    text: str
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A property of the class's schema that the regulation names: annotation ``x-requirement``.

    Attributes:
        name: the property's name, as the regulation names it.
        clause: the article, e.g. "第六条".
        severity: of a finding about it: "error" or "warning".
        synonyms: titles that mean it for sure.
        composed: titles that mean it for sure, put together from the pack's slots (资金|经费 × 来源|渠道), in
            normal form; a title that is also in ``near`` is only near.
        near: titles that probably mean it; a person should look.
        patterns: wordings of titles that mean it for sure.
        near_patterns: wordings of titles that probably mean it.
        excludes: words in a title that make it mean something else.
        parts: groups of near titles; sections that together cover every group meet it for sure.
        evidence: regular expression (on text in NFKC without white space) that the text under a near title
            must match, None for any text.
        evidence_tells: the evidence is of this requirement wherever it stands (由区财政安排).
        not_inside: requirements in whose sections its titles mean something of theirs, all but its name.
        bare: regular expression of what is too little as a field's value (工期: 8个月) among chapters.
        by_place: how a section is known whose title says nothing, by where it stands; None for not at all.
        signed: regular expression (on text in normal form) of what a party signs a paper with; the days
            beside it meet the requirement where nothing else does, None for not at all.
        attachment: titles of an attachment that is this thing.
        paper: it is a paper of its own; a section about it in another attachment does not stand in for it.
        clauses: regular expressions (on lines in normal form) of what a paper without a title says that is
            this thing, each somewhere; none where such a paper is not known by its text.
        left_blank, filled_in: regular expressions (on lines in normal form) by which such a paper is a blank
            form: some line is left blank, and none is filled in; None where no form is known.
        guide: what the section should say, for the advice.
        messages, advice: the pack's own wording by finding code.
        facts: the facts that its section states, in the schema's order.
    """

    name: str
    clause: str
    severity: str
    synonyms: tuple[str, ...]
    composed: tuple[str, ...]
    near: tuple[str, ...]
    patterns: tuple[TitlePattern, ...]
    near_patterns: tuple[TitlePattern, ...]
    excludes: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    evidence: str | None
    evidence_tells: bool
    not_inside: tuple[str, ...]
    bare: str | None
    by_place: ByPlace | None
    signed: str | None
    attachment: tuple[str, ...]
    paper: bool
    clauses: tuple[str, ...]
    left_blank: str | None
    filled_in: str | None
    guide: str
    messages: Mapping[str, str]
    advice: Mapping[str, str]
    facts: tuple[FactSpec, ...]


@dataclass(frozen=True, slots=True)
class AttachmentRule:
    """A paper that should come with the submission: annotation ``x-attachment``."""

    name: str
    clause: str
    titles: tuple[str, ...]
    guide: str


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a routing rule: amounts below ``below`` yuan (None: all the rest) go this way."""

    below: float | None
    outcome: str
    because: str


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """Which way a project goes on by its amount: annotation ``x-routing``; bands in rising order."""

    clause: str
    amount: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DocumentClass:
    """One kind of submission: a JSON Schema and what its annotations say.

    Attributes:
        names: words in a document's title that name this class.
        name_patterns: regular expressions of titles that name it in other ways (关于停止…运行的报备函).
        sure_patterns: those of them that decide alone, whatever the sections are.
        hints: words that speak for it where titles leave several classes.
        against: words in the title that speak against it.
        holds: classes whose documents may come with such a submission, None for any.
        facts: facts of the whole submission (``项目名称``, ``备案工作日``).
    """

    id: str
    title: str
    clause: str
    names: tuple[str, ...]
    name_patterns: tuple[str, ...]
    sure_patterns: tuple[str, ...]
    hints: tuple[str, ...]
    against: tuple[str, ...]
    holds: tuple[str, ...] | None
    schema: Mapping[str, Any]
    requirements: tuple[Requirement, ...]
    facts: tuple[FactSpec, ...]
    attachments: tuple[AttachmentRule, ...]
    routing: RoutingRule | None

    def requirement(self, name: str) -> Requirement | None:
        """The requirement of that name, None if the class has none."""
        return next((r for r in self.requirements if r.name == name), None)


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """How titles and placeholders are written under this regulation.

    Attributes:
        heading_prefixes, heading_suffixes: words around a title that do not change its meaning.
        principle_headings: what titles end in under which points stand that are only named by catchwords.
        heading_generics: nouns that may follow a sure synonym without changing its meaning (…设计方案).
        listing_headings: titles under which things are listed, not stated (附件清单).
        not_filings: how titles of papers end that are no submission (通知, 会议纪要).
        placeholders: regular expressions; a text that is nothing but these has no substance.
        references: regular expressions of texts that only point to an attachment.
        identifying: regular expressions of lines that only say which paper it is and whose (项目名称：…).
        joiners: what joins two titles in one heading (与, 及).
        title_tails, title_heads: what a document's title puts around the project's name.
    """

    heading_prefixes: tuple[str, ...]
    heading_suffixes: tuple[str, ...]
    principle_headings: tuple[str, ...]
    heading_generics: tuple[str, ...]
    listing_headings: tuple[str, ...]
    not_filings: tuple[str, ...]
    placeholders: tuple[str, ...]
    references: tuple[str, ...]
    identifying: tuple[str, ...]
    joiners: tuple[str, ...]
    title_tails: tuple[str, ...]
    title_heads: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A rule pack: one regulation, one version.

    Attributes:
        status: "in-force", "trial" (reports, never rejects) or "replaced".
        valid_from, valid_to: ISO dates between which it is in force, None for open.
    """

    id: str
    version: str
    title: str
    issuer: str
    source: str
    status: str
    valid_from: str | None
    valid_to: str | None
    language: Language
    classes: Mapping[str, DocumentClass]

    def document_class(self, class_id: str) -> DocumentClass:
        """The class of that id.

        Raises:
            UsageError: the pack has no such class; the message lists those it has.
        """
        try:
            return self.classes[class_id]
        except KeyError:
            known = "、".join(f"{c.id}（{c.title}）" for c in self.classes.values())
            raise UsageError(f"规则包 {self.id} 中没有文件种类“{class_id}”；可用的种类：{known}") from None


def available_packs(folder: Path = BUILT_IN) -> tuple[str, ...]:
    """Ids of the packs in ``folder``, sorted."""
    return tuple(sorted(p.parent.name for p in folder.glob("*/pack.json")))


@lru_cache(maxsize=16)
def load_pack(pack_id: str) -> Pack:
    """Read a pack by the id of a shipped one, or by the path of a folder that holds one (once a process).

    Raises:
        UsageError: there is no such pack; the message lists those there are.
        PackError: a file of the pack is missing or malformed.
    """
    return read_pack(pack_folder(pack_id))


def pack_folder(pack_id: str) -> Path:
    """The folder of the pack that ``pack_id`` names.

    Raises:
        UsageError: there is no such pack; the message lists those there are.
    """
    if pack_id in available_packs():
        return BUILT_IN / pack_id
    if (Path(pack_id) / "pack.json").is_file():
        return Path(pack_id)
    known = "、".join(available_packs())
    raise UsageError(f"没有规则包“{pack_id}”；可用的规则包：{known}，也可以给出规则包文件夹的路径")


def read_pack(folder: Path) -> Pack:
    """Read the pack in ``folder``.

    Raises:
        PackError: a file is missing or malformed; the message names it.
    """
    meta = read_json(folder / "pack.json")
    try:
        return Pack(
            id=meta["id"],
            version=meta["version"],
            title=meta["title"],
            issuer=meta["issuer"],
            source=meta["source"],
            status=meta["status"],
            valid_from=meta["valid_from"],
            valid_to=meta["valid_to"],
            language=Language(**{k: tuple(v) for k, v in meta["language"].items()}),
            classes={
                name: _read_class(folder / "classes" / f"{name}.json", name) for name in meta["classes"]
            },
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise PackError(f"{folder / 'pack.json'}: {error!r}") from error


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        PackError: the file is missing, no JSON, or no object.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PackError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise PackError(f"{path}: not a JSON object")
    return cast("dict[str, Any]", data)


def _read_class(path: Path, class_id: str) -> DocumentClass:
    schema = read_json(path)
    try:
        about = schema["x-class"]
        properties = schema["properties"]
        return DocumentClass(
            id=class_id,
            title=schema["title"],
            clause=about["clause"],
            names=tuple(about["names"]),
            name_patterns=tuple(about.get("name_patterns", ())),
            sure_patterns=tuple(about.get("sure_patterns", ())),
            hints=tuple(about["hints"]),
            against=tuple(about.get("against", ())),
            holds=tuple(about["holds"]) if "holds" in about else None,
            schema=schema,
            requirements=tuple(
                _requirement(name, node) for name, node in properties.items() if "x-requirement" in node
            ),
            facts=tuple(_fact(name, node) for name, node in properties.items() if "x-fact" in node),
            attachments=tuple(
                _attachment(name, node["x-attachment"])
                for holder in properties.values()
                for name, node in holder.get("properties", {}).items()
                if "x-attachment" in node
            ),
            routing=_routing(schema.get("x-routing")),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise PackError(f"{path}: {error!r}") from error


def _requirement(name: str, node: Mapping[str, Any]) -> Requirement:
    about = node["x-requirement"]
    return Requirement(
        name=name,
        clause=about["clause"],
        severity=about.get("severity", "error"),
        synonyms=tuple(about.get("synonyms", ())),
        composed=tuple("".join(words) for slots in about.get("composed", ()) for words in product(*slots)),
        near=tuple(about.get("near", ())),
        patterns=_title_patterns(about.get("patterns", ())),
        near_patterns=_title_patterns(about.get("near_patterns", ())),
        excludes=tuple(about.get("excludes", ())),
        parts=tuple(tuple(part) for part in about.get("parts", ())),
        evidence=about.get("evidence"),
        evidence_tells=about.get("evidence_tells", False),
        not_inside=tuple(about.get("not_inside", ())),
        bare=about.get("bare"),
        by_place=_by_place(about.get("by_place")),
        signed=about.get("signed"),
        attachment=tuple(about.get("attachment", ())),
        paper=about.get("paper", False),
        clauses=tuple(about.get("clauses", ())),
        left_blank=about.get("left_blank"),
        filled_in=about.get("filled_in"),
        guide=about.get("guide", ""),
        messages=about.get("messages", {}),
        advice=about.get("advice", {}),
        facts=tuple(
            _fact(f"{name}.{key}", child, about["clause"])
            for key, child in node.get("properties", {}).items()
            if "x-fact" in child
        ),
    )


def _by_place(about: Mapping[str, Any] | None) -> ByPlace | None:
    return None if about is None else ByPlace(about["text"], tuple(about.get("without", ())))


def _title_patterns(about: Sequence[Mapping[str, Any]]) -> tuple[TitlePattern, ...]:
    return tuple(
        TitlePattern(tuple(p["words"]), p.get("title", ".*"), tuple(p.get("without", ())), p.get("text", ""))
        for p in about
    )


def _fact(path: str, node: Mapping[str, Any], clause: str | None = None) -> FactSpec:
    about = dict(node["x-fact"])
    return FactSpec(
        path=path,
        reader=about.pop("reader"),
        title=about.pop("title"),
        unit=about.pop("unit", "text"),
        clause=about.pop("clause", clause),
        options=about,
    )


def _attachment(name: str, about: Mapping[str, Any]) -> AttachmentRule:
    return AttachmentRule(name, about["clause"], tuple(about["titles"]), about.get("guide", ""))


def _routing(about: Mapping[str, Any] | None) -> RoutingRule | None:
    if about is None:
        return None
    bands = tuple(Band(b.get("below"), b["outcome"], b["because"]) for b in about["bands"])
    return RoutingRule(about["clause"], about["amount"], bands)
