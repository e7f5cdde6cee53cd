"""Which requirement a title means, and how sure that is.

From sure to doubtful: the name or a synonym; the same inside words that change nothing; two titles joined in
one heading; a synonym as the head of a longer title; a title that the pack calls only near; and, for the few
titles that nothing else decides, the same words in another order (jieba).  What is below ``SURE`` asks for a
person's look (``low-confidence``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from operator import add
from string import ascii_letters, digits

from extractors.numbering import split_plain, strip_bullet
from extractors.text import fold, nfkc
from schemas import DocumentClass, Language, Pack
from schemas.packs import Requirement, TitlePattern

SURE = 0.8
"""Confidence from which a match needs no second look."""

_EXACT, _AFFIXED, _JOINED, _HEAD, _WORDED, _NEAR, _NEAR_WORDED, _WORDS = (
    1.0, 0.95, 0.9, 0.85, 0.82, 0.7, 0.65, 0.6,
)  # fmt: skip
NAMED = _JOINED
"""Confidence from which the title is the pack's own, not one that only ends in it or is like it."""
_TRANSLATION = re.compile(r"(?<=[一-龥])\s*[(（]?\b[A-Za-z][a-z]{2,}[A-Za-z0-9\s,&'’/.-]*[)）]?\s*$")
_ENDS_TRANSLATION = frozenset(ascii_letters + digits + ")） ")
_CIRCLED = re.compile(r"^\s*[①-⑳❶-❿➀-➓㊀-㊉⓪-⓿]\s*[、.．]?")
_MAX_TITLE = 40
_LONGEST = 3 * _MAX_TITLE
_MAX_JOINED = 4
_MAX_LABEL = 12
_MAX_MARKED = 20
_MIN_TAIL = 4
_MAX_PREFIXES = 2
_SHORTEST_HEAD = 3
_SHORT = 4
"""Longest part of a joined title that may leave out what it shares with the others."""
_SHORTEST_HALF = 2
_REMEMBERED = 100_000
_REMARK = re.compile(r"[(\[〔【<][^()\[\]〔〕【】<>]*[)\]〕】>]$")
_EDGE = "：:。.;；、,，!！?？ \t\"'“”‘’「」『』《》〈〉【】[]<>*＊#|｜—-–~～·…★☆◆◇■□●○▲△※"
_GLUED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?=[^\x00-\x7f])")
"""A number that stands right before its title, without any mark."""
_CLAUSES = re.compile("[,，;；。]")
_ASIDE = re.compile(r"\([^()]{1,3}\)")
"""A short word in brackets within a title: 概(预)算."""
_ELSEWHERE = ("不", "未", "无", "除", "见", "详见", "参见", "另")


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A requirement that a title means.

    Attributes:
        requirement: its name.
        confidence: from 0 to 1; at least ``SURE`` needs no second look.
        title: core of the pack's title that it was recognised by.
        text: regular expression that the text under it, if any, must match; "" where any text does.
    """

    requirement: str
    confidence: float
    title: str = ""
    text: str = ""


def untranslated(title: str) -> str:
    """A title without its translation: 资金估算 Investment Estimate, 建设依据 (Basis)."""
    return _TRANSLATION.sub("", title) if title[-1:] in _ENDS_TRANSLATION else title


@lru_cache(maxsize=8192)
def core(title: str) -> str:
    """What a title says: without number, bullet, remark in brackets, punctuation and white space; NFKC."""
    # ① is a number only while it is one character: NFKC glues a bare 1 to the title.
    text = nfkc(fold(_CIRCLED.sub("", title))).strip()
    text = strip_bullet(text)
    numbered = split_plain(text)
    if numbered:
        text = numbered.rest
    text = untranslated(text)
    text = "".join(text.split()).strip(_EDGE)
    while (remark := _REMARK.search(text)) and remark.start() >= 2:
        text = text[: remark.start()].rstrip(_EDGE)
    return text.lower()


@lru_cache(maxsize=1024)
def _remarks(title: str) -> tuple[str, ...]:
    """Cores of the remarks in brackets at a title's end that do not deny or point elsewhere."""
    text = "".join(nfkc(fold(title)).split()).rstrip(_EDGE.replace("]", "").replace("】", ""))
    found: list[str] = []
    while remark := _REMARK.search(text):
        inner = remark[0][1:-1]
        if not inner.startswith(_ELSEWHERE):
            found.append(core(inner.removeprefix("包括").removeprefix("包含").removeprefix("含")))
        text = text[: remark.start()]
    return tuple(found)


class _Answers(dict[str, tuple[TitleMatch, ...]]):
    """What texts mean, found when first asked for: titles come again, and many differ in number alone."""

    def __init__(self, find: Callable[[str], tuple[TitleMatch, ...]]) -> None:
        self._find = find

    def __missing__(self, text: str) -> tuple[TitleMatch, ...]:
        if len(self) > _REMEMBERED:
            self.clear()
        answer = self[text] = self._find(text)
        return answer


class TitleMatcher:
    """Matches titles against the requirements of some document classes."""

    def __init__(self, requirements: Iterable[Requirement], language: Language) -> None:
        self._language = language
        self._sure: dict[str, tuple[str, ...]] = {}
        self._near: dict[str, tuple[str, ...]] = {}
        self._excludes: dict[str, tuple[str, ...]] = {}
        self._parts: dict[str, tuple[tuple[str, ...], ...]] = {}
        worded: list[tuple[str, TitlePattern, float]] = []
        for requirement in requirements:
            name = requirement.name
            worded += ((name, p, _WORDED) for p in requirement.patterns)
            worded += ((name, p, _NEAR_WORDED) for p in requirement.near_patterns)
            self._excludes[name] = self._excludes.get(name, ()) + tuple(map(core, requirement.excludes))
            if requirement.parts:
                self._parts[name] = tuple(tuple(map(core, part)) for part in requirement.parts)
            for title in (name, *requirement.synonyms):
                _add(self._sure, core(title), name)
            for title in requirement.near:
                _add(self._near, core(title), name)
            for title in requirement.composed:
                if name not in self._near.get(title, ()):
                    _add(self._sure, title, name)
        self._joiner = re.compile("|".join(map(re.escape, sorted(language.joiners, key=len, reverse=True))))
        self._worded = tuple(worded)
        self._prefixes = tuple(sorted(language.heading_prefixes, key=len, reverse=True))
        self._suffixes = tuple(sorted(language.heading_suffixes, key=len, reverse=True))
        self._generics = tuple(sorted(language.heading_generics, key=len, reverse=True))
        self._by_title = _Answers(self._match)
        self._by_core = _Answers(self._of)
        self._by_core_surely = _Answers(self._surely)
        # A title that covers a requirement names all of its parts, so one of the fewest will do here.
        fewest = (min(parts, key=len) for parts in self._parts.values())
        in_patterns = {word for _, pattern, _ in worded for word in pattern.words}
        self._pattern_vocabulary = _Vocabulary(in_patterns)
        in_parts = (word for part in fewest for word in part)
        # One of these is in every title that means something, unless it is joined of short parts.
        self._vocabulary = _Vocabulary({*self._sure, *self._near, *in_parts, *in_patterns})
        self._tails = _lengths_by_tail(self._sure)

    @classmethod
    def any_of(cls, classes: Iterable[DocumentClass], language: Language) -> TitleMatcher:
        """One matcher of all of ``classes``: what means nothing to it means nothing to theirs, one by one.

        What it finds says no more than that one of theirs may find something: each class's requirements stay
        apart, but titles joined of several classes' parts match as well.
        """
        return cls((_apart(r, each.id) for each in classes for r in each.requirements), language)

    def match(self, title: str) -> tuple[TitleMatch, ...]:
        """The requirements that ``title`` means, surest first; empty where it means none."""
        return self._by_title[title] if len(title) <= _LONGEST else ()

    def is_title(self, title: str) -> bool:
        """Whether ``title`` alone, without any sign of a heading, is surely a requirement's title."""
        text = core(title)
        if ":" in text or len(title) > _LONGEST:
            return False
        # What less than surely means something need not be looked for, unless another part of it may.
        found = self._by_core_surely[text]
        if not found and (_ASIDE.search(text) or any(map(self._in_brackets, _remarks(title)))):
            found = self.match(title)
        return bool(found) and found[0].confidence >= _JOINED

    def is_label(self, title: str) -> bool:
        """Whether ``title``, in front of a colon and its text, is surely a requirement's label."""
        found = self.match(title)
        return bool(found) and found[0].confidence >= (SURE if len(title) <= _MAX_LABEL else _JOINED)

    def is_likely(self, title: str) -> bool:
        """Whether ``title``, where something marks it as one, is surely a requirement's title."""
        return len(title) <= _MAX_MARKED and any(m.confidence >= SURE for m in self.match(title))

    def other_halves(self, title: str, requirement: str) -> tuple[str, ...]:
        """The parts of a joined title that do not surely mean ``requirement``: 建设目标 in 建设目标与原则."""
        parts = [part for part in self._joiner.split(core(title)) if len(part) >= _SHORTEST_HALF]
        if len(parts) < 2:
            return ()
        return tuple(
            part
            for part in parts
            if all(m.requirement != requirement or m.confidence < SURE for m in self.match(part))
        )

    def lists_principles(self, title: str) -> bool:
        """Whether what stands under ``title`` are points named by catchwords (建设原则: 安全可控)."""
        return core(title).endswith(self._language.principle_headings)

    def may_be_title(self, title: str) -> bool:
        """Whether ``title`` means a requirement, if only nearly."""
        return bool(self.match(title))

    def is_exact(self, title: str) -> bool:
        """The same, and not two titles joined in one."""
        found = self.match(title)
        return bool(found) and found[0].confidence >= _AFFIXED

    def tail(self, title: str) -> tuple[TitleMatch, ...]:
        """The requirements whose name or synonym (at least three characters) ends a document's title."""
        text = core(title)
        if text in self._sure:
            return tuple(TitleMatch(name, _EXACT, text) for name in self._sure[text])
        found = self._head(text)
        for start in range(len(text) - _MIN_TAIL + 1):
            found = found or self._by_wording(text[start:], _WORDED)
        return found

    def by_words(self, title: str, wanted: Iterable[str]) -> TitleMatch | None:
        """Match by words in any order (jieba) against the requirements named in ``wanted``; never sure.

        The dictionary is loaded only when the characters of some synonym all occur in the title.
        """
        text = core(title)
        if not 4 <= len(text) <= _MAX_TITLE:
            return None
        characters = set(text)
        names = set(wanted)
        candidates = [
            (synonym, name)
            for synonym, means in self._sure.items()
            if len(synonym) >= 4 and characters.issuperset(synonym)
            for name in means
            if name in names and not self._excluded(text, name)
        ]
        if not candidates:
            return None
        words = _words(text)
        for synonym, name in candidates:
            own = _words(synonym)
            if own <= words and len(words - own) <= 1 and text.endswith(synonym[-1]):
                return TitleMatch(name, _WORDS)
        return None

    def _match(self, title: str) -> tuple[TitleMatch, ...]:
        text = core(title)
        of_text, remarks = self._by_core[text], _remarks(title)
        if not of_text and not remarks and "(" not in text:
            return ()
        found = {m.requirement: m for m in of_text}
        if found:
            # 目标任务 is surely the one and may be the other as well.
            bare = _GLUED.sub("", text)
            near = (*self._near.get(text, ()), *self._near.get(bare, ()))
            found = {name: TitleMatch(name, _NEAR, bare) for name in near} | found
        if not any(m.confidence >= SURE for m in found.values()) and _ASIDE.search(text):
            found |= {m.requirement: m for m in self._of(_ASIDE.sub("", text))}
        # 验收情况（含验收时间）: what stands in brackets may name a requirement too.
        for remark in remarks:
            for match in self._in_brackets(remark):
                known = found.get(match.requirement)
                if known is None or known.confidence < match.confidence:
                    found[match.requirement] = match
        return tuple(found.values())

    def _in_brackets(self, remark: str) -> tuple[TitleMatch, ...]:
        return self._one(remark) or self._joined(remark)

    def _of(self, text: str) -> tuple[TitleMatch, ...]:
        if not 2 <= len(text) <= _MAX_TITLE or not self._may_mean(text):
            return ()
        found = self._by_core_surely[text] or self._head(text) or self._in_other_words(text)
        if not found and (bare := _GLUED.sub("", text)) != text:
            found = self._in_other_words(bare)
        return found

    def _surely(self, text: str) -> tuple[TitleMatch, ...]:
        """What a text means that says it in the pack's own words and in nothing but harmless others."""
        if not 2 <= len(text) <= _MAX_TITLE or not self._may_mean(text):
            return ()
        bare = _GLUED.sub("", text)
        return (
            self._one(text)
            or (self._one(bare) if bare != text else ())
            or self._joined(text)
            or self._covering(text)
            or self._inside(text, self._generics)
        )

    def _in_other_words(self, text: str) -> tuple[TitleMatch, ...]:
        """A title that the pack calls near, or describes by a pattern; what it calls near stays near."""
        found = {m.requirement: m for m in self._nearly(text)}
        for confidence in (_WORDED, _NEAR_WORDED):
            if any(m.confidence >= SURE for m in found.values()):
                break
            for match in self._by_wording(text, confidence):
                found.setdefault(match.requirement, match)
        return tuple(sorted(found.values(), key=lambda m: -m.confidence))

    def _may_mean(self, text: str) -> bool:
        """A match is always of words that the text contains, or of which it leaves out a part."""
        return self._vocabulary.is_in(text) or _is_short_of(text, self._joiner)

    def _one(self, text: str) -> tuple[TitleMatch, ...]:
        """The title itself, or inside words that change nothing."""
        if text in self._sure:
            return tuple(TitleMatch(name, _EXACT, text) for name in self._sure[text])
        return self._inside(text, self._suffixes)

    def _inside(self, text: str, suffixes: tuple[str, ...]) -> tuple[TitleMatch, ...]:
        """A synonym between a harmless word in front and one of ``suffixes`` behind."""
        for bare in _stripped(text, self._prefixes, suffixes):
            names = tuple(n for n in self._sure.get(bare, ()) if not self._excluded(text, n))
            if names:
                return tuple(TitleMatch(name, _AFFIXED, bare) for name in names)
        return ()

    def _joined(self, text: str) -> tuple[TitleMatch, ...]:
        """Two titles in one: 建设目标与内容, 资金估算及来源."""
        parts = [p for p in self._joiner.split(text) if p]
        if not 2 <= len(parts) <= _MAX_JOINED:
            return ()
        found: dict[str, TitleMatch] = {}
        first, is_sentence = parts[0], _CLAUSES.search(text) is not None
        for index, part in enumerate(parts):
            matches = self._one(part)
            if not matches and index and len(part) <= _SHORT:
                # The second title often leaves out what it shares with the first: 建设目标与内容.
                matches = self._one(first[:2] + part)
            if not matches and part is not parts[-1] and len(part) <= _SHORT:
                # ... or an earlier one what it shares with the last: 建设内容、规模; 用户、监理、测评报告.
                matches = self._one(part + parts[-1][-2:])
            if not matches:
                matches = self._head(part) or self._by_wording(part, _WORDED)
            if is_sentence and not matches:
                return ()  # 密码应用方案及系统均经评估，结论为符合
            matches = matches or self._nearly(part)
            for match in matches:
                if not self._excluded_among(index, parts, match.requirement):
                    confidence = min(match.confidence, _JOINED)
                    if match.requirement not in found or found[match.requirement].confidence < confidence:
                        found[match.requirement] = replace(match, confidence=confidence)
        if any(match.confidence >= SURE for match in found.values()):
            # 投资与来源: beside a sure part another may be one that is only near.
            for part in parts:
                for near in () if self._one(part) else self._nearly(part):
                    found.setdefault(near.requirement, near)
            return tuple(found.values())
        return self._agreed(parts)

    def _agreed(self, parts: list[str]) -> tuple[TitleMatch, ...]:
        """What each part alone only nearly means, all together surely do: 系统功能与建设范围."""
        near = [{m.requirement for m in self._nearly(part)} for part in parts]
        return tuple(TitleMatch(name, _WORDED, parts[-1]) for name in sorted(set.intersection(*near)))

    def _excluded_among(self, index: int, parts: list[str], name: str) -> bool:
        """Whether an excluded word stands in the part, or in another one that is not a title of its own.

        It may reach over the joiner: 投资估算及依据 states 估算依据, not 建设依据.
        """
        part = parts[index]
        seam = parts[index - 1] if index else ""
        return any(self._excluded(p, name) for p in parts if p == part or not self._one(p)) or any(
            word in seam + part and word not in part and word not in seam for word in self._excludes[name]
        )

    def _covering(self, text: str) -> tuple[TitleMatch, ...]:
        """A title that names every part of a requirement: 利旧整合和数据共享."""
        if _CLAUSES.search(text):
            return ()  # a sentence that speaks of all parts: 利用教育城域网，警情与公安共享
        return tuple(
            TitleMatch(name, _JOINED, text)
            for name, parts in self._parts.items()
            if all(any(word in text for word in part) for part in parts) and not self._excluded(text, name)
        )

    def _head(self, text: str) -> tuple[TitleMatch, ...]:
        """A synonym as the head, i.e. the end, of a longer title: 智慧公厕管理系统建设内容."""
        for length in self._tails.get(text[-2:], ()):
            if length < len(text):
                names = self._sure.get(text[-length:], ())
                names = tuple(n for n in names if not self._excluded(text, n))
                if names:
                    return tuple(TitleMatch(name, _HEAD, text[-length:]) for name in names)
        return ()

    def _by_wording(self, text: str, confidence: float) -> tuple[TitleMatch, ...]:
        """A title in other words that the pack describes by a pattern."""
        if _CLAUSES.search(text):
            return ()
        return tuple(
            TitleMatch(name, confidence, text, pattern.text)
            for name, pattern in self._patterns(text, confidence)
            if _compiled(pattern.title).fullmatch(text) and not any(word in text for word in pattern.without)
        )

    def _patterns(self, text: str, confidence: float) -> Iterable[tuple[str, TitlePattern]]:
        present = self._pattern_vocabulary.found(text)
        for name, pattern, how in self._worded if present else ():
            if how == confidence and not present.isdisjoint(pattern.words):
                yield name, pattern

    def _nearly(self, text: str) -> tuple[TitleMatch, ...]:
        for front in _fronts(text, self._prefixes):
            suffixes = self._suffixes if front.endswith(self._suffixes) else ()
            for bare in (front, *(front[: -len(s)] for s in suffixes if front.endswith(s))):
                names = tuple(n for n in self._near.get(bare, ()) if not self._excluded(text, n))
                if names:
                    return tuple(TitleMatch(name, _NEAR, bare) for name in names)
        return ()

    def _excluded(self, text: str, name: str) -> bool:
        return any(word in text for word in self._excludes[name])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pack's pattern, compiled when a title first has one of its words: most documents need few of them."""
    return re.compile(pattern)


def _is_short_of(text: str, joiner: re.Pattern[str]) -> bool:
    """Whether ``text`` is joined of parts one of which may leave out what it shares with the others."""
    parts = joiner.split(text)
    return len(parts) > 1 and any(0 < len(part) <= _SHORT for part in parts)


class _Vocabulary:
    """Many words, and whether a text contains one; a pattern of them is dear to make.

    A word of one character is not worth looking for: every text may contain one.
    """

    def __init__(self, words: Collection[str]) -> None:
        beginnings: dict[str, list[str]] = {}
        self._short = frozenset(word for word in words if len(word) < 2)
        for word in words:
            beginnings.setdefault(word[:2], []).append(word)
        self._words = {beginning: tuple(each) for beginning, each in beginnings.items()}

    def is_in(self, text: str) -> bool:
        """Whether ``text`` may contain one of the words."""
        if self._short:
            return True
        for beginning in self._words.keys() & _pairs(text):
            words, at = self._words[beginning], text.find(beginning)
            while at >= 0:
                if text.startswith(words, at):
                    return True
                at = text.find(beginning, at + 1)
        return False

    def found(self, text: str) -> frozenset[str]:
        """The words that ``text`` contains."""
        begun = self._words.keys() & _pairs(text)
        long = {word for beginning in begun for word in self._words[beginning] if word in text}
        return self._short.intersection(text) | long


@lru_cache(maxsize=64)
def _pairs(text: str) -> frozenset[str]:
    """Every two characters of ``text`` that stand side by side; each class's vocabularies ask for them."""
    return frozenset(map(add, text, text[1:]))


@lru_cache(maxsize=1024)
def _stripped(text: str, prefixes: tuple[str, ...], suffixes: tuple[str, ...]) -> tuple[str, ...]:
    """``text`` without harmless words in front and behind, longest first; the classes of a pack share it."""
    bare: list[str] = []
    for front in _fronts(text, prefixes):
        bare.append(front)
        bare += (
            front[: -len(suffix)].rstrip("的之")
            for suffix in (suffixes if front.endswith(suffixes) else ())
            if front.endswith(suffix) and len(front) - len(suffix) >= 2
        )
    return tuple(bare)


def _fronts(text: str, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """``text`` as it is and without up to two harmless words in front: 项目·建设的·主要内容."""
    fronts = [text]
    for taken in range(_MAX_PREFIXES):
        shorter = fronts if not taken else fronts[1:]
        fronts += [
            bare
            for front in tuple(shorter)
            if front.startswith(prefixes)
            for prefix in prefixes
            if front.startswith(prefix) and (bare := front[len(prefix) :].lstrip("的之")) not in fronts
        ]
    return tuple(fronts)


@lru_cache(maxsize=64)
def matcher(document_class: DocumentClass, language: Language) -> TitleMatcher:
    """The matcher of one class (made once)."""
    return TitleMatcher(document_class.requirements, language)


@lru_cache(maxsize=16)
def matcher_of_all(pack: Pack) -> TitleMatcher:
    """The matcher of all classes of a pack (made once), for a first look: see ``TitleMatcher.any_of``."""
    return TitleMatcher.any_of(pack.classes.values(), pack.language)


def _apart(requirement: Requirement, class_id: str) -> Requirement:
    """``requirement`` under a name that no other class has, and with the title it is known by."""
    synonyms = (requirement.name, *requirement.synonyms)
    return replace(requirement, name=f"{class_id} {requirement.name}", synonyms=synonyms)


def _lengths_by_tail(titles: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The last two characters of titles of at least three -> how long such titles are, longest first."""
    lengths: dict[str, set[int]] = {}
    for title in titles:
        if len(title) >= _SHORTEST_HEAD:
            lengths.setdefault(title[-2:], set()).add(len(title))
    return {tail: tuple(sorted(each, reverse=True)) for tail, each in lengths.items()}


def _add(table: dict[str, tuple[str, ...]], title: str, name: str) -> None:
    if title and name not in table.get(title, ()):
        table[title] = (*table.get(title, ()), name)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(w for w in _tokenizer().cut(text) if w not in _FUNCTION_WORDS)


_FUNCTION_WORDS = frozenset(
    ("的", "与", "和", "及", "之", "等", "本", "项目", "情况", "说明", "以及", "各", "有关", "相关")
)


@lru_cache(maxsize=1)
def _tokenizer():  # type: ignore[no-untyped-def]
    """The tokenizer of jieba (1 s, 91 MiB once); its default would write a cache to the shared folder."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.cache_file = None
    return tokenizer
