"""Which fonts have the letters of a text, beyond those of Europe's languages."""

import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

#: Files by the word with which Unicode's names of a script's letters begin.
SCRIPTS = {
    "ARABIC": "manimgx_fonts/NotoSansArabic[wght].ttf",
    "ARMENIAN": "manimgx_fonts/NotoSansArmenian[wght].ttf",
    "BENGALI": "manimgx_fonts/NotoSansBengali[wght].ttf",
    "DEVANAGARI": "manimgx_fonts/NotoSansDevanagari[wght].ttf",
    "ETHIOPIC": "manimgx_fonts/NotoSansEthiopic[wght].ttf",
    "GEORGIAN": "manimgx_fonts/NotoSansGeorgian[wght].ttf",
    "GUJARATI": "manimgx_fonts/NotoSansGujarati[wght].ttf",
    "GURMUKHI": "manimgx_fonts/NotoSansGurmukhi[wght].ttf",
    "HANGUL": "pylopdf_fonts_ko/NotoSansKR-Regular.otf",
    "HEBREW": "manimgx_fonts/NotoSansHebrew[wght].ttf",
    "HIRAGANA": "pylopdf_fonts_jp/NotoSansJP-Regular.otf",
    "KANNADA": "manimgx_fonts/NotoSansKannada[wght].ttf",
    "KHMER": "manimgx_fonts/NotoSansKhmer[wght].ttf",
    "LAO": "manimgx_fonts/NotoSansLao[wght].ttf",
    "MALAYALAM": "manimgx_fonts/NotoSansMalayalam[wght].ttf",
    "MYANMAR": "manimgx_fonts/NotoSansMyanmar[wght].ttf",
    "ORIYA": "manimgx_fonts/NotoSansOriya[wght].ttf",
    "SINHALA": "manimgx_fonts/NotoSansSinhala[wght].ttf",
    "TAMIL": "manimgx_fonts/NotoSansTamil[wght].ttf",
    "TELUGU": "manimgx_fonts/NotoSansTelugu[wght].ttf",
    "THAI": "manimgx_fonts/NotoSansThai[wght].ttf",
}
#: Of these, whose letters stand one after the other as they are.
PLAIN = frozenset({"ARMENIAN", "ETHIOPIC", "GEORGIAN", "HANGUL", "HIRAGANA"})
JAPANESE, KOREAN = SCRIPTS["HIRAGANA"], SCRIPTS["HANGUL"]
CHINESE = "pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf"
#: Han letters, and the marks and wide letters that stand among them.
HAN = ("CJK", "IDEOGRAPHIC", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH", "HALFWIDTH", "POSTAL")
#: Whose letters are Latin, Greek or Cyrillic: `LETTERS_FONT` has those the first font lacks.
EUROPE = ("LATIN", "GREEK", "CYRILLIC", "COMBINING", "MODIFIER")
LETTERS_FONT = "manimgx_fonts/NotoSans[wght].ttf"
SIGNS = (
    "manimgx_fonts/NotoSansSymbols[wght].ttf",
    "manimgx_fonts/NotoEmoji[wght].ttf",
    # It has signs that neither of these has, such as a check mark.
    JAPANESE,
)


def fonts_for(letters: set[str], country: str) -> dict[str, Path]:
    """Return the fonts that these letters are looked for in, by name, in that order.

    `country` (ISO 3166-1 alpha-2) decides how Han letters look, which are written otherwise in
    China and Japan.
    """
    needed = dict.fromkeys(
        font
        for word in sorted(set(map(_script, letters)))
        for font in _fonts(word, letters, country)
    )
    return {path.split("/")[1].split("[")[0].lower(): _file(path) for path in needed}


def need_shaping(letters: set[str]) -> bool:
    """Return whether some of them join, change places, carry marks, or run from right to left."""
    return bool(SCRIPTS.keys() & set(map(_script, letters)) - PLAIN)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]


def _fonts(word: str, letters: set[str], country: str) -> Iterator[str]:
    if word in SCRIPTS:
        yield SCRIPTS[word]
    elif word in HAN:
        yield from _han(letters, country)
    elif word in EUROPE:
        yield LETTERS_FONT
    else:
        yield from SIGNS


def _han(letters: set[str], country: str) -> Iterator[str]:
    if country == "JP" or "HIRAGANA" in map(_script, letters):
        yield JAPANESE
    elif country == "KR":
        yield KOREAN
    # It has the most of them.
    yield CHINESE


def _file(path: str) -> Path:
    package, name = path.split("/")
    return Path(str(files(package) / name))
