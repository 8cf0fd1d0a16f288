"""Goods to search for."""

from djmoney.money import Money

from catalogue.models import Availability, Category, Product, Variant


def goods(title: str, *options: str, price: float = 10, stock: int | None = None, **fields):
    """A product with a variant for each of the options, written as `Red/S`; one without any."""
    handle = fields.pop("handle", title.lower().replace(" ", "-"))
    skus = fields.pop("skus", None)
    product = Product.objects.create(handle=handle, title=title, **fields)
    for number, option in enumerate(options or ("",)):
        variant = Variant.objects.create(
            product=product,
            sku=skus[number] if skus else f"{handle}-{number}".upper(),
            option_values=option.split("/") if option else [],
            price=Money(price + number, "EUR"),
        )
        if stock is not None:
            in_stock(variant.sku, stock)
    return product


def in_stock(sku: str, units: int) -> None:
    Availability.objects.update_or_create(sku=sku, defaults={"available": units, "revision": 1})


def category(name: str, parent: Category | None = None) -> Category:
    return Category.objects.create(name=name, slug=name.lower(), parent=parent)
