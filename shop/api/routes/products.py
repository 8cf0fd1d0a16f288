"""Looking around."""

from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from catalogue.category_tree import CategoryTree
from catalogue.models import Category
from catalogue.search.filters import MOST_CHOSEN, Filters, Option
from catalogue.search.results import matching, search_for, sorted_by
from catalogue.stock import stock_of
from shop.api.problems import missing, wrong
from shop.api.product_schemas import Availabilities, CategoryOut, Product, Products, Summary
from shop.api.schemas import Availability, Json, MoneyText, PageQuery, Sku, Text, page_of
from shop.storefront import product_page

router = Router(tags=["Products"])

MOST_SKUS = 100
OptionText = Annotated[str, Field(max_length=255, pattern=r"^[^\x00:]+:[^\x00]+$")]


class Wanted(PageQuery):
    """What a list of products is narrowed to."""

    q: str = Field("", max_length=200, pattern=r"^[^\x00]*$", description="words to search for")
    category: Text = Field("", description="slug of a category, with all within it")
    price_min: MoneyText | None = None
    price_max: MoneyText | None = None
    available: bool = Field(False, description="only what can be bought now")
    option: list[OptionText] = Field(
        default_factory=list, max_length=MOST_CHOSEN, description="such as Size:S; repeat for more"
    )
    sort: Literal["relevance", "newest", "price", "-price", "name"] | None = Field(
        None, description="relevance when searching, else newest"
    )

    @property
    def filters(self) -> Filters:
        """Return the pages' filters. Raises `Refusal` for a category that there is not."""
        return Filters(
            query=self.q,
            category=_category(self.category) if self.category else None,
            price_min=Decimal(self.price_min) if self.price_min else None,
            price_max=Decimal(self.price_max) if self.price_max else None,
            available=self.available,
            options=tuple(Option(*text.split(":", 1)) for text in self.option),
            sort=self.sort or ("relevance" if self.q else "newest"),
        )


class Skus(Schema):
    """Variants that are asked about."""

    sku: list[Sku] = Field(
        min_length=1,
        max_length=MOST_SKUS,
        examples=[["MUG-BLUE"]],
        description="repeat for more",
    )


@router.get("/products", response=Products, operation_id="listProducts")
def products(request: HttpRequest, wanted: Query[Wanted]) -> Json:
    """List products on sale, searched and narrowed down, page by page."""
    filters = wanted.filters
    search = search_for(filters.query)
    found = sorted_by(matching(filters, search).defer("words"), filters.sort, search)
    listings, place = page_of(found, wanted)
    return {"products": [Summary.of(listing) for listing in listings], **place}


@router.get("/products/{handle}", response=Product, operation_id="getProduct")
def product(request: HttpRequest, handle: Text) -> Product:
    """Show one product with all its variants."""
    page = product_page.load(handle)
    if page is None:
        raise missing(_("There is no such product."))
    return Product.of(page)


@router.get("/categories", response=list[CategoryOut], operation_id="listCategories")
def categories(request: HttpRequest) -> list[Json]:
    """List the categories of the shop, each with the one it stands in."""
    categories = CategoryTree().all
    slugs = {category.pk: category.slug for category in categories}
    return [
        {"slug": each.slug, "name": each.name, "parent": slugs.get(each.parent_id or 0)}
        for each in categories
    ]


@router.get("/availability", response=Availabilities, operation_id="getAvailability")
def availability(request: HttpRequest, wanted: Query[Skus]) -> Json:
    """Show the stock that is known of up to 100 variants."""
    stocks = stock_of(wanted.sku)
    return {"availability": {each: Availability.of(stock) for each, stock in stocks.items()}}


def _category(slug: str) -> Category:
    found = CategoryTree().called(slug)
    if found is None:
        raise wrong({"category": [_("There is no such category.")]})
    return found
