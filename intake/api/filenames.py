"""File names as clients send them in a multipart part, and as they may be shown."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from werkzeug.http import parse_options_header

from worker.gathering.names import shown

_EXTENDED = re.compile(r"""(?i);\s*filename\*\s*=\s*"?([\w-]+)'[^']*'([^;"\s]*)""")


def header_text(line: bytes) -> str:
    """A header line of a part: UTF-8 as browsers and curl send it, else GB18030 as Chinese Windows does."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", "replace")


def file_name(disposition: str) -> str:
    """The name to show of an uploaded file, without folders; "" for none.

    Args:
        disposition: the part's whole Content-Disposition.
    """
    name = _extended(disposition)
    if name is None:
        # Without the extended name, which would otherwise be taken for the plain one where it is unreadable.
        name = parse_options_header(_EXTENDED.sub("", disposition))[1].get("filename", "")
    # Some browsers send the path of the file; either machine's separator may be in it.
    return shown(re.split(r"[/\\]", name)[-1].strip())


def _extended(disposition: str) -> str | None:
    """``filename*`` of RFC 5987, in whatever character set it names; None where there is none to be read."""
    match = _EXTENDED.search(disposition)
    if not match:
        return None
    try:
        return unquote_to_bytes(match[2]).decode(match[1])
    except (LookupError, UnicodeDecodeError):
        return None
