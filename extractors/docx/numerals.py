"""Numbers of automatic lists, written as ``w:numFmt`` asks (ISO/IEC 29500-1, 17.18.59)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_LARGEST = 9999
"""Beyond it no list goes on in words."""

Format = Callable[[int], str]


def written(number: int, style: str) -> str:
    """``number`` as a list shows it under the number format ``style``.

    A format that is not known, or that ends before ``number``, is shown in Arabic digits, as Word does.
    """
    if style == "none":
        return ""
    return _FORMATS.get(style, str)(number) or str(number)


def _listed(characters: str) -> Format:
    """One character a number, from 1; nothing beyond the last."""
    return lambda n: characters[n - 1] if 0 < n <= len(characters) else ""


def _repeated(letters: str) -> Format:
    """Letters a … z, aa, bb …: the letter is repeated on each further round."""

    def format_(number: int) -> str:
        if not 0 < number <= 100 * len(letters):
            return ""
        rounds, index = divmod(number - 1, len(letters))
        return letters[index] * (rounds + 1)

    return format_


def _cyclic(*rings: str) -> Format:
    """Characters of rings that turn together; 甲子, 乙丑 with two of them."""
    return lambda n: "".join(ring[(n - 1) % len(ring)] for ring in rings) if n > 0 else ""


def _digits(digits: str) -> Format:
    """Digit by digit: 一〇 for 10."""
    return lambda n: "".join(digits[int(d)] for d in str(n)) if n >= 0 else ""


def _counted(digits: str, units: str, zero: str, *, one_ten: bool, one_unit: bool = True) -> Format:
    """In words up to 9999.

    Args:
        digits: for 0 to 9.
        units: for ten, hundred and thousand.
        zero: written for a gap, as in 一百零一; "" where gaps are not spoken.
        one_ten: 壹拾 and not 拾 for a number that begins with ten.
        one_unit: 一百 and not 百.
    """

    def format_(number: int) -> str:
        if not 0 <= number <= _LARGEST:
            return ""
        if number == 0:
            return digits[0]
        words, gap = "", False
        for power in (3, 2, 1, 0):
            digit = number // 10**power % 10
            if digit == 0:
                gap = bool(words)
                continue
            bare = power > 0 and digit == 1 and (not one_unit or (power == 1 and not words and not one_ten))
            words += (zero if gap else "") + ("" if bare else digits[digit])
            words += units[power - 1] if power else ""
            gap = False
        return words

    return format_


def _counted_to_99(digits: str, ten: str) -> Format:
    """In words below a hundred, digit by digit from there on: 九十九, 一〇〇."""
    words, figures = _counted(digits, f"{ten}百千", "", one_ten=False), _digits(digits)
    return lambda n: words(n) if n < 100 else figures(n)


def _roman(number: int) -> str:
    if not 0 < number <= _LARGEST:
        return ""
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 14
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _full_width(number: int) -> str:
    return str(number).translate({ord("0") + d: ord("０") + d for d in range(10)})


_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_THOUSAND = _counted("零一二三四五六七八九", "十百千", "零", one_ten=False)

_FORMATS: dict[str, Format] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _listed(_CIRCLED),
    "decimalEnclosedCircleChinese": _listed(_CIRCLED),
    "decimalEnclosedFullstop": _listed("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "decimalEnclosedParen": _listed("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "numberInDash": lambda n: f"- {n} -",
    "ordinal": _ordinal,
    "hex": lambda n: f"{n:X}",
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": _repeated(_LATIN.upper()),
    "lowerLetter": _repeated(_LATIN),
    "chicago": _repeated("*†‡§"),
    "chineseCounting": _counted_to_99(_DIGITS, "十"),
    "chineseCountingThousand": _THOUSAND,
    "chineseLegalSimplified": _counted("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "零", one_ten=True),
    "ideographDigital": _digits(_DIGITS),
    "ideographEnclosedCircle": _listed("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "ideographLegalTraditional": _counted("零壹貳參肆伍陸柒捌玖", "拾佰仟", "零", one_ten=True),
    "ideographTraditional": _cyclic(_STEMS),
    "ideographZodiac": _cyclic(_BRANCHES),
    "ideographZodiacTraditional": _cyclic(_STEMS, _BRANCHES),
    "taiwaneseCounting": _counted_to_99("○一二三四五六七八九", "十"),
    "taiwaneseCountingThousand": _THOUSAND,
    "taiwaneseDigital": _digits("○一二三四五六七八九"),
    "japaneseCounting": _counted(_DIGITS, "十百千", "", one_ten=False, one_unit=False),
    "japaneseDigitalTenThousand": _digits(_DIGITS),
    "japaneseLegal": _counted("零壱弐参四伍六七八九", "拾百阡", "", one_ten=True),
    "koreanCounting": _counted("영일이삼사오육칠팔구", "십백천", "", one_ten=False, one_unit=False),
    "koreanDigital": _digits("영일이삼사오육칠팔구"),
    "koreanDigital2": _digits("零一二三四五六七八九"),
    "ganada": _cyclic("가나다라마바사아자차카타파하"),
    "chosung": _cyclic("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
    "aiueo": _cyclic("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ"),
    "aiueoFullWidth": _cyclic(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
    ),
}
