"""Reads OFD files (GB/T 33190-2016): text with places and sizes, ruling lines, stamps, attachments."""

from extractors.ofd.reader import extract

__all__ = ["extract"]
