"""A large catalogue to browse: made up, the same each time."""

from decimal import Decimal
from itertools import cycle, islice, product
from random import Random

from django.db import transaction
from djmoney.money import Money

from catalogue.models import Availability, Category, Image, Product, Variant
from catalogue.search.indexing import batches
from catalogue.signals import products_written

ROOMS, SHELVES, MADE_OF, THINGS, LOOKS, COLOURS, SIZES = (
    line.split()
    for line in """
Kitchen Garden Bathroom Bedroom Office Nursery Hallway Workshop
Storage Lighting Textiles Tools Decoration Tableware
Oak Ash Walnut Beech Linen Cotton Wool Felt Brass Copper Steel Iron Glass Clay Porcelain Rattan
Basket Bench Blanket Board Bottle Bowl Broom Brush Bucket Candle Carafe Chest Clock Cup Cushion \
Dish Drawer Frame Hook Jar Jug Kettle Lamp Mirror Mug Napkin Pan Plate Pot Rack Rug Shelf Stool \
Table Teapot Towel Tray Trowel Vase Wreath
Plain Striped Speckled Rustic Slender Round Square Tall Low Folding Painted Woven Carved Old
Sand Moss Sky Rose Slate Cream Amber Plum Ink Snow
Small Medium Large
""".strip().splitlines()
)

#: Variants of a product, in turn: 50 for 12 products.
VARIANTS = (1, 3, 3, 6, 1, 6, 3, 9, 3, 6, 6, 3)
#: Products to a transaction.
BATCH = 1000


def fill(variants: int) -> None:
    """Put about so many variants into an empty catalogue, with stock for most of them."""
    shelves = _shelves()
    names = [f"{look} {of} {thing}" for look, of, thing in product(LOOKS, MADE_OF, THINGS)]
    Random(1).shuffle(names)
    counts = islice(cycle(VARIANTS), variants * len(VARIANTS) // sum(VARIANTS))
    numbered = enumerate(zip(cycle(names), counts))
    for batch in batches(list(numbered), BATCH):
        _put(batch, shelves)


def _shelves() -> list[Category]:
    found = []
    for room in ROOMS:
        above = Category.objects.create(slug=room.lower(), name=room)
        for shelf in SHELVES:
            slug = f"{room}-{shelf}".lower()
            found.append(Category.objects.create(slug=slug, name=shelf, parent=above))
    return found


@transaction.atomic
def _put(batch: list, shelves: list[Category]) -> None:
    products = [_product(number, name, shelves) for number, (name, _) in batch]
    Product.objects.bulk_create(products)
    Image.objects.bulk_create(
        Image(product=each, src=f"https://pictures.example/{each.handle}.jpg") for each in products
    )
    variants = [
        variant
        for each, (number, (_, count)) in zip(products, batch, strict=True)
        for variant in _variants(each, number, count)
    ]
    Variant.objects.bulk_create(variants)
    Availability.objects.bulk_create(_stock(variant) for variant in variants)
    products_written.send(sender=None, ids=[each.pk for each in products])


def _product(number: int, name: str, shelves: list[Category]) -> Product:
    text = (
        f"<p>A {name.lower()} for every day. {' '.join(THINGS[number % 40 :][:5])} go with it.</p>"
    )
    return Product(
        handle=f"{name.lower().replace(' ', '-')}-{number}",
        title=name,
        body=text * 4,
        vendor=f"Maker {number % 80}",
        category=shelves[number % len(shelves)],
        option_names=["Colour", "Size"],
    )


def _variants(of: Product, number: int, count: int) -> list[Variant]:
    choices = list(product(COLOURS[number % 7 :][:3], SIZES))[:count]
    return [
        Variant(
            product=of,
            sku=f"{number}-{colour}-{size}",
            option_values=[colour, size],
            price=Money(Decimal(5 + number % 90) + place, "EUR"),
            position=place,
        )
        for place, (colour, size) in enumerate(choices)
    ]


def _stock(variant: Variant) -> Availability:
    units = Random(variant.sku).choice((0, 2, 10, 40))
    return Availability(sku=variant.sku, available=units, revision=1)
