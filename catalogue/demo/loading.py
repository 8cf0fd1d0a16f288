"""Putting the demo catalogue into the shop."""

from pathlib import Path

from catalogue.models import Category
from catalogue.shopify.importing import import_products
from catalogue.shopify.report import Outcome, Report

PRODUCTS = Path(__file__).with_name("products.csv")

#: The categories in the order in which shoppers see them.
CATEGORIES = (
    "Kitchen & Table",
    "Candles & Scent",
    "Garden & Sill",
    "Paper & Desk",
    "Home & Textiles",
    "Little Ones",
)


def load_demo_catalogue() -> Report:
    """Import those products of the demo catalogue that are not there yet.

    What staff have changed since the last time stays as they left it.
    """
    report = import_products(PRODUCTS, only_new=True)
    if report.products[Outcome.CREATED]:
        for position, name in enumerate(CATEGORIES, start=1):
            Category.objects.filter(name=name).update(position=position)
    return report
