"""Marks what was translated, and finds what people read and nobody marked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

from django.utils import translation

OPEN, CLOSE, BETWEEN = "⟦", "⟧", "\0"
#: Attributes that people read or hear.
READ = ("alt", "title", "aria-label", "placeholder")
#: Elements whose text is not for people.
UNREAD = ("script", "style", "code")
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")


@contextmanager
def marked() -> Iterator[None]:
    """Within, every translated text stands in brackets."""
    real = translation._trans
    names = ("gettext", "pgettext", "ngettext", "npgettext")
    before = {name: getattr(real, name) for name in names}
    for name, function in before.items():
        setattr(real, name, _marking(function))
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(real, name, function)


def mark(text: str) -> str:
    """A text of the test's own that needs no translation, such as a product's title."""
    return f"{OPEN}{text}{CLOSE}"


def unmarked(html: str) -> list[str]:
    """Texts of a page that were not translated. What says translate="no" need not be."""
    reader = _Reader()
    reader.feed(html)
    # A translated text may hold elements, and so be several texts of the page.
    rests = _outside_of_marks(BETWEEN.join(reader.texts)).split(BETWEEN)
    return [rest.strip() for rest in rests if re.search(r"[^\W\d_]{2}", rest)]


def _marking(function):
    def with_marks(*args, **kwargs):
        text = function(*args, **kwargs)
        # Formats of dates and numbers are no texts.
        return text if not text or re.fullmatch(r"\W?|[A-Z_]+_FORMAT", text) else mark(text)

    return with_marks


def _outside_of_marks(text: str) -> str:
    depth, rest = 0, []
    for character in text:
        depth += (character == OPEN) - (character == CLOSE)
        if depth == 0 and character != CLOSE:
            rest.append(character)
    assert depth == 0, "a translated text was cut off"
    return "".join(rest)


class _Reader(HTMLParser):
    """Collects what a person reads."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[bool] = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        skipped = self._skips or tag in UNREAD or given.get("translate") == "no"
        if not skipped:
            self.texts += [given[name] for name in READ if given.get(name)]
        if not skipped and tag == "meta" and given.get("name") == "description":
            self.texts.append(given.get("content") or "")
        if tag not in VOID:
            self._within.append(skipped)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self._within.pop()

    def handle_endtag(self, tag):
        if tag not in VOID and self._within:
            self._within.pop()

    def handle_data(self, data):
        if not self._skips and data.strip():
            self.texts.append(data)

    @property
    def _skips(self) -> bool:
        return bool(self._within and self._within[-1])
