"""Promotions and rates in the admin."""

import pytest

from pricing.models import Promotion
from tests.unit.pricing.facts import ADA, percent_off, redeem_for, zone

pytestmark = pytest.mark.django_db


def test_lists_and_forms_open(admin_client):
    promotion, place = percent_off(), zone("AT", standard="20")
    redeem_for("TENTH", ADA)
    for address in (
        "promotion/?q=ten",
        f"promotion/{promotion.pk}/change/",
        "redemption/?q=ada",
        "taxzone/?q=AT",
        f"taxzone/{place.pk}/change/",
    ):
        assert admin_client.get(f"/admin/pricing/{address}").status_code == 200


def test_code_that_differs_in_letters_only_is_refused(admin_client):
    percent_off("Tenth")
    page = admin_client.post(
        "/admin/pricing/promotion/add/",
        {"code": "TENTH", "kind": "fixed", "value": "5", "minimum_goods": "0"}
        | {"starts_at_0": "2026-01-01", "starts_at_1": "00:00"},
    )
    assert "There is a promotion with this code already." in page.content.decode()
    assert Promotion.objects.count() == 1
