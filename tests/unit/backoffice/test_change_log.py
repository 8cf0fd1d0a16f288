"""What staff change is written down with who did it, and nothing else is."""

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.auth.models import User
from django.urls import reverse

from catalogue.models import Category
from shop.backoffice.models import RefundLimit

pytestmark = pytest.mark.django_db


@pytest.fixture
def category(as_role):
    made = Category.objects.create(name="Cups", slug="cups")
    as_role("catalogue").post(
        reverse("admin:catalogue_category_change", args=[made.pk]),
        {"name": "Mugs", "slug": "cups", "position": "0"},
    )
    return made


def test_a_change_in_the_admin_is_written_down_with_its_author_and_the_values(category):
    entry = LogEntry.objects.get_for_object(category).get()
    assert entry.actor.username == "catalogue"
    assert entry.changes_display_dict["name"] == ["Cups", "Mugs"]


def test_the_history_of_a_row_shows_it(admin_client, category):
    page = admin_client.get(reverse("admin:catalogue_category_history", args=[category.pk]))
    assert "Cups → Mugs" in page.content.decode()


def test_what_is_changed_elsewhere_is_not_written_down(category):
    LogEntry.objects.all().delete()
    category.name = "Plates"
    category.save()
    assert not LogEntry.objects.exists()


def test_of_a_deleted_account_no_name_stays(admin_client):
    user = User.objects.create_user("ada", "ada@example.com")
    admin_client.post(
        reverse("admin:auth_user_change", args=[user.pk]),
        {"username": "ada", "email": "ada@example.org", "date_joined_0": "2026-01-01"}
        | {"date_joined_1": "00:00:00"},
    )
    assert "ada" in LogEntry.objects.get().object_repr
    user.delete()
    assert not LogEntry.objects.exclude(object_repr="").exists()


def test_a_refund_limit_is_audited_like_every_model_staff_change(admin_client):
    limit = RefundLimit.objects.get(role="support")
    admin_client.post(
        reverse("admin:backoffice_refundlimit_change", args=[limit.pk]),
        {"role": "support", "amount": "20"},
    )
    assert LogEntry.objects.get().changes_display_dict["amount"] == ["100.00", "20"]


def test_every_model_that_can_be_changed_in_the_admin_is_audited():
    from django.contrib import admin
    from django.test import RequestFactory

    import shop.urls  # noqa: F401 registers every model's pages

    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True, is_staff=True)
    # Its form books a movement, which says who and why.
    changed_by_a_ledger = {"inventory.Stock"}
    changeable = {
        each.model
        for page in admin.site._registry.values()
        for each in (page, *page.get_inline_instances(request))
        if each.has_change_permission(request)
    }
    silent = {model._meta.label for model in changeable if not auditlog.contains(model)}
    assert silent == changed_by_a_ledger
