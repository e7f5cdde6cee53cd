"""What the API says and takes, as JSON: the models that answers are made of and OpenAPI is made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError
from sqlalchemy import Row

from storage.models import (
    Batch,
    BatchStatus,
    Key,
    ReviewState,
    Role,
    Submission,
    SubmissionStatus,
    SubmittedDocument,
)
from storage.queries import Progress

_SHOWN = r"[^\x00-\x20\x7f-\x9f\u2028\u2029]"
_SHOWN_OR_SPACE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]"
Line = Annotated[str, StringConstraints(max_length=200, pattern=f"^{_SHOWN}({_SHOWN_OR_SPACE}*{_SHOWN})?$")]
"""One line of text."""

Conclusion = Literal["pass", "deficient", "unreadable"]
_CODE = r"^[A-Za-z0-9._-]{1,100}$"


class _Answer(BaseModel):
    model_config = ConfigDict(serialize_by_alias=True)


class _Asked(BaseModel):
    """What a call says beside its body: every call asks for the schema, which is made once."""

    @classmethod
    def model_json_schema(cls, *arguments: Any, **options: Any) -> dict[str, Any]:
        """See pydantic; not to be changed by who gets it."""
        return super().model_json_schema(*arguments, **options) if arguments or options else cls._schema()

    @classmethod
    @cache
    def _schema(cls) -> dict[str, Any]:
        return super().model_json_schema()


class _Given(_Asked):
    """What a caller says: nothing that is not known is taken."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class DocumentItem(_Answer):
    """A file of a submission."""

    name: str
    sha256: str | None = Field(description="hex digest, under which the original can be had")
    size: int = Field(description="bytes")
    media_type: str | None = Field(description="what it is, known once it was opened")


class SubmissionLinks(_Answer):
    """Where a submission's parts are."""

    self: str
    report: str
    record: str
    packet: str
    events: str


class SubmissionItem(_Answer):
    """A submission: what is judged together, and how far it is."""

    id: str = Field(examples=["sub_019a3e5c71d2f0a1b2c3d4e5f60718293a"])
    status: SubmissionStatus
    conclusion: Conclusion | None = Field(description="of the report, null before it is done")
    documents: list[DocumentItem]
    created_at: datetime
    finished_at: datetime | None
    document_class: str | None = Field(
        serialization_alias="class", description="by which it was judged; before that, the one that was given"
    )
    pack: str = Field(description="rule pack")
    filed_on: date | None = Field(description="the filing date that was given")
    project: str | None
    unit: str | None
    batch: str | None = Field(description="id of the batch it came with")
    review: ReviewState
    review_note: str | None = Field(description="what the reviewer who returned or accepted it says")
    failure: str | None = Field(description="why the program failed; never a deficiency")
    links: SubmissionLinks


_NOT_TOLD = "程序没有能够完成检查。这不是送审文件的问题，请联系管理员。"


def submission_item(
    row: Submission | Row[Any], documents: Iterable[SubmittedDocument | Row[Any]], *, for_operator: bool
) -> SubmissionItem:
    """A submission as it is told.

    Args:
        row: of the database.
        documents: its own, in their order.
        for_operator: the caller may know why the program failed.
    """
    base = f"/v1/submissions/{row.id}"
    failure = row.failure if for_operator or not row.failure else _NOT_TOLD
    return SubmissionItem(
        id=row.id,
        status=SubmissionStatus(row.status),
        conclusion=row.conclusion,  # type: ignore[arg-type]  # validated here
        documents=[
            DocumentItem(name=d.name, sha256=d.sha256, size=d.size, media_type=d.media_type)
            for d in documents
        ],
        created_at=row.created_at,
        finished_at=row.finished_at,
        document_class=row.document_class or row.class_given,
        pack=row.pack,
        filed_on=row.filed_on,
        project=row.project,
        unit=row.unit or None,
        batch=row.batch_id,
        review=ReviewState(row.review),
        review_note=row.review_note,
        failure=failure,
        links=SubmissionLinks(
            self=base,
            report=f"{base}/report",
            record=f"{base}/record",
            packet=f"{base}/packet",
            events=f"{base}/events",
        ),
    )


class SubmissionList(_Answer):
    """One page of submissions, newest first."""

    items: list[SubmissionItem]
    next: str | None = Field(description="cursor of the next page, null on the last")


class EventItem(_Answer):
    """Something that happened to a submission."""

    at: datetime
    kind: str
    data: dict[str, Any]


class EventList(_Answer):
    """All that happened to a submission, in order."""

    items: list[EventItem]


class Counts(_Answer):
    """How many submissions of a batch ended how."""

    passed: int = Field(0, serialization_alias="pass")
    deficient: int = 0
    unreadable: int = 0
    failed: int = 0


def _counts(by_outcome: Mapping[str, int]) -> Counts:
    return Counts(
        passed=by_outcome.get("pass", 0),
        deficient=by_outcome.get("deficient", 0),
        unreadable=by_outcome.get("unreadable", 0),
        failed=by_outcome.get("failed", 0),
    )


class BatchLinks(_Answer):
    """Where a batch's parts are."""

    self: str
    items: str
    summary: str


class BatchItem(_Answer):
    """Many submissions checked in one request, and how far they are."""

    id: str
    status: BatchStatus
    total: int = Field(description="submissions that are known of; grows until all files are told apart")
    done: int
    counts: Counts
    notes: list[str] = Field(description="what was left out of the archives and why")
    failure: str | None = Field(description="why the program failed to tell the files apart")
    created_at: datetime
    finished_at: datetime | None
    unit: str | None
    links: BatchLinks


def batch_item(row: Batch, progress: Progress, *, for_operator: bool) -> BatchItem:
    """A batch as it is told; arguments as of ``submission_item``."""
    base = f"/v1/batches/{row.id}"
    return BatchItem(
        id=row.id,
        status=BatchStatus(row.status),
        total=progress.total,
        done=progress.done,
        counts=_counts(progress.by_outcome),
        notes=[str(note) for note in row.notes],
        failure=row.failure if for_operator or not row.failure else _NOT_TOLD,
        created_at=row.created_at,
        finished_at=row.finished_at,
        unit=row.unit or None,
        links=BatchLinks(self=base, items=f"{base}/items", summary=f"{base}/summary"),
    )


class BatchList(_Answer):
    """One page of batches, newest first."""

    items: list[BatchItem]
    next: str | None


class SummaryLine(_Answer):
    """What came of one submission of a batch."""

    position: int = Field(description="counts from 1")
    id: str
    title: str
    status: SubmissionStatus
    conclusion: Conclusion | None
    document_class: str | None = Field(serialization_alias="class")
    errors: int = Field(description="findings that must be mended")
    warnings: int


class BatchSummary(_Answer):
    """What came of a batch, line by line."""

    id: str
    status: BatchStatus
    counts: Counts
    items: list[SummaryLine]


class PackItem(_Answer):
    """A rule pack."""

    id: str
    version: str
    title: str
    issuer: str
    status: str
    valid_from: str | None
    valid_to: str | None
    classes: list[ClassLink]


class ClassLink(_Answer):
    """A document class of a pack."""

    id: str
    title: str
    clause: str
    link: str


class PackList(_Answer):
    """All rule packs."""

    items: list[PackItem]


class FactItem(_Answer):
    """A fact that is read from a section."""

    path: str
    title: str
    unit: str
    clause: str | None


class RequirementItem(_Answer):
    """Something that the regulation requires."""

    name: str
    clause: str
    severity: str
    guide: str = Field(description="what the section should say")
    facts: list[FactItem]


class AttachmentItem(_Answer):
    """A paper that should come with a submission."""

    name: str
    clause: str
    guide: str


class ClassItem(_Answer):
    """A document class and what it requires, with clauses, and the JSON Schema that judges a record."""

    pack: str
    id: str
    title: str
    clause: str
    requirements: list[RequirementItem]
    facts: list[FactItem]
    attachments: list[AttachmentItem]
    judged_by: dict[str, Any] = Field(serialization_alias="schema", description="JSON Schema 2020-12")


class KeyItem(_Answer):
    """A key, without its text."""

    id: str
    name: str
    role: Role
    unit: str | None
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyItem(KeyItem):
    """A key that was made now."""

    key: str = Field(description="the key itself, shown this once")


def key_item(row: Key) -> KeyItem:
    """A key as it is told."""
    return KeyItem(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        unit=row.unit,
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


class KeyList(_Answer):
    """All keys, oldest first."""

    items: list[KeyItem]


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _moment(given: Any) -> Any:
    # pydantic would also take numbers, and digits, for seconds since 1970.
    if given is not None and not (isinstance(given, str) and _MOMENT.fullmatch(given)):
        raise PydanticCustomError("no_moment", "not a date and time with zone, as 2026-12-31T23:59:59+08:00")
    return given


class KeyBody(_Given):
    """A key to be made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "if": {"properties": {"role": {"const": "unit"}}},
            "then": {"required": ["unit"], "properties": {"unit": {"type": "string"}}},
        },
    )

    name: Line = Field(description="for people", examples=["区教育局门户"])
    role: Role
    unit: Line | None = Field(None, description="whose it is; a key of role `unit` must have one")
    expires_at: Annotated[AwareDatetime | None, BeforeValidator(_moment)] = Field(
        None, description="with time zone; null for never"
    )

    @model_validator(mode="after")
    def _unit_of_a_unit(self) -> KeyBody:
        if self.role == Role.UNIT and not self.unit:
            raise PydanticCustomError("no_unit", "a key of role “unit” needs a unit")
        return self


class AuditItem(_Answer):
    """Who did what."""

    id: int
    at: datetime
    actor: str
    unit: str | None
    action: str
    target: str | None
    request_id: str | None
    detail: dict[str, Any]


class AuditList(_Answer):
    """One page of the audit trail, newest first."""

    items: list[AuditItem]
    next: str | None


class SubmissionPath(BaseModel):
    """Names a submission."""

    id: str = Field(pattern=r"^sub_[0-9a-f]{32}$", description="id of the submission")


class DocumentPath(SubmissionPath):
    """Names an original."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="hex digest of the file")


class QuarantineItem(_Answer):
    """A file that is infected."""

    sha256: str
    size: int
    found: str | None = Field(description="what it is infected with; null once its submissions are deleted")
    submissions: list[str] = Field(description="at which it was handed in, oldest first")


class QuarantineList(_Answer):
    """All infected files."""

    items: list[QuarantineItem]


class QuarantinePath(BaseModel):
    """Names an infected file."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="hex digest of the file")


class BatchPath(BaseModel):
    """Names a batch."""

    id: str = Field(pattern=r"^bat_[0-9a-f]{32}$", description="id of the batch")


class KeyPath(BaseModel):
    """Names a key."""

    id: str = Field(pattern=r"^key_[0-9a-f]{32}$", description="id of the key")


class PackPath(BaseModel):
    """Names a rule pack."""

    pack: str = Field(pattern=_CODE)


class ClassPath(PackPath):
    """Names a document class."""

    document_class: str = Field(pattern=_CODE)


class PageQuery(_Given):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=200, description="most items of a page")
    cursor: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_-]{1,200}$", description="`next` of the page before"
    )


class SubmissionQuery(PageQuery):
    """Which submissions."""

    status: SubmissionStatus | None = None
    conclusion: Conclusion | None = None
    document_class: str | None = Field(None, alias="class", pattern=_CODE)
    unit: Line | None = None
    project: Line | None = None
    batch: str | None = Field(None, pattern=r"^bat_[0-9a-f]{32}$")


class AuditQuery(PageQuery):
    """Which rows of the audit trail."""

    target: str | None = Field(None, pattern=r"^[\x21-\x7e]{1,100}$")
    actor: str | None = Field(None, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")


class SubmitHeader(_Asked):
    """Headers of a call that hands something in."""

    model_config = ConfigDict(populate_by_name=True)

    idempotency_key: str | None = Field(
        None,
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="makes a repeated call safe: the same key gives the same submission",
    )
    prefer: str | None = Field(None, alias="Prefer", description="`wait=SECONDS`: answer when it is done")


PackItem.model_rebuild()
