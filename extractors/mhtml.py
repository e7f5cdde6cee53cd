"""Web pages in a single file (MHTML)."""

from __future__ import annotations

from email import message_from_bytes

from schemas.errors import UnreadableDocumentError, UnreadableReason


def web_page(data: bytes) -> bytes:
    """The page itself, without its pictures.

    Raises:
        UnreadableDocumentError: there is none.
    """
    message = message_from_bytes(data)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            return page if isinstance(page, bytes) else b""
    raise UnreadableDocumentError(UnreadableReason.NO_CONTENT)
