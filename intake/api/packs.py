"""The rules, with clauses."""

from __future__ import annotations

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from intake.api.answers import SECURITY, answers, json_answer
from intake.api.problems import not_found
from intake.api.shapes import (
    AttachmentItem,
    ClassItem,
    ClassLink,
    ClassPath,
    FactItem,
    PackItem,
    PackList,
    PackPath,
    RequirementItem,
)
from schemas import DocumentClass, Pack, Requirement, available_packs, load_pack
from schemas.packs import FactSpec

blueprint = APIBlueprint(
    "packs",
    __name__,
    url_prefix="/v1/packs",
    abp_tags=[Tag(name="packs", description="The rules, with clauses")],
    abp_security=SECURITY,
)


@blueprint.get("", summary="List the rule packs", responses=answers({200: PackList}))
def list_all() -> Response:
    """List the rule packs, each with its document classes."""
    return json_answer(PackList(items=[_pack_item(load_pack(pack)) for pack in available_packs()]))


@blueprint.get("/<pack>", summary="A rule pack", responses=answers({200: PackItem}, "not-found"))
def one(path: PackPath) -> Response:
    """Describe a rule pack."""
    return json_answer(_pack_item(_found(path.pack)))


@blueprint.get(
    "/<pack>/classes/<document_class>",
    summary="A document class and what it requires",
    responses=answers({200: ClassItem}, "not-found"),
)
def document_class(path: ClassPath) -> Response:
    """Describe a document class: requirements, facts and attachments with clauses, and its JSON Schema."""
    pack = _found(path.pack)
    if path.document_class not in pack.classes:
        raise not_found(path.document_class)
    return json_answer(_class_item(pack, pack.classes[path.document_class]))


def _found(pack: str) -> Pack:
    # Only what is shipped: the loader would also read any folder of the machine.
    if pack not in available_packs():
        raise not_found(pack)
    return load_pack(pack)


def _pack_item(pack: Pack) -> PackItem:
    return PackItem(
        id=pack.id,
        version=pack.version,
        title=pack.title,
        issuer=pack.issuer,
        status=pack.status,
        valid_from=pack.valid_from,
        valid_to=pack.valid_to,
        classes=[
            ClassLink(id=c.id, title=c.title, clause=c.clause, link=f"/v1/packs/{pack.id}/classes/{c.id}")
            for c in pack.classes.values()
        ],
    )


def _class_item(pack: Pack, kind: DocumentClass) -> ClassItem:
    return ClassItem(
        pack=pack.id,
        id=kind.id,
        title=kind.title,
        clause=kind.clause,
        requirements=[_requirement(r) for r in kind.requirements],
        facts=[_fact(f) for f in kind.facts],
        attachments=[AttachmentItem(name=a.name, clause=a.clause, guide=a.guide) for a in kind.attachments],
        judged_by=dict(kind.schema),
    )


def _requirement(requirement: Requirement) -> RequirementItem:
    return RequirementItem(
        name=requirement.name,
        clause=requirement.clause,
        severity=requirement.severity,
        guide=requirement.guide,
        facts=[_fact(f) for f in requirement.facts],
    )


def _fact(fact: FactSpec) -> FactItem:
    return FactItem(path=fact.path, title=fact.title, unit=fact.unit, clause=fact.clause)
