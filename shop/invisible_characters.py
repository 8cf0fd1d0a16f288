"""Removes invisible characters from what people type, in every form and API request."""

import unicodedata
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.deprecation import MiddlewareMixin

#: Letters without a shape, in scripts of their own: names are made of them to look empty.
BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " ")
#: Marks without a shape that are no format characters.
SHAPELESS = "\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f"
#: Joiners: they shape letters of Arabic and India's scripts, and emoji.
JOINERS = "\u200c\u200d"
#: The last letter of scripts in which nothing joins, but for emoji: Latin, Greek, Cyrillic, Hebrew.
LETTERS = "\u05ff"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def without_invisible(text: str) -> str:
    """Return the text in Unicode's composed form, without invisible characters.

    Joiners stay where they join something.
    """
    if text.isascii():
        return text
    shown = [letter for letter in text.translate(BLANK) if letter in JOINERS or not _unseen(letter)]
    plain = unicodedata.normalize("NFC", "".join(shown))
    return unicodedata.normalize("NFC", "".join(_joined(plain)))


def _unseen(letter: str) -> bool:
    return letter in SHAPELESS or unicodedata.category(letter) == "Cf"


def _joined(text: str) -> Iterator[str]:
    """Drop joiners that do not stand between two letters that may join."""
    before = ""
    for letter, after in zip_longest(text, text[1:], fillvalue=""):
        if letter not in JOINERS or (before > LETTERS and after > LETTERS and after not in JOINERS):
            before = letter
            yield letter


def json_without_invisible(sent: Any) -> Any:
    """Return JSON with every text in it `without_invisible`."""
    if isinstance(sent, str):
        return without_invisible(sent)
    if isinstance(sent, list):
        return [json_without_invisible(each) for each in sent]
    if isinstance(sent, dict):
        return {name: json_without_invisible(each) for name, each in sent.items()}
    return sent


class RemoveInvisibleCharacters(MiddlewareMixin):
    """Middleware that cleans form fields and query parameters, except passwords."""

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> None:
        request.GET = _seen(request.GET)  # type: ignore[assignment]
        # Who reads the body by themselves, as the API does, can do so only if nobody has.
        reads_forms = not getattr(view, "csrf_exempt", False)
        if request.method == "POST" and reads_forms and request.content_type in FORMS:
            request.POST = _seen(request.POST)  # type: ignore[assignment]


def _seen(data: QueryDict) -> QueryDict:
    seen = data.copy()
    for name, values in data.lists():
        if "password" not in name:
            seen.setlist(name, [without_invisible(value) for value in values])
    seen._mutable = False
    return seen
