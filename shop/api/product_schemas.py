"""Products as the API shows them."""

from django.urls import reverse
from djmoney.money import Money
from ninja import Field, Schema

from catalogue.markup import clean
from catalogue.models import Variant as CatalogueVariant
from catalogue.search.models import Listing
from shop.api.schemas import Amount, Availability, Paged
from shop.storefront import product_page
from shop.storefront.seo import absolute


class Summary(Schema):
    """A product in a list."""

    handle: str = Field(examples=["stoneware-mug"], description="its name in addresses")
    title: str = Field(examples=["Stoneware mug"])
    price: Amount = Field(description="of its cheapest variant")
    highest_price: Amount
    compare_at_price: Amount | None = Field(description="former price, where it is reduced")
    availability: Availability
    picture: str | None = Field(description="address of a picture")
    url: str = Field(description="its page")

    @classmethod
    def of(cls, listing: Listing) -> "Summary":
        before = listing.compare_at_price
        return cls(
            handle=listing.handle,
            title=listing.title,
            price=Amount.of(listing.current_price),
            highest_price=Amount.of(Money(listing.price_max, listing.currency)),
            compare_at_price=Amount.of(before) if before else None,
            availability=Availability.of(listing.stock),
            picture=absolute(listing.picture.url) if listing.picture else None,
            url=_page_of(listing.handle),
        )


class Products(Paged):
    """A page of a list of products."""

    products: list[Summary]


class Variant(Schema):
    """A product in one choice of its options: what is put into a cart."""

    sku: str = Field(examples=["MUG-BLUE"])
    title: str = Field(examples=["Stoneware mug, blue"])
    options: dict[str, str] = Field(examples=[{"Colour": "blue"}])
    price: Amount
    compare_at_price: Amount | None
    availability: Availability
    url: str

    @classmethod
    def of(cls, page: product_page.ProductPage, variant: CatalogueVariant) -> "Variant":
        before = variant.compare_at_price
        names, values = page.product.option_names, variant.option_values
        return cls(
            sku=variant.sku,
            title=page.title_of(variant),
            options=dict(zip(names, values, strict=False)),
            price=Amount.of(variant.current_price),
            compare_at_price=Amount.of(before) if before else None,
            availability=Availability.of(page.stocks[variant.sku]),
            url=_page_of(page.product.handle, variant.sku),
        )


class Product(Schema):
    """A product with everything there is to know."""

    handle: str
    title: str
    description: str = Field(description="HTML, cleaned")
    vendor: str
    category: str | None = Field(description="slug of its category")
    pictures: list[str] = Field(description="addresses of its pictures")
    variants: list[Variant]
    url: str

    @classmethod
    def of(cls, page: product_page.ProductPage) -> "Product":
        product = page.product
        return cls(
            handle=product.handle,
            title=product.title,
            description=clean(product.body),
            vendor=product.vendor,
            category=product.category.slug if product.category else None,
            pictures=[absolute(image.url) for image in product.images.all()],
            variants=[Variant.of(page, variant) for variant in product.variants.all()],
            url=_page_of(product.handle),
        )


class CategoryOut(Schema):
    """A shelf of the shop."""

    slug: str = Field(examples=["kitchen"])
    name: str = Field(examples=["Kitchen"])
    parent: str | None = Field(description="slug of the one it stands in")


class Availabilities(Schema):
    """Whether variants can be bought, by SKU; one that is not known is `unknown`."""

    availability: dict[str, Availability]


def _page_of(handle: str, sku: str = "") -> str:
    if sku:
        return absolute(reverse("storefront:variant", args=[handle, sku]))
    return absolute(reverse("storefront:product", args=[handle]))
