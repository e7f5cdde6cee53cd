"""Errors as RFC 9457 problems: one shape, stable types, Chinese detail (English by ``Accept-Language``).

``PROBLEMS`` is the whole table; docs/api.md lists it and a test compares the two.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from storage.database import DatabaseUnavailableError
from storage.objects import StoreUnavailableError

TYPE_PREFIX = "urn:yushen:problem:"
MEDIA_TYPE = "application/problem+json"
BUSY_SECONDS = 5
"""What a caller is told to wait where a part of the service cannot be reached."""

_log = logging.getLogger("yushen.api")


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of problem: its status, and title and detail in both languages (templates)."""

    status: int
    title: str
    title_en: str
    detail: str
    detail_en: str


PROBLEMS: dict[str, Kind] = {
    "key-missing": Kind(
        401,
        "没有访问密钥",
        "No API key",
        "请求没有带访问密钥。请在请求头中加上“Authorization: Bearer 密钥”；没有密钥请向管理员申请。",
        "The request carries no API key. Send “Authorization: Bearer KEY”; an administrator issues keys.",
    ),
    "key-invalid": Kind(
        401,
        "访问密钥无效",
        "API key not valid",
        "访问密钥不对，或已经过期、被撤销。请核对密钥，或向管理员申请新的密钥。",
        "The API key is wrong, expired or revoked. Check it, or ask an administrator for a new one.",
    ),
    "role-not-allowed": Kind(
        403,
        "没有权限",
        "Not allowed",
        "这个密钥的角色（{role}）不能做这个操作，只有 {allowed} 可以。请换用有权限的密钥，或联系管理员。",
        "The role of this key ({role}) may not do this; only {allowed} may. Use another key.",
    ),
    "not-found": Kind(
        404,
        "没有找到",
        "Not found",
        "没有“{what}”，或者它不属于本单位。请核对编号，它也可能已被删除。",
        "There is no “{what}”, or it is not yours. Check the id; it may have been deleted.",
    ),
    "no-such-page": Kind(
        404,
        "没有这一页",
        "No such page",
        "没有 cursor 所指的这一页。cursor 应当是上一页的 next，原样给出。",
        "There is no page with this cursor. It must be `next` of the page before, unchanged.",
    ),
    "no-such-address": Kind(
        404,
        "没有这个地址",
        "No such address",
        "没有“{path}”这个地址。可用的地址见 /docs。",
        "There is no “{path}” here. /docs lists every address.",
    ),
    "method-not-allowed": Kind(
        405,
        "不支持这种请求方法",
        "Method not allowed",
        "这个地址不支持 {method}，可用的方法：{allowed}。",
        "{method} is not supported here; use {allowed}.",
    ),
    "not-acceptable": Kind(
        406,
        "没有这种形式",
        "Not acceptable",
        "没有请求头 Accept 要求的形式。可用的形式：{available}。",
        "What the Accept header asks for is not available. There is: {available}.",
    ),
    "not-finished": Kind(
        409,
        "检查还没有完成",
        "Not finished",
        "这件送审件还在检查（{status}），报告还没有生成。请稍后再取。",
        "This submission is still being checked ({status}); there is no report yet. Try again later.",
    ),
    "check-failed": Kind(
        409,
        "检查没有完成",
        "The check failed",
        "程序没有能够完成检查，因此没有报告。这不是送审文件的问题，请联系管理员；问题解决后重新提交。",
        "The program could not finish this check, so there is no report. The documents are not at fault; "
        "tell the administrator, and submit again when it is mended.",
    ),
    "in-review": Kind(
        409,
        "已经报送审查",
        "In review",
        "这件送审件已经报送审查（{review}），不能删除。请先请审查人退回，或联系管理员。",
        "This submission is in review ({review}) and cannot be deleted. Have it returned first.",
    ),
    "batch-over": Kind(
        409,
        "批次已经结束",
        "The batch is over",
        "这个批次已经结束（{status}），不能再{action}。",
        "This batch is over ({status}); it cannot be changed in this way any more.",
    ),
    "deleted": Kind(
        410,
        "已经删除",
        "Deleted",
        "用这个 Idempotency-Key 提交的送审件已经删除。要重新提交，请换一个 Idempotency-Key。",
        "What was submitted with this Idempotency-Key has been deleted. Use another key to submit again.",
    ),
    "request-too-large": Kind(
        413,
        "请求太大",
        "Request too large",
        "整个请求超过 {limit} 的上限。请减少文件或压缩图片后分几次提交。",
        "The request is over the limit of {limit}. Send fewer or smaller files at a time.",
    ),
    "file-too-large": Kind(
        413,
        "文件太大",
        "File too large",
        "文件“{name}”超过 {limit} 的上限。请压缩其中的图片或拆成几个文件后再提交。",
        "The file “{name}” is over the limit of {limit}. Make it smaller or split it.",
    ),
    "too-many-files": Kind(
        413,
        "文件太多",
        "Too many files",
        "一次最多 {limit} 个文件。请分几次提交，或打成压缩包用 /v1/batches 提交。",
        "At most {limit} files at a time. Send several requests, or an archive to /v1/batches.",
    ),
    "unsupported-media-type": Kind(
        415,
        "不支持这种请求内容",
        "Unsupported media type",
        "请求内容的类型应当是 {expected}，收到的是“{received}”。请改正请求头 Content-Type。",
        "The request must be {expected}, not “{received}”. Mend the Content-Type header.",
    ),
    "too-slow": Kind(
        408,
        "数据到得太慢",
        "Request timeout",
        "请求的数据迟迟没有到齐，连接已断开，没有受理。请检查网络后重新发送；大文件请先用 /v1/uploads 上传。",
        "The request did not arrive in time; nothing was accepted. Check the network and send it again, "
        "large files by /v1/uploads.",
    ),
    "malformed-request": Kind(
        400,
        "请求无法读懂",
        "Malformed request",
        "请求内容不完整或格式有误，无法读懂。请核对后重新发送；如果是上传中断，请重新上传。",
        "The request is incomplete or malformed. Check it and send it again.",
    ),
    "no-files": Kind(
        422,
        "没有文件",
        "No files",
        "请求中没有文件。请用表单字段 {field} 上传至少一个文件，例如 curl -F '{field}=@方案.docx'。",
        "There is no file in the request. Send at least one in the form field {field}, as in "
        "curl -F '{field}=@proposal.docx'.",
    ),
    "not-a-file": Kind(
        422,
        "不是文件",
        "Not a file",
        "表单字段 {field} 应当是带文件名的文件，收到的没有文件名。用 curl 时请写成 -F '{field}=@文件名'。",
        "The form field {field} must be a file with a name. With curl write -F '{field}=@FILE'.",
    ),
    "not-a-text": Kind(
        422,
        "不应当是文件",
        "Not a text",
        "表单字段 {field} 应当是文字，收到的是文件。用 curl 时请写成 -F '{field}=值'，不带 @。",
        "The form field {field} must be text, not a file. With curl write -F '{field}=VALUE', without @.",
    ),
    "empty-file": Kind(
        422,
        "文件是空的",
        "Empty file",
        "文件“{name}”是空的（0 字节）。请核对文件是否保存完整，再重新提交。",
        "The file “{name}” is empty (0 bytes). Check that it was saved, and send it again.",
    ),
    "unknown-field": Kind(
        422,
        "不认识的表单字段",
        "Unknown form field",
        "不认识表单字段“{field}”。可用的字段：{known}。",
        "The form field “{field}” is not known. There are: {known}.",
    ),
    "repeated-field": Kind(
        422,
        "表单字段重复",
        "Repeated form field",
        "表单字段“{field}”只能给一次。请去掉多余的。",
        "The form field “{field}” may be given only once.",
    ),
    "invalid-field": Kind(
        422,
        "表单字段的值不对",
        "Invalid form field",
        "表单字段“{field}”的值不对：{why}",
        "The value of the form field “{field}” is wrong: {why_en}",
    ),
    "unknown-pack": Kind(
        422,
        "没有这个规则包",
        "Unknown rule pack",
        "没有规则包“{pack}”。可用的规则包：{known}。",
        "There is no rule pack “{pack}”. There are: {known}.",
    ),
    "unknown-class": Kind(
        422,
        "没有这个文件种类",
        "Unknown document class",
        "规则包 {pack} 中没有文件种类“{document_class}”。可用的种类：{known}；不给则自动判断。",
        "The rule pack {pack} has no document class “{document_class}”. There are: {known}.",
    ),
    "invalid-parameters": Kind(
        422,
        "参数不对",
        "Invalid parameters",
        "参数不对：{why}",
        "Invalid parameters: {why_en}",
    ),
    "idempotency-mismatch": Kind(
        422,
        "Idempotency-Key 已用于别的请求",
        "Idempotency-Key used before",
        "这个 Idempotency-Key 已经用于另一个内容不同的请求。重试请发送完全相同的内容，新的请求请换一个 Key。",
        "This Idempotency-Key was used for another request. Repeat that very request, or use another key.",
    ),
    "rate-limited": Kind(
        429,
        "请求太频繁",
        "Too many requests",
        "请求太频繁（上限是 {window} 秒内 {most} 次）。请在 {seconds} 秒后再试。",
        "Too many requests (the limit is {most} in {window} seconds). Try again in {seconds} seconds.",
    ),
    "has-findings": Kind(
        409,
        "没有通过检查",
        "Not passed",
        "这件送审件没有通过检查。"
        "请按报告补正后重新提交检查；确需带着问题送审，请加参数 acknowledge_findings=true。",
        "The submission did not pass. Mend it and hand it in again; to submit it nevertheless, add "
        "acknowledge_findings=true.",
    ),
    "already-in-review": Kind(
        409,
        "已经送审",
        "In review already",
        "这件送审件已经送审（{review}），不能再次送审。被退回之后才能重新送审。",
        "The submission is in review ({review}). It can be submitted again only after it was returned.",
    ),
    "not-in-queue": Kind(
        409,
        "不在待办队列中",
        "Not in the queue",
        "这件送审件现在的状态是 {review}，不能这样处理。"
        "请刷新队列：可能已被他人领取或已经处理，处理之前需要先领取。",
        "The submission is {review}, which does not allow this. Somebody may have taken or decided it; "
        "take it before you decide.",
    ),
    "taken-by-another": Kind(
        409,
        "已由他人领取",
        "Taken by another reviewer",
        "这件送审件已由另一位审核人领取，只有领取人可以处理。",
        "Another reviewer took the submission; nobody else can decide it.",
    ),
    "upload-missing": Kind(
        422,
        "文件没有上传完整",
        "File not uploaded",
        "文件“{name}”还没有上传，或收到的字节数与登记的不同。请上传完整的文件后重试。",
        "The file “{name}” was not uploaded, or has another size than was announced. Upload it "
        "and try again.",
    ),
    "internal": Kind(
        500,
        "程序内部错误",
        "Internal error",
        "程序内部错误，请求没有完成。这不是送审文件的问题，请重试；仍然如此，请把编号 {request_id} "
        "告诉管理员。",
        "Internal error; the request was not completed. Try again; if it persists, tell the administrator "
        "the request id {request_id}.",
    ),
    "unavailable": Kind(
        503,
        "服务暂时不可用",
        "Temporarily unavailable",
        "服务的{part}暂时不可用，请求没有完成。请稍后重试。",
        "The {part_en} of the service cannot be reached; the request was not completed. Try again later.",
    ),
}
"""Slug -> kind; the problem's ``type`` is ``TYPE_PREFIX`` and the slug."""


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(description="what kind of problem it is; stable", examples=[f"{TYPE_PREFIX}not-found"])
    title: str = Field(description="the kind of problem in words")
    status: int = Field(description="the HTTP status", ge=400, le=599)
    detail: str = Field(description="what is wrong and what to do about it; Chinese or English")
    request_id: str = Field(description="id of this request, as the logs have it")
    errors: list[FieldError] | None = Field(None, description="what is wrong with which parameter")


class FieldError(BaseModel):
    """What is wrong with one parameter."""

    field: str
    detail: str


Problem.model_rebuild()


class ProblemError(Exception):
    """A request that cannot be answered as it is; becomes a problem.

    Attributes:
        slug: key of ``PROBLEMS``.
        values: fill its templates.
        headers: go with the answer.
        errors: (parameter, Chinese, English) of each that is wrong.
    """

    def __init__(
        self,
        slug: str,
        *,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        errors: Sequence[tuple[str, str, str]] = (),
        **values: object,
    ) -> None:
        super().__init__(slug)
        self.slug = slug
        self.values = values
        self.headers = list(headers.items() if isinstance(headers, Mapping) else headers)
        self.errors = errors

    @property
    def status(self) -> int:
        """The HTTP status."""
        return PROBLEMS[self.slug].status


def not_found(what: str) -> ProblemError:
    """The problem of what is not there, or is another unit's."""
    return ProblemError("not-found", what=what)


def answer(problem: ProblemError) -> Response:
    """The HTTP response that states ``problem``, in the caller's language."""
    kind = PROBLEMS[problem.slug]
    english = _wants_english()
    values = {"request_id": request_id(), **problem.values}
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + problem.slug,
        "title": kind.title_en if english else kind.title,
        "status": kind.status,
        "detail": (kind.detail_en if english else kind.detail).format(**values),
        "request_id": request_id(),
    }
    if problem.errors:
        body["errors"] = [
            {"field": field, "detail": en if english else zh} for field, zh, en in problem.errors
        ]
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    response = Response(text, kind.status, problem.headers, content_type=MEDIA_TYPE)
    response.headers["Content-Language"] = "en" if english else "zh-CN"
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response


def _wants_english() -> bool:
    return request.accept_languages.best_match(["zh", "zh-CN", "en"], "zh") == "en"


def request_id() -> str:
    """Id of the present request, "" outside of one."""
    return g.get("request_id", "") if has_request_context() else ""


def install(app: Flask) -> None:
    """Make every error of ``app`` a problem."""
    app.register_error_handler(ProblemError, answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StoreUnavailableError, _no_store)
    app.register_error_handler(DatabaseUnavailableError, _no_database)
    app.register_error_handler(Exception, _fault)


def from_validation(error: ValidationError) -> ProblemError:
    """What pydantic found, as a problem: 404 for a path, 415 or 400 for a body that is no JSON, else 422."""
    if error.title.endswith("Header"):
        return _invalid_header(error)
    if error.title.endswith("Path"):
        return not_found(next(iter((request.view_args or {}).values()), request.path))
    if request.method in ("POST", "PUT", "PATCH") and error.title.endswith("Body"):
        if not request.is_json:
            return ProblemError(
                "unsupported-media-type",
                expected="application/json",
                received=request.mimetype or "（没有）",
            )
        if request.get_json(silent=True) is None:
            return ProblemError("malformed-request")
    errors = [_field_error(e) for e in error.errors(include_url=False)]
    why = "；".join(f"{field or '请求内容'} {zh.removesuffix('。')}" for field, zh, _ in errors)
    return ProblemError(
        "invalid-parameters",
        errors=[(field or "body", zh, en) for field, zh, en in errors],
        why=f"{why}。",
        why_en="; ".join(f"{field or 'body'}: {en}" for field, _, en in errors),
    )


def _invalid_header(error: ValidationError) -> ProblemError:
    name = str(error.errors()[0]["loc"][0])
    why = f"请求头 {name} 应当是 1 到 200 个可见的 ASCII 字符，不含空格。"
    why_en = f"the header {name} must be 1 to 200 visible ASCII characters without spaces."
    return ProblemError("invalid-parameters", why=why, why_en=why_en, errors=[(name, why, why_en)])


_PYDANTIC = {
    "missing": "没有给出，必须给出。",
    "extra_forbidden": "不认识，请去掉或改正名称。",
    "enum": "应当是 {expected} 之一。",
    "literal_error": "应当是 {expected} 之一。",
    "string_too_long": "太长，最多 {max_length} 个字。",
    "string_too_short": "不能为空。",
    "string_pattern_mismatch": "的形式不对：不能为空，不能有控制字符，首尾不能有空格；规定了形式的见 /docs。",
    "string_type": "应当是文字。",
    "int_parsing": "应当是整数。",
    "int_type": "应当是整数。",
    "int_from_float": "应当是整数。",
    "bool_parsing": "应当是 true 或 false。",
    "bool_type": "应当是 true 或 false。",
    "greater_than_equal": "太小，不能小于 {ge}。",
    "less_than_equal": "太大，不能大于 {le}。",
    "timezone_aware": "应当带时区，如 2026-12-31T23:59:59+08:00。",
    "no_moment": "应当是带时区的日期和时间，如 2026-12-31T23:59:59+08:00。",
    "no_unit": "中角色为 unit 的密钥必须给出 unit，即所属单位的名称。",
    "model_type": "应当是一个 JSON 对象。",
}
"""What pydantic and the shapes themselves find -> Chinese, which goes on behind the parameter's name."""


def _field_error(error: Any) -> tuple[str, str, str]:
    """The parameter ("" for the body as a whole), and what is wrong with it in Chinese and English."""
    told = {key: str(value) for key, value in error.get("ctx", {}).items()}
    if "expected" in told:
        told["expected"] = "、".join(re.findall("'([^']*)'", told["expected"]))
    chinese = _PYDANTIC.get(error["type"], "的值不对，可用的值见 /docs。").format(**told)
    return ".".join(map(str, error["loc"])), chinese, str(error["msg"])


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    match error:
        case MethodNotAllowed():
            allowed = ", ".join(sorted(error.valid_methods or ()))
            return answer(
                ProblemError(
                    "method-not-allowed",
                    method=request.method,
                    allowed=allowed,
                    headers={"Allow": allowed},
                )
            )
        case RequestEntityTooLarge():
            return answer(too_large(request.max_content_length or 0))
    if error.code == 404:
        return answer(ProblemError("no-such-address", path=request.path))
    if error.code and 300 <= error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    if error.code == 408:
        return answer(ProblemError("too-slow", headers={"Connection": "close"}))
    if error.code and 400 <= error.code < 500:
        return answer(ProblemError("malformed-request"))
    return _fault(error)


def too_large(limit: int) -> ProblemError:
    """The problem of a request over ``limit`` bytes."""
    return ProblemError("request-too-large", limit=size_words(limit), headers={"Connection": "close"})


def size_words(size: int) -> str:
    """A size for people: ``"200 MB"``."""
    for unit, name in ((1 << 20, "MB"), (1 << 10, "KB")):
        if size >= unit:
            return f"{size / unit:.4g} {name}"
    return f"{size} B"


def unavailable(part: str, part_en: str) -> ProblemError:
    """The problem of a part that cannot be reached now."""
    return ProblemError("unavailable", part=part, part_en=part_en, headers={"Retry-After": str(BUSY_SECONDS)})


def _no_store(error: StoreUnavailableError) -> Response:
    _log.error("object store unavailable", exc_info=error)
    return answer(unavailable("存储", "object store"))


def _no_database(error: DatabaseUnavailableError) -> Response:
    _log.error("database unavailable", exc_info=error)
    return answer(unavailable("数据库", "database"))


def _fault(error: Exception) -> Response:
    """The outermost edge: nothing of the fault reaches the caller, all of it the log."""
    _log.error("request failed", exc_info=error)
    return answer(ProblemError("internal"))
