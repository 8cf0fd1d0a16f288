"""When something goes wrong, a friendly page says so."""

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import path

from shop import urls as shop_urls

pytestmark = pytest.mark.django_db


def broken(request):
    raise RuntimeError("on purpose")


urlpatterns = [*shop_urls.urlpatterns, path("broken", broken)]


@pytest.mark.urls(__name__)
def test_broken_page_is_friendly_and_tells_no_internals():
    page = Client(raise_request_exception=False).get("/broken")
    assert page.status_code == 500
    assert "Something broke on our side" in page.content.decode()
    assert "on purpose" not in page.content.decode()


def test_foreign_host_is_a_bad_request(client):
    page = client.get("/", headers={"host": "evil.example"})
    assert page.status_code == 400
    assert "We could not make sense of that" in page.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "500"])
def test_pages_for_broken_days_need_no_database(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert get_template(f"{name}.html").render()
