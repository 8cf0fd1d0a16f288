"""Writing the lines that lists and searches read.

A writer changes its rows first and then comes here, where the products are locked: of two
that change the same product side by side, the second sees what the first has done.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import TypeVar

from django.db import connection, transaction

from catalogue.models import Product, Variant
from catalogue.search.models import Listing, Word

Thing = TypeVar("Thing")

#: Products to a transaction when all are written anew.
BATCH = 1000

LOCK = "select id from catalogue_product where id = any(%s) order by id for no key update"
WRITE = files("catalogue.search").joinpath("write_listings.sql").read_text(encoding="utf-8")
STOCK = files("catalogue.search").joinpath("write_stock.sql").read_text(encoding="utf-8")
GONE = "delete from search_listing where product_id = any(%s) and product_id <> all(%s)"
WORDS = """
    insert into search_word (word)
    select distinct lexeme from search_listing, unnest(words)
    where product_id = any(%s) and weights <> '{D}' and length(lexeme) > 2
    order by lexeme
    on conflict do nothing
"""


@transaction.atomic
def index(product_ids: Iterable[int]) -> None:
    """Make the lines of these products what the products are now. Five statements."""
    ids = sorted(set(product_ids))
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [ids])
        cursor.execute(WRITE, [ids])
        written = [product_id for (product_id,) in cursor.fetchall()]
        cursor.execute(GONE, [ids, written])
        cursor.execute(WORDS, [written])


@transaction.atomic
def index_stock(skus: Iterable[str]) -> None:
    """Note what is known now of the stock of these SKUs. Three statements."""
    found = Variant.objects.filter(sku__in=list(skus)).values_list("product_id", flat=True)
    if ids := sorted(set(found)):
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [ids])
            cursor.execute(STOCK, [ids])


def reindex() -> Iterator[int]:
    """Write every line anew, some products at a time; says how many after each time."""
    Word.objects.all().delete()
    products = Product.objects.order_by("pk").values_list("pk", flat=True)
    Listing.objects.exclude(product_id__in=products).delete()
    for batch in batches(list(products), BATCH):
        index(batch)
        yield len(batch)


def write_anew() -> int:
    """Write every line anew; returns how many."""
    return sum(reindex())


def batches(things: list[Thing], size: int) -> Iterator[list[Thing]]:
    """Return the things, at most `size` at a time."""
    return (things[start : start + size] for start in range(0, len(things), size))
