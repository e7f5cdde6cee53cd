"""The forms of a report that is kept as JSON.

Every form is a pure function of the report, so that none but its JSON need be kept.
"""

from __future__ import annotations

import json

from reports import render_bytes
from reports.data import json_bytes
from validators.report import Report

RECORD = "record"
"""The form that is the report's record alone, as JSON."""


def form_of(kept: bytes, form: str) -> bytes:
    """A report in the form that is asked for.

    Args:
        kept: its JSON, as ``reports.data`` makes it.
        form: a key of ``reports.FORMS``, or ``RECORD``.

    Raises:
        UsageError: there is no such form.
        KeyError, ValueError: ``kept`` is no report of this version.
    """
    data = json.loads(kept)
    if form == RECORD:
        return json_bytes(data["record"], indent=2) + b"\n"
    return render_bytes(Report.from_dict(data), form)
