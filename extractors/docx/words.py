"""A paragraph while it is read: its pieces of text, and how each looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.docx.styles import Format, Look, ParagraphStyle, Styles
from extractors.docx.symbols import without_private
from extractors.text import fold, is_plain

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from extractors.document import Align, Picture


Words = tuple[str, bool, int, float | None, bool]
"""The text of a paragraph and how it looks: text, bold, bold_prefix, size and prompt of ``Paragraph``.

A plain tuple, because every paragraph makes one."""

_NO_WORDS: Words = ("", False, 0, None, False)


class OpenParagraph:
    """A paragraph while it is read.  Defaults live in the class, because most paragraphs change few of them.

    Attributes:
        element: None for the one that stands in where no paragraph is open and nothing is kept.
        style: its paragraph style.
        texts: its pieces of text.
        formats: of each piece, what its run says about its look.
        align: as it says itself, likewise the following three.
        outline: ``w:outlineLvl``.
        num_id: numbering instance.
        ilvl: numbering level.
        in_contents: some of its text is the result of a contents field.
        has_leader: it has a tab stop with a leader.
        mark_hidden: its mark is hidden.
        pictures: what stands in it besides text.
        before: paragraphs that go on in this one, because their marks are deleted.
    """

    align: Align | None = None
    outline: int | None = None
    num_id: str | None = None
    ilvl: int | None = None
    in_contents = False
    has_leader = False
    mark_hidden = False
    pictures: tuple[Picture, ...] = ()
    before: tuple[Element, ...] = ()

    def __init__(self, element: Element | None, style: ParagraphStyle) -> None:
        self.element = element
        self.style = style
        self.texts: list[str] = []
        self.formats: list[Format] = []

    def go_on_from(self, earlier: OpenParagraph) -> None:
        """Begin with the text of ``earlier``, whose mark is deleted."""
        self.texts, self.formats = earlier.texts, earlier.formats
        self.in_contents, self.pictures = earlier.in_contents, earlier.pictures
        if earlier.element is not None:
            self.before = (*earlier.before, earlier.element)

    def words(self, styles: Styles) -> Words:
        """What is to be read in it; its prompt, if nothing else is."""
        texts, formats = self.texts, self.formats
        while texts and texts[-1] == "\n":
            texts.pop()
            formats.pop()
        if not formats:
            return _NO_WORDS
        first = formats[0]
        (bold, size), hidden, prompt = styles.seen(self.style, first)
        if hidden or prompt or formats.count(first) != len(formats):
            return self._mixed_words(styles)
        text = _read("".join(texts) if len(texts) > 1 else texts[0])
        return text, bold, len(text) if bold else 0, size, False

    def _mixed_words(self, styles: Styles) -> Words:
        texts: list[str] = []
        looks: list[Look] = []
        prompts: list[str] = []
        for text, run in zip(self.texts, self.formats, strict=True):
            look, hidden, prompt = styles.seen(self.style, run)
            if hidden:
                continue
            if prompt:
                prompts.append(text)
            else:
                texts.append(text)
                looks.append(look)
        text = _read("".join(texts))
        if not text or text.isspace():
            return _read("".join(prompts)), False, 0, self.style.look.size, bool(prompts)
        return text, *_appearance(text, texts, looks), False


def _read(text: str) -> str:
    """The text in ordinary characters."""
    if is_plain(text):
        return text
    text = fold(text)
    return text if text.isprintable() else without_private(text)


def _appearance(text: str, texts: list[str], looks: list[Look]) -> tuple[bool, int, float | None]:
    """Whether all is bold, how many characters at the start are, and the size most characters have."""
    first = looks[0]
    if looks.count(first) == len(looks):
        return first.bold, len(text) if first.bold else 0, first.size
    sizes: dict[float | None, int] = {}
    start: list[str] = []
    at_start = True
    for piece, look in zip(texts, looks, strict=True):
        visible = len(piece.strip())
        sizes[look.size] = sizes.get(look.size, 0) + visible
        at_start = at_start and (look.bold or not visible)
        if at_start:
            start.append(piece)
    prefix = _read("".join(start))
    bold_prefix = len(prefix) if prefix.strip() else 0
    return bold_prefix == len(text), bold_prefix, max(sizes, key=sizes.__getitem__)
