"""What stands on a page, as far as rules about all pages ask for it."""

from html.parser import HTMLParser

Attributes = dict[str, str]


class Markup(HTMLParser):
    """The tags of a page in order; `own` are those of the console, without the admin's around."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.own: list[tuple[str, Attributes]] = []
        self.below_heading: list[Attributes] = []
        self._is_own = self._heading_ended = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = tag, {name: value or "" for name, value in attributes}
        self.tags.append(found)
        self._is_own |= found[1].get("id") == "content"
        if self._is_own:
            self.own.append(found)
        if self._heading_ended:
            self.below_heading.append(found[1])
            self._heading_ended = False

    def handle_endtag(self, tag: str) -> None:
        self._heading_ended = tag == "h1"
        self._is_own &= tag != "main"

    def count(self, tag: str) -> int:
        return sum(each == tag for each, _ in self.tags)

    def has(self, **wanted: str) -> bool:
        """Return whether an element has these attributes."""
        return any(wanted.items() <= attributes.items() for _, attributes in self.tags)

    def inline(self) -> list[str]:
        """Return what the console has of scripts and styles within its pages."""
        return [
            f"{tag} {name}".strip()
            for tag, attributes in self.own
            for name in ["", *attributes]
            if name == "style" or name.startswith("on") or (not name and _is_code(tag, attributes))
        ]


def _is_code(tag: str, attributes: Attributes) -> bool:
    return tag == "style" or (tag == "script" and "src" not in attributes)


def lacks(page: Markup) -> list[str]:
    """Return what every page has, of which this one does not."""
    wanted = {
        "one h1": page.count("h1") == 1,
        "help below it": any(each.get("class") == "help" for each in page.below_heading),
        "no class that a theme draws in": not any(
            "chart" in c.get("class", "").split() for _, c in page.own
        ),
        "the admin's menu": page.has(id="nav-sidebar"),
        "the tabs": page.has(**{"aria-label": "Console"}),
        "its tab marked": page.has(**{"aria-current": "page"})
        or page.has(**{"aria-current": "true"}),
        "one main part": page.count("main") == 1,
        "nothing inline": page.inline() == [],
        "one htmx": sum("htmx" in each.get("src", "") for tag, each in page.tags if tag == "script")
        == 1,
    }
    return [name for name, is_there in wanted.items() if not is_there]
