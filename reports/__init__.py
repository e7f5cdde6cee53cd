"""Report -> every form that a person or a program reads.

``render`` is the seam: a form is one module with a renderer, named in ``FORMS`` and imported when it is asked
for, so that JSON costs no template engine and ``--help`` costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from reports.style import Style
from schemas.errors import UsageError

if TYPE_CHECKING:
    from reports.words import Words
    from validators.report import Report

__all__ = ["FORMS", "Renderer", "Style", "render", "render_bytes"]


class Renderer(Protocol):
    """A form: reports in, one whole document out.  Pure: no clock, no chance, nothing read but templates."""

    def __call__(self, reports: Sequence[Report], words: Words | None, style: Style) -> str | bytes:
        """All of ``reports`` as one document; arguments as of ``render``."""


FORMS: dict[str, str] = {
    "text": "reports.terminal:render",
    "json": "reports.data:render_json",
    "jsonl": "reports.data:render_lines",
    "html": "reports.page:render",
    "docx": "reports.notice:render",
}
"""Name of the form -> where its renderer is."""


def render(
    reports: Report | Sequence[Report],
    form: str,
    *,
    words: Words | None = None,
    style: Style | None = None,
) -> str | bytes:
    """One report, or a batch of them, in a form that is read.

    Args:
        reports: a report, or several in the order in which they are to appear.
        form: a key of ``FORMS``.
        words: titles of classes and facts; by default those of each report's own pack.
        style: width and colour of the terminal, for the form ``text``.

    Returns:
        Text that ends with a line break, or the bytes of a file (``docx``).

    Raises:
        UsageError: there is no such form; the message lists those there are.
    """
    several = reports if isinstance(reports, Sequence) else [reports]
    return _renderer(form)(several, words, style or Style())


def render_bytes(report: Report, form: str, *, style: Style | None = None) -> bytes:
    """One report in a form, as the bytes of a file; arguments and errors as of ``render``."""
    document = render(report, form, style=style)
    return document.encode("utf-8", "replace") if isinstance(document, str) else document


def _renderer(form: str) -> Renderer:
    if form not in FORMS:
        raise UsageError(f"没有输出格式“{form}”；可用的格式：{'、'.join(FORMS)}")
    module, _, function = FORMS[form].partition(":")
    return cast("Renderer", getattr(import_module(module), function))
