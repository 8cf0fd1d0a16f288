"""All pages that may be found, for search engines. A variant's page is known by its product's."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from catalogue.models import Category
from catalogue.search.models import Listing


class ShopSitemap(Sitemap):
    """Pages under the shop's official address, in each of its languages."""

    i18n = True
    alternates = True
    x_default = True
    #: Pages to a file, in every language: a file is made anew each time it is asked for.
    limit = 5000

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SHOP_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SHOP_URL).scheme


class Places(ShopSitemap):
    """The home page and the list of everything."""

    def items(self) -> list[str]:
        return ["storefront:home", "storefront:products"]

    def location(self, item: Any) -> str:
        return reverse(item)


class Categories(ShopSitemap):
    def items(self) -> QuerySet[Category]:
        return Category.objects.order_by("pk")

    def location(self, item: Any) -> str:
        return reverse("storefront:category", args=[item.slug])


class Products(ShopSitemap):
    def items(self) -> QuerySet[Listing]:
        return Listing.objects.order_by("product_id").only("handle")

    def location(self, item: Any) -> str:
        return reverse("storefront:product", args=[item.handle])


SITEMAPS = {"places": Places, "categories": Categories, "products": Products}
