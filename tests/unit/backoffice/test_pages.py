"""Every page of the admin can be opened, empty and with rows."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.urls import reverse

import shop.urls  # noqa: F401 registers every model's pages
from notifications.models import Mail
from tests.walking import not_drawn

pytestmark = pytest.mark.django_db

MODELS = sorted((model._meta.label_lower for model in admin.site._registry), key=str)


def test_every_page_of_the_admin_wears_the_theme():
    from unfold.admin import ModelAdmin

    plain = [str(a) for a in admin.site._registry.values() if not isinstance(a, ModelAdmin)]
    assert plain == []


@pytest.mark.parametrize("label", MODELS)
def test_every_list_can_be_opened_and_searched(admin_client, label):
    name = f"admin:{label.replace('.', '_')}_changelist"
    assert admin_client.get(reverse(name)).status_code == 200
    with not_drawn():
        assert admin_client.get(reverse(name), {"q": "x"}).status_code == 200


def test_the_navigation_leads_to_pages_that_are_there(admin_client):
    page = admin_client.get(reverse("admin:index"))
    groups = page.context["sidebar_navigation"]
    links = [str(item["link"]) for group in groups for item in group["items"]]
    assert len(links) > 20
    with not_drawn():
        assert {admin_client.get(link).status_code for link in links} == {200}


def models_seen(request, user):
    """Return the models of the list of apps that is on every page, as the search sees them."""
    request.user = user
    return {model["model"] for app in admin.site.get_app_list(request) for model in app["models"]}


def test_the_list_of_apps_has_what_one_may_see_now(rf, admin_user):
    """It is kept for all who have the same rights."""
    request, kim = rf.get("/"), User.objects.create_user("kim", is_staff=True)
    assert models_seen(request, admin_user) == set(admin.site._registry)
    assert models_seen(request, kim) == models_seen(request, AnonymousUser()) == set()
    kim.user_permissions.add(Permission.objects.get(codename="view_mail"))
    assert models_seen(request, User.objects.get(pk=kim.pk)) == {Mail}


def test_what_a_search_leaves_out_of_the_list_of_apps_is_there_again(rf, admin_user):
    request = rf.get("/", {"s": "mail"})
    everything = models_seen(request, admin_user)
    for app in admin.site.get_app_list(request):
        app["models"] = app["models"][:1]
        app["models"][0].clear()
    assert models_seen(request, admin_user) == everything
