"""Every page of the admin can be opened, empty and with rows."""

import pytest
from django.contrib import admin
from django.urls import reverse

import shop.urls  # noqa: F401 registers every model's pages

pytestmark = pytest.mark.django_db

MODELS = sorted((model._meta.label_lower for model in admin.site._registry), key=str)


def test_every_page_of_the_admin_wears_the_theme():
    from unfold.admin import ModelAdmin

    plain = [str(a) for a in admin.site._registry.values() if not isinstance(a, ModelAdmin)]
    assert plain == []


@pytest.mark.parametrize("label", MODELS)
def test_every_list_can_be_opened_and_searched(admin_client, label):
    name = f"admin:{label.replace('.', '_')}_changelist"
    for search in ("", "x"):
        assert admin_client.get(reverse(name), {"q": search} if search else {}).status_code == 200


def test_the_navigation_leads_to_pages_that_are_there(admin_client):
    page = admin_client.get(reverse("admin:index"))
    groups = page.context["sidebar_navigation"]
    links = [str(item["link"]) for group in groups for item in group["items"]]
    assert len(links) > 20
    assert {admin_client.get(link).status_code for link in links} == {200}
