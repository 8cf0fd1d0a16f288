"""The catalogue in the admin."""

import pytest
from django.urls import reverse

from catalogue.events import VariantListed
from catalogue.models import Category, Image, Product, Variant
from eventbus.testing import emitted
from tests.unit.catalogue.files import MUG

pytestmark = pytest.mark.django_db

FIELDS = {"option_values": "", "price_0": "9.50", "price_1": "EUR", "grams": "1", "position": "1"}
NO_FORMS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}


def management(prefix: str, **counts: str) -> dict[str, str]:
    return {f"{prefix}-{name}": count for name, count in {**NO_FORMS, **counts}.items()}


@pytest.mark.parametrize("model", [Category, Product, Variant, Image])
def test_staff_find_and_open_everything(admin_client, importing, model):
    importing(MUG)
    name = model._meta.model_name
    listed = admin_client.get(reverse(f"admin:catalogue_{name}_changelist"), {"q": "mug"})
    assert listed.status_code == 200
    address = reverse(f"admin:catalogue_{name}_change", args=[model.objects.get().pk])
    assert admin_client.get(address).status_code == 200


def test_a_variant_staff_add_is_emitted_without_stock(admin_client):
    product = Product.objects.create(handle="mug", title="Mug")
    form = FIELDS | {"product": product.pk, "sku": "MUG"}
    admin_client.post(reverse("admin:catalogue_variant_add"), form)
    (event,) = emitted(VariantListed)
    assert (event.sku, event.opening_stock) == ("MUG", 0)


def test_a_product_staff_add_has_its_variants_emitted(admin_client):
    variant = {f"variants-0-{name}": value for name, value in (FIELDS | {"sku": "MUG"}).items()}
    form = {"handle": "mug", "title": "Mug", "published": "on", "tax_class": "standard"}
    forms = management("variants", TOTAL_FORMS="1") | management("images")
    admin_client.post(reverse("admin:catalogue_product_add"), form | forms | variant)
    assert [event.title for event in emitted(VariantListed)] == ["Mug"]


def test_a_variant_staff_change_is_not_emitted_again(admin_client, importing):
    importing(MUG)
    variant = Variant.objects.get()
    form = FIELDS | {"product": variant.product_id, "sku": "MUG", "price_0": "12"}
    admin_client.post(reverse("admin:catalogue_variant_change", args=[variant.pk]), form)
    assert Variant.objects.get().price.amount == 12
    assert len(emitted(VariantListed)) == 1


def test_a_former_price_in_another_currency_is_refused(admin_client):
    product = Product.objects.create(handle="mug", title="Mug")
    former = {"compare_at_price_0": "12", "compare_at_price_1": "GBP"}
    form = FIELDS | former | {"product": product.pk, "sku": "MUG"}
    page = admin_client.post(reverse("admin:catalogue_variant_add"), form)
    assert "must be in EUR, like the price" in page.content.decode()
    assert not Variant.objects.exists()


@pytest.mark.parametrize("handle", ["tea/pot", "tea pot", "tea?pot", "tea%20pot", "tea#pot", ".."])
def test_a_name_that_no_address_can_hold_is_refused(admin_client, handle):
    form = {"handle": handle, "title": "Teapot", "tax_class": "standard"}
    forms = management("variants") | management("images")
    page = admin_client.post(reverse("admin:catalogue_product_add"), form | forms)
    assert "cannot stand in a web address" in page.content.decode()
    assert not Product.objects.exists()


def test_an_option_value_that_is_too_long_is_refused(admin_client):
    product = Product.objects.create(handle="mug", title="Mug", option_names=["Size"])
    form = FIELDS | {"product": product.pk, "sku": "MUG", "option_values": "x" * 201}
    assert admin_client.post(reverse("admin:catalogue_variant_add"), form).status_code == 200
    assert not Variant.objects.exists()
