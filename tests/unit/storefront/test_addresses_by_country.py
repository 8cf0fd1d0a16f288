"""An address in any country of the form, from what is typed to everywhere it is printed."""

import html
from uuid import UUID

import pytest
from django.utils.translation import override

from billing.invoices import content
from eventbus.testing import emitted
from notifications.templatetags.mails import address_lines
from orders.events import AREAS_BY_CODE, Address, OrderPlaced
from shipping.models import SandboxParcel
from shipping.sandbox import SandboxCarrier
from shop.backoffice.order import overview_of
from shop.checkout.addresses import layout_of, region_choices
from shop.checkout.delivery import COUNTRIES
from shop.checkout.postcodes import normal_postcode
from shop.checkout.regions import regions_of
from shop.storefront.forms import AddressForm
from tests.unit.storefront.conftest import filled_in, held, put
from tests.unit.storefront.facts import page_of

pytestmark = pytest.mark.django_db

CODES = [code for code, _name in COUNTRIES]
TYPED = {"name": "Ada Lovelace", "line1": "1 Way", "line2": "Flat 2", "city": "Little Town"}


def region_of_the_example(country: str) -> str:
    """The first region that has the country's example of a postcode."""
    example = layout_of(country).postcode_example
    fits = [r for r in regions_of(country) if normal_postcode(country, r.code, example)]
    return fits[0].code if fits else ""


def everywhere(order_id: UUID, to: Address, client) -> dict[str, str]:
    """Return what is printed of an address, by where."""
    SandboxCarrier().hand_over(order_id, to, [])
    return {
        "label": "\n".join(SandboxParcel.objects.get().label["written"]),
        "mail": "\n".join(address_lines(to)),
        "invoice": "\n".join(content._address(to)),
        "page": html.unescape(client.get(page_of(order_id)).content.decode()),
        "staff": "\n".join(overview_of(order_id).address),
        "api": "\n".join(client.get(f"/api/orders/{order_id}").json()["ship_to"]["written"]),
    }


@pytest.mark.parametrize("country", CODES)
def test_all_that_is_typed_is_printed_everywhere(client, mug, country):
    put(client, "MUG")
    assert held(client)
    region = region_of_the_example(country)
    postcode = layout_of(country).postcode_example
    typed = {**TYPED, "country": country, "postcode": postcode, "region": region}
    client.post("/checkout/", filled_in(client, **typed))
    (placed,) = emitted(OrderPlaced)
    sent = placed.ship_to.model_dump()
    normal = normal_postcode(country, region, postcode)
    assert sent == typed | {"postcode": normal, "region": region}
    area = next((r.name for r in regions_of(country) if r.code == region), "")
    printed = {*TYPED.values(), normal, region if country in AREAS_BY_CODE else area}
    for where, text in everywhere(placed.order_id, placed.ship_to, client).items():
        assert [part for part in printed if part not in text] == [], where


def test_a_program_that_sends_every_part_has_every_part_kept():
    for country in CODES:
        region = region_of_the_example(country) or "Some Part"
        postcode = layout_of(country).postcode_example
        sent = {**TYPED, "country": country, "postcode": postcode, "region": region}
        form = AddressForm(sent, every_part=True)
        assert form.is_valid(), (country, form.errors)
        assert form.address.model_dump() == sent | {"postcode": form.address.postcode}
        printed = "\n".join(form.address.lines)
        assert [part for part in TYPED.values() if part not in printed] == [], country


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_region_has_one_name_and_they_stand_in_its_order(language):
    for country in CODES:
        with override(language):
            names = [name for _code, name in region_choices(country)]
        assert len(set(names)) == len(names) == len(regions_of(country)), country
        assert country != "JP" or all(name.isascii() for name in names)


def test_spain_speaks_spanish():
    with override("en"):
        named = dict(region_choices("ES"))
    assert [named[code] for code in ("VI", "A", "C", "GC", "BI")] == [
        "Álava",
        "Alicante",
        "La Coruña",
        "Las Palmas",
        "Vizcaya",
    ]


def test_a_region_is_meant_by_any_of_its_names_and_printed_as_its_post_writes_it():
    for country in filter(regions_of, CODES):
        with override("en"):
            field = AddressForm({"country": country}).fields["region"]
        for found in regions_of(country):
            place = {"city": "", "region": found.code, "postcode": "", "country": country}
            to = Address(name="", line1="", **place)
            assert to.lines == [found.code if country in AREAS_BY_CODE else found.name]
            for name in found.names:
                assert field.clean(f" {name.upper()} ") == found.code, (country, name)


def test_a_country_nobody_knows_is_printed_all_the_same():
    to = Address(name="Ada", line1="1 Way", city="Town", postcode="1", region="R", country="QQ")
    assert to.lines == ["Ada", "1 Way", "1 Town", "R"]
