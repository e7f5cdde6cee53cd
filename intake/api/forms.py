"""Reports in the forms that nobody stores: made of the stored JSON when they are asked for.

Nothing that a stranger sent is opened here.  The Word form loads python-docx, which writes and does not read.
"""

from __future__ import annotations

from intake.api.answers import opened
from reports.kept import RECORD, form_of

__all__ = ["RECORD", "in_form"]


def in_form(sha256: str, form: str) -> bytes:
    """A stored report in a form.

    Args:
        sha256: of its JSON.
        form: "html", "text", "docx" or ``RECORD``.

    Raises:
        StoreUnavailableError: the store does not give it.
    """
    with opened(sha256) as stream:
        return form_of(stream.read(), form)
