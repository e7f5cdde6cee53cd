"""Reads born-digital PDF files."""

from extractors.pdf.reader import extract

__all__ = ["extract"]
