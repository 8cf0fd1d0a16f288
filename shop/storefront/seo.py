"""What a page tells search engines and those who share its address."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from catalogue.markup import words
from catalogue.models import Category, Variant
from shop.storefront import brand
from shop.storefront.product_page import ProductPage

Data = dict[str, Any]

#: What we call an option and what schema.org calls it.
VARIES_BY = {
    "size": "https://schema.org/size",
    "color": "https://schema.org/color",
    "colour": "https://schema.org/color",
    "material": "https://schema.org/material",
    "pattern": "https://schema.org/pattern",
}
AVAILABILITY = {
    "in-stock": "https://schema.org/InStock",
    "few": "https://schema.org/LimitedAvailability",
    "back-order": "https://schema.org/BackOrder",
    "sold-out": "https://schema.org/SoldOut",
}

#: A product's number in trade, as it stands below its bars.
GTIN = re.compile(r"\d{8}|\d{12,14}", re.ASCII)

#: Characters of a description that are shown by those who show one.
DESCRIPTION = 160


@dataclass(frozen=True)
class Seo:
    """A page that may be found. `path` is the one address under which it is to be known.

    A page that is handed none of these is not for search engines.
    """

    path: str
    title: str = ""
    description: str = ""
    picture: str = ""
    kind: str = "website"
    data: list[Data] = field(default_factory=list)

    @property
    def address(self) -> str:
        return absolute(self.path)

    @property
    def picture_address(self) -> str:
        return absolute(self.picture) if self.picture else ""

    @property
    def translations(self) -> list[tuple[str, str]]:
        """The page in each language, and for whoever reads none of them."""
        each = [(code, absolute(translate_url(self.path, code))) for code, _ in settings.LANGUAGES]
        return [*each, ("x-default", absolute(translate_url(self.path, settings.LANGUAGE_CODE)))]


def absolute(path: str) -> str:
    """Return the official address, whatever name the request came by."""
    return urljoin(f"{settings.SHOP_URL}/", path)


def website() -> Data:
    """Return the shop as a whole, with its search."""
    found = f"{absolute(reverse('storefront:products'))}?q={{search_term_string}}"
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": brand.NAME,
        "url": absolute(reverse("storefront:home")),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": found},
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(path: Iterable[Category], here: str = "") -> Data:
    """Return the way from the home page down to the page itself, which needs no address."""
    steps = [(_("Home"), reverse("storefront:home"))]
    steps += [(each.name, reverse("storefront:category", args=[each.slug])) for each in path]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": absolute(address)}
        for place, (name, address) in enumerate(steps, start=1)
    ]
    if here:
        items.append({"@type": "ListItem", "position": len(items) + 1, "name": here})
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": items,
    }


def product(page: ProductPage) -> Data:
    """Return a product: by itself, or as the group of its variants."""
    common = dict(_about(page))
    variants = list(page.product.variants.all())
    if len(variants) == 1:
        return common | _sold(page, variants[0])
    return common | {
        "@type": "ProductGroup",
        "productGroupID": page.product.handle,
        "url": absolute(reverse("storefront:product", args=[page.product.handle])),
        "variesBy": [
            VARIES_BY[name.casefold()]
            for name in page.product.option_names
            if name.casefold() in VARIES_BY
        ],
        "hasVariant": [_sold(page, variant) for variant in variants],
    }


def described(page: ProductPage) -> str:
    """Describe the product, in a sentence or two without markup."""
    text = page.product.seo_description or plain(page.product.body) or page.product.title
    return Truncator(text).chars(DESCRIPTION)


def plain(markup: str) -> str:
    """Return the text of some HTML, in one line."""
    return " ".join(html.unescape(words(markup)).split())


def _about(page: ProductPage) -> Iterator[tuple[str, Any]]:
    yield "@context", "https://schema.org"
    yield "name", page.product.title
    yield "description", described(page)
    if page.product.vendor:
        yield "brand", {"@type": "Brand", "name": page.product.vendor}


def _sold(page: ProductPage, variant: Variant) -> Data:
    path = reverse("storefront:variant", args=[page.product.handle, variant.sku])
    kind = page.stocks[variant.sku].kind
    return {
        "@type": "Product",
        "name": page.title_of(variant),
        "sku": variant.sku,
        **_measured(variant),
        "image": [absolute(picture.url) for picture in page.pictures_of(variant)],
        "offers": {
            "@type": "Offer",
            "url": absolute(path),
            "price": str(variant.current_price.amount),
            "priceCurrency": str(variant.current_price.currency),
            "itemCondition": "https://schema.org/NewCondition",
            **({"availability": AVAILABILITY[kind]} if kind in AVAILABILITY else {}),
        },
    }


def _measured(variant: Variant) -> Data:
    """Return its number in trade and its weight, where they are known."""
    gtin = {"gtin": variant.barcode} if GTIN.fullmatch(variant.barcode) else {}
    weight = {"@type": "QuantitativeValue", "value": variant.grams, "unitCode": "GRM"}
    return {**gtin, **({"weight": weight} if variant.grams else {})}
