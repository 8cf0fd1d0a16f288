"""What a shopper asked for, as the address of the page says it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Category

PRICE_WRONG = gettext_lazy("Enter an amount such as 12.50, not below 0. It was left out.")

SORTS: Mapping[str, str | Promise] = {
    "relevance": gettext_lazy("Best match"),
    "newest": gettext_lazy("Newest"),
    "price": gettext_lazy("Price, lowest first"),
    "-price": gettext_lazy("Price, highest first"),
    "name": gettext_lazy("Name, A to Z"),
}

#: What an address of a list may say once.
ONCE = ("q", "category", "price_min", "price_max", "available", "sort", "page")
#: Nobody chooses more values of options than that, and each costs time.
MOST_CHOSEN = 20
#: Characters of one part; more are no word, name or amount of anything.
LONGEST = 300


@dataclass(frozen=True)
class Option:
    """A value of an option, such as `Size:S`."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}:{self.value}"


class WordsAndPrices(forms.Form):
    """Reads the parts of the address that are text or numbers."""

    q = forms.CharField(max_length=200, required=False)
    price_min = forms.DecimalField(min_value=0, max_digits=12, required=False)
    price_max = forms.DecimalField(min_value=0, max_digits=12, required=False)


@dataclass(frozen=True)
class Filters:
    """All that narrows a list down. `notes` says what of the address was not understood."""

    query: str = ""
    category: Category | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    available: bool = False
    options: tuple[Option, ...] = ()
    sort: str = "newest"
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def count(self) -> int:
        """Count what narrows the list besides words and category."""
        prices = [each for each in (self.price_min, self.price_max) if each is not None]
        return len(prices) + len(self.options) + self.available

    def by_name(self) -> dict[str, list[Option]]:
        """Return the values chosen, by the option they are of."""
        chosen: dict[str, list[Option]] = {}
        for option in self.options:
            chosen.setdefault(option.name, []).append(option)
        return chosen

    def without_option(self, name: str) -> "Filters":
        """Return the same, whatever the value of that option."""
        return replace(self, options=tuple(o for o in self.options if o.name != name))


def understood(address: QueryDict) -> QueryDict:
    """Return the parts of an address that a list knows, of each as much as somebody may mean.

    All links of a page are made of it: what else was sent is not said again by each of them.
    """
    kept = QueryDict(mutable=True)
    for name in ONCE:
        if name in address:
            kept[name] = str(address[name])[:LONGEST]
    chosen = dict.fromkeys(text for text in address.getlist("option") if len(text) <= LONGEST)
    if chosen:
        kept.setlist("option", list(chosen)[:MOST_CHOSEN])
    return kept


def read(address: QueryDict, categories: Mapping[str, Category]) -> Filters:
    """Return what the part of an address after the question mark asks for.

    What makes no sense is left out, and said in the notes; nothing is refused.
    """
    too_many = len(address.getlist("option")) > MOST_CHOSEN
    address = understood(address)
    form = WordsAndPrices(address)
    form.is_valid()
    text = form.cleaned_data
    category = categories.get(address.get("category", ""))
    notes = [*_notes_on(form), *_note_on_category(address, category)]
    if too_many:
        notes.append(_("Only the first %(most)s choices count.") % {"most": MOST_CHOSEN})
    low, high = text.get("price_min"), text.get("price_max")
    if low is not None and high is not None and low > high:
        low, high = high, low
        notes.append(_("The lower price was above the upper one: they changed places."))
    return Filters(
        query=text.get("q", ""),
        category=category,
        price_min=low,
        price_max=high,
        available=address.get("available") == "1",
        options=tuple(_options(address.getlist("option"))),
        sort=_sort(address.get("sort", ""), bool(text.get("q"))),
        notes=tuple(notes),
    )


def _notes_on(form: WordsAndPrices) -> Iterator[str]:
    labels = {"q": _("Search"), "price_min": _("Price from"), "price_max": _("Price to")}
    for name in form.errors:
        wrong = _("This is too long to search for.") if name == "q" else str(PRICE_WRONG)
        yield f"{labels[name]}: {wrong}"


def _note_on_category(address: QueryDict, category: Category | None) -> Iterator[str]:
    if address.get("category") and category is None:
        yield _("There is no such category here: these are products of all categories.")


def _options(given: list[str]) -> Iterator[Option]:
    """Yield the options chosen; a text that names no option and value is none."""
    for text in given:
        name, colon, value = text.partition(":")
        if name and colon and value and "\0" not in text:
            yield Option(name, value)


def _sort(wanted: str, searching: bool) -> str:
    if wanted in SORTS and (searching or wanted != "relevance"):
        return wanted
    return "relevance" if searching else "newest"
