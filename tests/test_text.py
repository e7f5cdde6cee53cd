"""Characters: what is folded on reading, and the quick look that spares most texts the folding."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from extractors.text import fold, is_plain, nfkc, normal, normals

_ODD = st.sampled_from("⼀⽤⻔\uf900\uf907\U0002f800\u200b\ufeff\u202e\u00a0\u00ad\x07一，：A１①　 \t\n")
_TEXTS = st.text(st.one_of(_ODD, st.characters()), max_size=40)


@given(_TEXTS)
def test_what_is_plain_is_not_folded(text: str) -> None:
    """The quick look may send a text on in vain, but it never keeps one back that folding changes."""
    if is_plain(text):
        assert fold(text) == text


@given(_TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(_TEXTS, _TEXTS)
def test_folding_looks_at_each_character_alone(front: str, back: str) -> None:
    assert fold(front + back) == fold(front) + fold(back)


def test_usual_texts_are_plain_and_odd_ones_are_not() -> None:
    assert is_plain("建设依据：《办法》（成办发〔2021〕66号），见“附件1”。\n\t")
    for text in ("建设⽬标", "建\u200b设", "建\xa0设", "\uf900"):
        assert not is_plain(text)


def test_radicals_and_invisible_characters_become_what_a_reader_sees() -> None:
    assert fold("建设⽬标") == "建设目标"
    assert fold("⻔户") == "门户"
    assert fold("建\u200b设\ufeff依据") == "建设依据"
    assert fold("建设\xa0依据") == "建设 依据"
    assert fold("（一）１２") == "（一）１２"  # width stays as written


@given(_TEXTS)
def test_the_quick_normal_form_is_unicode_s(text: str) -> None:
    assert nfkc(text) == unicodedata.normalize("NFKC", text)


def test_the_form_for_comparing_has_no_space_and_no_width() -> None:
    assert normal("　建 设\n依据（ＡＢ）") == "建设依据(ab)"


@given(st.lists(_TEXTS, max_size=5))
def test_many_texts_at_once_have_the_normal_forms_that_each_has(texts: list[str]) -> None:
    assert normals(map(fold, texts)) == tuple(map(normal, texts))
