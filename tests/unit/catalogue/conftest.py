"""Importing rows, each test into a file of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.shopify.drafting import draft_product
from catalogue.shopify.drafts import ProductDraft
from catalogue.shopify.findings import UnsoundProduct
from catalogue.shopify.importing import import_products
from catalogue.shopify.reading import read_rows
from catalogue.shopify.report import Report
from tests.unit.catalogue.files import write


@pytest.fixture
def product_file(tmp_path) -> Path:
    """Name the place of a test's product file."""
    return tmp_path / "products.csv"


@pytest.fixture
def importing(product_file, db) -> Callable[..., Report]:
    """Import a file of these rows."""
    return lambda *rows, **layout: import_products(write(product_file, *rows, **layout))


@pytest.fixture
def drafting(product_file) -> Callable[..., ProductDraft]:
    """The draft of the one product that these rows describe."""
    return lambda *rows, **layout: draft_product(read_rows(write(product_file, *rows, **layout)))


@pytest.fixture
def problems(drafting) -> Callable[..., list[tuple[int, str, str]]]:
    """Return what is wrong with these rows of one product: line, column, reason."""

    def found(*rows, **layout) -> list[tuple[int, str, str]]:
        with pytest.raises(UnsoundProduct) as unsound:
            drafting(*rows, **layout)
        return [(p.line, p.column, p.reason) for p in unsound.value.problems]

    return found
