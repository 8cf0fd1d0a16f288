"""Reading a PDF as a person would copy its text, as far as invoices go."""

import re
import zlib

_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)
_LETTER = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>\n")
#: A font by its number, or a text in the font before it.
_SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


def text_of(pdf: bytes) -> str:
    """Every piece of text, a line each. The file's fonts are in the order of their numbers."""
    streams = [_plain(stream) for stream in _STREAM.findall(pdf)]
    fonts = [_letters(stream) for stream in streams if b"begincmap" in stream]
    pages = [stream for stream in streams if b" Tj" in stream and b"begincmap" not in stream]
    return "\n".join(piece for page in pages for piece in _pieces(page, fonts))


def _plain(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _letters(cmap: bytes) -> dict[int, str]:
    return {int(code, 16): chr(int(letter, 16)) for code, letter in _LETTER.findall(cmap)}


def _pieces(page: bytes, fonts: list[dict[int, str]]):
    letters = fonts[0]
    for font, text in _SHOWN.findall(page):
        if font:
            letters = fonts[int(font) - 1]
        else:
            codes = _ESCAPED.sub(lambda found: _unescaped(found[1]), text)
            pairs = zip(codes[::2], codes[1::2], strict=True)
            yield "".join(letters[256 * high + low] for high, low in pairs)


def _unescaped(letter: bytes) -> bytes:
    return {b"r": b"\r", b"n": b"\n"}.get(letter, letter)
