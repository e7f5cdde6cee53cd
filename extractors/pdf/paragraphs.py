"""Decides which lines are one paragraph: by width left over, indent, distance, size, weight and numbering."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.document import Align, Role
from extractors.numbering import STEMS
from extractors.pdf.contents import completes_entry, ends_entry, is_contents_heading
from extractors.pdf.lines import CLOSING, RUN_IN_LABEL, Line, needs_space, note_mark, width_of

_SLACK = 0.6
"""Room, in font sizes, by which a full line may miss the edge beyond what its next word needs."""
_SAME_X = 0.45
"""Difference, in font sizes, below which two lines begin at the same place."""
_SAME_SIZE = 0.6
"""Difference of font sizes, in points, below which two lines are of one size."""
_DEEPEST_INDENT = 6.5
"""Most font sizes between the first line of a paragraph and the others."""
_WIDE_PITCH = 2.3
"""Line distance, in font sizes, that is too wide where nothing better is known."""
_FEWEST_BREAKS = 4
"""Ends of paragraphs from which on their distance is known."""
_SET_APART = 0.15
"""Font sizes by which paragraphs must stand farther apart than lines for that to tell them apart."""
_TERMINAL = re.compile(r"[。！？；：.!?;:…][”’\"'）)》」]*$")
_SENTENCE_END = re.compile(r"[。！？!?][”’\"'）)》」]*$")
_LINE_OF_ITS_OWN = re.compile(r"[^\s，。；：、,.;:!！?？\d（(《“]{2,20}")
"""What a sentence, even a short one, hardly looks like: no mark, no digit, nothing quoted, no gap."""
_NUMBERED = re.compile(
    r"(?:第[\d一二三四五六七八九十百零〇]+[章节条款篇部编]|[（(][\d一二三四五六七八九十百]+[)）]"
    r"|[一二三四五六七八九十百]+[、.．]|\d{1,2}(?:[.．]\d{1,2})+(?![\d.．]*[\d%％万亿元])|[Ⅰ-Ⅻ][、.．]?|\d{1,3}[、.．)）](?!\d)"
    r"|[①-⑳㈠-㈩⑴-⒇]|[a-zA-Z][.．)）、]|[•●○■□◆◇▪▶➢✓√★※·\-–—*]\s*(?=\S))"
)
_HEADED = re.compile(
    rf"[{STEMS}]、(?![{STEMS}])|"
    r"[一二三四五六七八九十]{1,3}、|[壹贰叁肆伍陆柒捌玖拾]{1,2}、|第[一二三四五六七八九十]{1,3}[章节]"
)
"""Numbers that in running text never begin a line by chance: what they begin is a paragraph of its own."""
_LAST_NUMBER = re.compile(r"([(（]?(?:\d{1,2}[.．])*)(\d{1,2})([、.．)）]?)")
_LABEL = re.compile(rf"{_NUMBERED.pattern}\s*")
_DATE = re.compile(r"(?:(?:19|20)\d\d|二[〇○零]\S{2})\s*年")
_LABEL_ALONE = re.compile(r"[^\s，。；：:]{2,14}[：:]")
_LABEL_AND_GAP = re.compile(r"[一-龥]{2,16}[\t ]+(?=\S)")
"""A word that a tab sets apart from its value, however little room it leaves."""
_MARKS = re.compile(r"[，。；：！？,;:!?、]")
_LONGEST_TITLE = 16
"""Characters of a title that is told by its place alone."""
_OPENING = "（(《〈「『【〔“‘[{"
_FIRST_WORD = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[A-Za-z0-9.,_/+\-=@#&%:]+|.)[{re.escape(CLOSING)}]*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Habits:
    """How the document sets its text.

    Attributes:
        size: font size of most of its text, in points.
        pitch: usual distance of lines in a paragraph by font size, in points.
        parted: distance by font size from which on lines are of two paragraphs, if that shows.
        indent: usual indent of a paragraph's first line, in font sizes; 0 if there is none.
    """

    size: float
    pitch: dict[float, float]
    parted: dict[float, float]
    indent: float


def habits_of(lines: Iterable[Line]) -> Habits:
    """The habits of the document's body, from its lines in reading order."""
    sizes: Counter[float] = Counter()
    steps: dict[float, list[float]] = defaultdict(list)
    breaks: dict[float, list[float]] = defaultdict(list)
    indents: Counter[float] = Counter()
    before: Line | None = None
    for line in lines:
        sizes[line.size] += len(line.text)
        if before and before.page == line.page and before.size == line.size and line.y > before.y:
            if not _is_full(before, line):
                breaks[line.size].append(line.y - before.y)
            elif (
                not _NUMBERED.match(line.text)
                and before.bold == line.bold
                and line.x0 < before.x0 + line.size
            ):
                steps[line.size].append(line.y - before.y)
            if not _is_full(before, line) or line.x0 > line.left + line.size:
                indents[round((line.x0 - line.left) / line.size, 1)] += 1
        before = line
    size = sizes.most_common(1)[0][0] if sizes else 10.5
    pitch = {size: _lower_quarter(found) for size, found in steps.items()}
    parted = {size: found for size in pitch if (found := _parting(size, pitch[size], breaks[size]))}
    indented = [(count, indent) for indent, count in indents.items() if 1 < indent < 4]
    flush = sum(count for indent, count in indents.items() if indent <= 0.5)
    count, indent = max(indented, default=(0, 0.0))
    return Habits(size, pitch, parted, indent if count > 2 and count * 3 > flush else 0.0)


def _lower_quarter(steps: list[float]) -> float:
    """A usual distance of lines: some full ones end a paragraph all the same, with more room behind."""
    return sorted(steps)[(len(steps) - 1) // 4]


def _parting(size: float, pitch: float, breaks: list[float]) -> float:
    """The distance halfway between that of lines and that of paragraphs; 0 where they hardly differ."""
    if len(breaks) < _FEWEST_BREAKS:
        return 0.0
    between = _lower_quarter(breaks)
    return (pitch + between) / 2 if between - pitch > _SET_APART * size else 0.0


def group(lines: Sequence[Line], habits: Habits) -> list[list[Line]]:
    """The lines as paragraphs; running lines and notes between two pages part none that goes on there."""
    paragraphs: list[list[Line]] = []
    current: list[Line] | None = None
    note: list[Line] = []
    for index, line in enumerate(lines):
        if line.role is Role.MARGIN:
            paragraphs.append([line])
        elif line.role is Role.NOTE:
            if note and note[0].page == line.page and not note_mark(line.text):
                note.append(line)
            else:
                note = [line]
                paragraphs.append(note)
        elif current and continues(current, line, habits, _next(lines, index)):
            current.append(line)
        else:
            current = [line]
            paragraphs.append(current)
    return paragraphs


def _next(lines: Sequence[Line], index: int) -> Line | None:
    """The line after one, where it stands below it on its page."""
    line, after = lines[index], lines[index + 1] if index + 1 < len(lines) else None
    return after if after and after.page == line.page and after.y > line.y else None


def continues(paragraph: Sequence[Line], line: Line, habits: Habits, after: Line | None = None) -> bool:
    """Whether a line goes on with a paragraph; the line after it helps to tell."""
    last = paragraph[-1]
    if last.role is not line.role or last.turn != line.turn or last.box != line.box:
        return False
    if line.role is Role.CONTENTS:
        unfinished = not ends_entry(last.text) and not is_contents_heading(last.text)
        return unfinished and completes_entry(line.text) and not _NUMBERED.match(line.text)
    if abs(last.size - line.size) > _SAME_SIZE or not _is_full(last, line) or _weight_changes(last, line):
        return False
    if _HEADED.match(line.text):
        return False
    if _NUMBERED.match(line.text) and _TERMINAL.search(last.text) and not _counts_on(paragraph, line):
        return False
    if _is_labelled_anew(paragraph, line) or _is_signed_anew(last, line):
        return False
    if _is_title_behind_sentence(last, line, after):
        return False
    if len(paragraph) == 1 and after and _is_first_line(last, line, after):
        return False
    return _is_near(paragraph, line, habits) and _is_in_line(paragraph, line, habits)


def _counts_on(paragraph: Sequence[Line], line: Line) -> bool:
    """Whether a line's number goes on from one inside the paragraph: …；6.2 应用开发；| 6.3 知识库."""
    number = _LAST_NUMBER.match(line.text)
    if number is None or int(number[2]) < 2:
        return False
    before = re.escape(f"{number[1]}{int(number[2]) - 1}{number[3]}")
    return re.search(rf"[。；;：:]\s*{before}(?!\d)", joined_text(paragraph)[0]) is not None


def _is_labelled_anew(paragraph: Sequence[Line], line: Line) -> bool:
    """Whether the line begins with a label of its own (经费保障：), or is one, or addresses somebody."""
    last = paragraph[-1]
    ended = _TERMINAL.search(last.text)
    if _LABEL_ALONE.fullmatch(line.text) and ended:
        return True
    if _LABEL_AND_GAP.match(paragraph[0].text) and _LABEL_AND_GAP.match(line.text) and ended:
        return True
    if not RUN_IN_LABEL.match(paragraph[0].text):
        return False
    if RUN_IN_LABEL.match(line.text):
        return len(paragraph) == 1 or bool(ended)
    return len(paragraph) == 1 and line.text[-1] in "：:" and line.right - line.x1 > 2 * line.size


def _is_title_behind_sentence(last: Line, line: Line, after: Line | None) -> bool:
    """Whether a line is a title, and no end of a paragraph whose last sentence fills its line by chance.

    It is short and has no mark, as such an end would, and a paragraph begins below it: anew, or behind a word
    for which it had room.
    """
    if line.right - line.x1 < 2 * line.size:
        return False
    own = _SENTENCE_END.search(last.text) and _LINE_OF_ITS_OWN.fullmatch(line.text)
    if own and (after is None or not _is_full(line, after)):
        return True
    anew = after is not None and after.x0 - line.x0 > line.size
    unmarked = len(line.text) <= _LONGEST_TITLE and not _MARKS.search(line.text)
    return anew and unmarked and _TERMINAL.search(last.text) is not None


def _is_signed_anew(last: Line, line: Line) -> bool:
    """Whether lines at the right edge are two, unit and date: a wrapped one fills its first line."""
    if not (_is_at_right(last) and _is_at_right(line)):
        return False
    return abs(last.x0 - line.x0) > _SAME_X * line.size or bool(_DATE.match(line.text))


def _is_at_right(line: Line) -> bool:
    before = line.x0 - line.left
    far = max(_DEEPEST_INDENT * line.size, 0.35 * (line.right - line.left))
    return line.right - line.x1 < line.size and before > far


def _is_first_line(last: Line, line: Line, after: Line) -> bool:
    """Whether a line is indented as the one before it and unlike the one after it: it begins a paragraph."""
    indent = line.x0 - line.left
    return (
        indent > line.size
        and abs(last.x0 - last.left - indent) < _SAME_X * line.size
        and after.x0 - after.left < _SAME_X * line.size
        and abs(after.size - line.size) <= _SAME_SIZE
        and not _is_centred(line)
        and _is_full(line, after)
    )


def _is_full(last: Line, line: Line) -> bool:
    """Whether the next line's first word had no room on the line before."""
    room = last.right - last.x1
    if _is_centred(last) and _is_centred(line):
        room += last.x0 - last.left
    return room < width_of(_first_word(line.text)) * line.size + _SLACK * line.size


def _first_word(text: str) -> str:
    match = _FIRST_WORD.match(text)
    return match.group() if match else ""


def _is_centred(line: Line) -> bool:
    """Whether the line stands in the middle, with room on both sides."""
    before, after = line.x0 - line.left, line.right - line.x1
    if min(before, after) < 0.4 * line.size or before + after < 0.12 * (line.right - line.left):
        return False
    return abs(before - after) < 0.8 * line.size


def _fills_middle(line: Line) -> bool:
    """Whether the line could be the first of a centred paragraph: as far from one edge as from the other."""
    return abs((line.x0 - line.left) - (line.right - line.x1)) < 0.8 * line.size


def _weight_changes(last: Line, line: Line) -> bool:
    if last.bold:
        return not line.bold_prefix
    return line.bold and bool(_NUMBERED.match(line.text) or _TERMINAL.search(last.text))


def _is_near(paragraph: Sequence[Line], line: Line, habits: Habits) -> bool:
    """Whether the distance is that of lines within a paragraph; a new page or column says nothing."""
    last = paragraph[-1]
    step = line.y - last.y
    if last.page != line.page or step <= 0:
        return True
    before = paragraph[-2] if len(paragraph) > 1 else None
    known = before and before.page == last.page and last.y > before.y
    usual = last.y - before.y if before and known else habits.pitch.get(line.size)
    if usual is None:
        return step < _WIDE_PITCH * line.size
    parted = habits.parted.get(line.size, step)
    return step <= usual * 1.15 + 1.5 and (step <= parted or usual > parted)


def _is_in_line(paragraph: Sequence[Line], line: Line, habits: Habits) -> bool:
    """Whether the line begins where the paragraph's next line would."""
    last, first = paragraph[-1], paragraph[0]
    if _is_centred(line) and (_is_centred(last) or _fills_middle(last)):
        return not _NUMBERED.match(line.text)
    shift = (line.x0 - line.left) - (last.x0 - last.left)
    same = abs(shift) < _SAME_X * line.size
    if len(paragraph) > 1:
        return same
    if same:
        return not _starts_indented_paragraph(first, line, habits)
    if shift < 0:
        return -shift < _DEEPEST_INDENT * line.size
    return _hangs(first, line)


def _starts_indented_paragraph(first: Line, line: Line, habits: Habits) -> bool:
    """Whether two lines with the same indent are two paragraphs: the first happens to fill its line."""
    indented = habits.indent and abs((first.x0 - first.left) / first.size - habits.indent) < _SAME_X
    if indented and _TERMINAL.search(first.text):
        return True
    return bool(_NUMBERED.match(line.text)) and (bool(_NUMBERED.match(first.text)) or bool(indented))


def _hangs(first: Line, line: Line) -> bool:
    """Whether the line stands under the text after the first line's number or bullet."""
    if first.text_x and abs(line.x0 - line.left - (first.text_x - first.left)) < _SAME_X * line.size:
        return True
    label = _LABEL.match(first.text)
    if not label:
        return False
    start = first.x0 - first.left + width_of(label.group()) * first.size
    return abs(line.x0 - line.left - start) < 0.8 * line.size


def joined_text(paragraph: Sequence[Line]) -> tuple[str, int]:
    """The paragraph's text and the number of its leading bold characters."""
    text, bold = "", 0
    for line in paragraph:
        space = " " if needs_space(text, line.text) else ""
        if bold == len(text):
            bold += line.bold_prefix + (len(space) if line.bold_prefix else 0)
        text += space + line.text
    return text, bold


def alignment(paragraph: Sequence[Line]) -> Align:
    """How the paragraph is set between its edges."""
    if all(_is_centred(line) for line in paragraph):
        return Align.CENTER
    last = paragraph[-1]
    if all(line.x0 - line.left > 0.35 * (line.right - line.left) for line in paragraph) and (
        abs(last.right - last.x1) < 2.5 * last.size
    ):
        return Align.END
    return Align.START
