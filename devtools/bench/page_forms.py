"""Opens the shop's pages without a browser, fills in their forms and sends them."""

from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener


class _Stay(HTTPRedirectHandler):
    """The answer to a form is what counts, not the page it leads to."""

    def redirect_request(self, *args: Any) -> None:
        return None


class PageForms:
    """The forms of a visitor with cookies of their own."""

    def __init__(self, shop: str) -> None:
        self._shop = shop
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), _Stay)

    def form(self, path: str, css_class: str) -> dict[str, str]:
        """Return the fields of a page's form with their values."""
        with self._opener.open(urljoin(self._shop, path)) as answer:
            reader = _FormReader(css_class)
            reader.feed(answer.read().decode())
        return reader.fields

    def send(self, path: str, fields: dict[str, str]) -> str:
        """Send a form; returns the address it leads to. RuntimeError if it leads nowhere."""
        try:
            self._opener.open(urljoin(self._shop, path), urlencode(fields).encode()).close()
        except HTTPError as answer:
            answer.close()
            if answer.code == 302:
                return answer.headers["Location"]
            raise RuntimeError(f"{path} answers {answer.code}") from answer
        raise RuntimeError(f"{path} shows its form again")


class _FormReader(HTMLParser):
    """Reads what a browser would send of the first form of a class, but for its buttons."""

    def __init__(self, css_class: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._class, self._inside, self._select = css_class, False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("class") == self._class and not self.fields
        elif self._inside:
            self._read(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False

    def _read(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = given.get("value", "")
        elif tag == "input" and (kind not in ("radio", "checkbox") or "checked" in given):
            self.fields[given.get("name", "")] = given.get("value", "")
