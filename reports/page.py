"""Reports as one web page that needs nothing else: no script, no font, no picture, no network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from reports.case import MACHINE_CHECK, SEVERITIES, tally, tell
from reports.quantity import day, size
from reports.style import Style
from reports.words import Words, conclusion_title
from validators.report import Report

_MEDIA = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word（.docx）",
}


def render(reports: Sequence[Report], words: Words | None, style: Style) -> str:
    """One report as a page; several as sections of a page under a table that sums them up."""
    cases = tell(reports, words)
    return _template().render(
        cases=cases, tally=tally(cases), severities=SEVERITIES, machine_check=MACHINE_CHECK
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"day": day, "size": size, "media": _media, "conclusion": conclusion_title}
    return environment.get_template("report.html")


def _media(media_type: str | None) -> str:
    """What people call a media type; of one without such a name the type itself."""
    return _MEDIA.get(media_type or "", media_type or "未知格式")
