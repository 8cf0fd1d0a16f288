"""A shop whose every text is marked, and pages that are read for what is not."""

import pytest
from django.utils import translation

from shop.storefront import brand
from tests.unit.i18n.marking import mark, marked, unmarked
from tests.unit.search.goods import goods


@pytest.fixture(autouse=True)
def _all_is_marked(monkeypatch):
    """The shop's name, which is the same in every language, is marked by hand."""
    monkeypatch.setattr(brand, "NAME", mark(brand.NAME))
    with marked(), translation.override("en"):
        yield


@pytest.fixture
def reads(client):
    """Opens a page, or sends its form, and wants every text of the answer translated."""

    def read(address: str, form: dict | None = None, status: int = 200, **headers: str):
        send = client.get if form is None else client.post
        page = send(address, form, follow=True, headers=headers)
        assert page.status_code == status, address
        assert unmarked(page.content.decode()) == [], address
        return page

    return read


@pytest.fixture
def mug():
    """A product in two variants, its names marked."""
    return goods(
        mark("Mug"),
        mark("Red"),
        mark("Blue"),
        handle="mug",
        skus=["MUG", "MUG-2"],
        option_names=[mark("Colour")],
        body=f"<p>{mark('For tea.')}</p>",
        vendor=mark("Potter"),
    )
