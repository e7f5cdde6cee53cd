"""How to judge, as a form says it; each mistake answered with what would be right."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from intake.api.problems import ProblemError
from schemas import available_packs, load_pack
from storage.submissions import HandedIn, Idempotency, Options

FIELDS = ("class", "pack", "filed_on", "project", "callback_url")
BATCH_FIELDS = ("each",)
"""Those that a batch has beside them."""

EACH = ("file", "folder")
LONGEST_PROJECT = 200
LONGEST_URL = 2000
_HOST = r"([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}\])"
URL = rf"https?://{_HOST}(:([0-9]{{1,4}}|[1-5][0-9]{{4}}|6[0-4][0-9]{{3}}))?([/?#][!-~]*)?"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def options(texts: Mapping[str, str], default_pack: str) -> Options:
    """The options that a form's texts give.  An empty text is one that was not filled in.

    Args:
        texts: by ``FIELDS``, of a batch also by ``BATCH_FIELDS``.
        default_pack: id of the pack where none is named.

    Raises:
        ProblemError: one of them is wrong.
    """
    pack = texts.get("pack") or default_pack
    if pack not in available_packs():
        raise ProblemError("unknown-pack", pack=pack, known="、".join(available_packs()))
    return Options(
        pack=pack,
        class_id=_class(texts.get("class"), pack),
        filed_on=_date(texts.get("filed_on")),
        project=_project(texts.get("project")),
        callback_url=_url(texts.get("callback_url")),
        each=_each(texts.get("each")),
    )


def _class(given: str | None, pack: str) -> str | None:
    classes = load_pack(pack).classes
    if given and given not in classes:
        known = "、".join(f"{c.id}（{c.title}）" for c in classes.values())
        raise ProblemError("unknown-class", pack=pack, document_class=given, known=known)
    return given or None


def _date(given: str | None) -> date | None:
    if not given:
        return None
    try:
        # The standard library reads other forms too (20260310, 2026-W11-2), which nobody means.
        if _DATE.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise _invalid(
        "filed_on",
        f"“{given}”不是有效的日期，请写成 2026-03-10 这样的形式。",
        f"“{given}” is no date; write it as 2026-03-10.",
    )


def _project(given: str | None) -> str | None:
    if given and (len(given) > LONGEST_PROJECT or not is_plain(given)):
        raise _invalid(
            "project",
            f"应当是不超过 {LONGEST_PROJECT} 个字的一行文字，不含控制字符。",
            f"it must be one line of at most {LONGEST_PROJECT} characters.",
        )
    return given or None


def _url(given: str | None) -> str | None:
    if given and (len(given) > LONGEST_URL or not re.fullmatch(URL, given)):
        raise _invalid(
            "callback_url",
            "应当是 https:// 或 http:// 开头的完整网址，不带用户名和密码。",
            "it must be a whole https:// or http:// address without user name and password.",
        )
    return given or None


def _each(given: str | None) -> str | None:
    if given and given not in EACH:
        raise _invalid("each", "应当是 file 或 folder。", "it must be file or folder.")
    return given or None


def _invalid(field: str, why: str, why_en: str) -> ProblemError:
    return ProblemError("invalid-field", field=field, why=why, why_en=why_en)


def is_plain(text: str) -> bool:
    """Whether a text is one line without characters that show nothing."""
    return not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text)


def idempotency(key: str | None, asked: Options, files: Sequence[tuple[str, HandedIn]]) -> Idempotency | None:
    """The call's ``Idempotency-Key`` and a fingerprint of what it asks for; None where it has no key."""
    if key is None:
        return None
    said: list[list[object]] = [
        [asked.pack, asked.class_id, str(asked.filed_on), asked.project, asked.callback_url],
        [[field, file.name, file.stored and file.stored.sha256] for field, file in files],
    ]
    if asked.each:
        said.append([asked.each])
    return Idempotency(key, hashlib.sha256(json.dumps(said).encode()).hexdigest())
