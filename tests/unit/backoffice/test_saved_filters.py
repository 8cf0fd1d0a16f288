"""Lists come back as each person left them."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from shop.backoffice.models import SavedFilter

pytestmark = pytest.mark.django_db

LIST = reverse("admin:orders_order_changelist")
DASHBOARD = reverse("admin:index")


def go(client, address, came_from=DASHBOARD):
    return client.get(address, headers={"Referer": f"http://testserver{came_from}"})


@pytest.fixture
def kim(as_role):
    """Has sorted the orders by their total, and sees those that are paid."""
    kim = as_role("support")
    assert go(kim, f"{LIST}?o=-5&state__exact=paid", came_from=LIST).status_code == 200
    return kim


def test_who_comes_back_to_a_list_finds_it_in_the_order_and_with_the_filters_it_had(kim, as_role):
    assert go(kim, LIST).url == f"{LIST}?o=-5&state__exact=paid"
    later = as_role("support")
    shown = later.get(LIST, follow=True)
    assert shown.status_code == 200
    assert "Show all" in shown.content.decode()


def test_it_is_each_persons_own(kim, as_role):
    assert go(as_role("finance"), LIST).status_code == 200


def test_showing_all_forgets_it(kim):
    assert go(kim, LIST, came_from=LIST).status_code == 200
    assert go(kim, LIST).status_code == 200
    assert not SavedFilter.objects.exists()


def test_a_link_that_says_what_to_show_is_followed_and_not_kept(kim):
    assert go(kim, f"{LIST}?progress=stuck").status_code == 200
    assert go(kim, LIST).url == f"{LIST}?o=-5&state__exact=paid"


def test_what_was_searched_for_and_which_page_was_seen_is_not_kept(kim):
    go(kim, f"{LIST}?o=1&q=ada@example.com&p=1", came_from=LIST)
    assert SavedFilter.objects.get().query == "o=1"


def test_what_cannot_be_shown_is_not_kept(kim):
    assert go(kim, f"{LIST}?state__exact=paid&nonsense=1", came_from=LIST).status_code == 400
    assert SavedFilter.objects.get().query == "o=-5&state__exact=paid"


def test_no_other_site_can_change_it(kim):
    kim.get(f"{LIST}?o=1", headers={"Referer": f"http://elsewhere.example{LIST}"})
    assert SavedFilter.objects.get().query == "o=-5&state__exact=paid"


def test_it_goes_with_the_account(kim):
    User.objects.get(username="support").delete()
    assert not SavedFilter.objects.exists()
