"""Whoever tries too often waits: counted for all processes, by an address that is believed."""

from datetime import timedelta
from uuid import UUID

import pytest
from axes.models import AccessAttempt
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from uuid6 import uuid7

from shop.bus.signals import relay_looked
from shop.guard import limits, visitor
from shop.guard.models import Tries
from shop.guard.rates import Rate
from tests.api.asking import Caller
from tests.storefront.conftest import listed, placed
from tests.storefront.people import SECRET, account

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(settings):
    """One try of everything."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, Rate(1, 60))


def log_in(client: Client, email="ada@example.com", password="wrong", **extra):
    data = {"login": email, "password": password}
    return client.post(reverse("account_login"), data, **extra)


class TestCounting:
    def test_tries_up_to_the_limit_are_free(self):
        assert [limits.counted("r", "a", 2, 60) > 0 for _ in range(4)] == [False, False, True, True]

    def test_everybody_and_everything_is_counted_apart(self):
        limits.counted("r", "a", 1, 60)
        assert not limits.counted("r", "b", 1, 60)
        assert not limits.counted("s", "a", 1, 60)

    def test_the_wait_is_the_rest_of_the_window(self):
        limits.counted("r", "a", 1, 60)
        assert 0 < limits.counted("r", "a", 1, 60) <= 60

    def test_after_the_window_all_begins_anew(self):
        limits.counted("r", "a", 1, 60)
        Tries.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
        assert not limits.counted("r", "a", 1, 60)

    def test_who_it_was_cannot_be_read(self):
        limits.counted("r", "192.0.2.1", 1, 60)
        assert "192" not in Tries.objects.get().who

    def test_what_is_over_is_forgotten(self):
        limits.counted("r", "a", 1, 60)
        limits.counted("r", "b", 1, 60)
        Tries.objects.filter(pk=Tries.objects.latest("pk").pk).update(ends_at=timezone.now())
        relay_looked.send(sender=None)
        assert Tries.objects.count() == 1


class TestAddress:
    """Behind our proxies what they have heard counts, and nothing that a visitor writes."""

    def of(self, forwarded=None, peer="198.51.100.1"):
        headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
        return visitor.address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))

    def test_without_a_proxy_the_header_says_nothing(self):
        assert self.of("192.0.2.9") == "198.51.100.1"

    @pytest.mark.parametrize(
        ("proxies", "told", "expected"),
        [
            (1, "192.0.2.9", "192.0.2.9"),
            (1, "10.0.0.1, 192.0.2.9", "192.0.2.9"),
            (2, "10.0.0.1, 192.0.2.9, 203.0.113.5", "192.0.2.9"),
            (2, "192.0.2.9", "198.51.100.1"),
            (1, "nonsense", "0.0.0.0"),
            (1, "", "0.0.0.0"),
        ],
    )
    def test_behind_proxies_only_what_they_have_written_counts(
        self, settings, proxies, told, expected
    ):
        settings.TRUSTED_PROXIES = proxies
        assert self.of(told) == expected

    def test_a_network_of_ipv6_is_one_visitor(self):
        assert self.of(peer="2001:db8::1") == self.of(peer="2001:db8::ffff:1") == "2001:db8::"

    def test_a_connection_without_an_address_is_one_visitor(self):
        assert self.of(peer="") == "0.0.0.0"


class TestPasswords:
    @pytest.fixture
    def ada(self):
        return account("ada@example.com")

    def test_the_fifth_wrong_password_closes_the_name_to_that_address(self, client, ada):
        answers = [log_in(client).status_code for _ in range(5)]
        assert answers == [422, 422, 422, 422, 429]
        locked = log_in(client, password=SECRET)
        assert locked.status_code == 429
        assert int(locked["Retry-After"]) == 900
        assert "for 15 minutes" in locked.content.decode()
        assert "_auth_user_id" not in client.session

    def test_in_german_too(self, client, ada):
        for _ in range(5):
            last = client.post("/de/login/", {"login": "ada@example.com", "password": "x"})
        assert "Zu viele falsche Passwörter" in last.content.decode()

    def test_nobody_can_lock_others_out(self, client, ada):
        for _ in range(5):
            log_in(client, REMOTE_ADDR="192.0.2.66")
        assert log_in(client, password=SECRET).status_code == 302
        from_there = log_in(Client(), "eve@example.com", REMOTE_ADDR="192.0.2.66")
        assert from_there.status_code == 422

    def test_upper_case_is_no_other_name(self, client, ada):
        for name in ("ADA@example.com", "Ada@example.com", "ada@EXAMPLE.com", " ada@example.com"):
            log_in(client, name)
        assert log_in(client, "aDA@example.com").status_code == 429

    def test_the_admin_is_guarded_alike(self, client, admin_user):
        wrong = {"username": "admin", "password": "wrong"}
        answers = [client.post(reverse("admin:login"), wrong).status_code for _ in range(6)]
        assert answers == [200, 200, 200, 200, 429, 429]

    def test_and_many_names_from_one_address_wait_too(self, client, strict):
        wrong = {"username": "a", "password": "wrong"}
        assert client.post(reverse("admin:login"), wrong).status_code == 200
        assert client.post(reverse("admin:login"), wrong | {"username": "b"}).status_code == 429

    def test_staff_let_somebody_try_again(self, client, admin_client, ada):
        for _ in range(5):
            log_in(client)
        page = admin_client.get(reverse("admin:axes_accessattempt_changelist"))
        assert "ada@example.com" in page.content.decode()
        address = reverse("admin:axes_accessattempt_delete", args=[AccessAttempt.objects.get().pk])
        admin_client.post(address, {"post": "yes"})
        assert log_in(client, password=SECRET).status_code == 302

    def test_a_password_is_not_kept_and_the_rest_is_forgotten(self, client, ada):
        log_in(client, password="hunter2-hunter2")
        kept = AccessAttempt.objects.get()
        assert "hunter2" not in str(vars(kept))
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
        relay_looked.send(sender=None)
        assert not AccessAttempt.objects.exists()

    @pytest.mark.parametrize("name", ["\0", "x" * 300 + "@example.com", "'; --", "\u202e"])
    def test_no_name_breaks_it(self, client, name):
        assert log_in(client, name).status_code == 422


def test_tokens_are_not_found_by_trying(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"token": Rate(2, 60)}
    strange = {"authorization": "Bearer shop_guess"}
    answers = [client.get("/api/orders", headers=strange).status_code for _ in range(3)]
    assert answers == [401, 401, 429]


def test_a_token_that_works_is_never_too_much(client, strict):
    ada = Caller.of("ada@example.com")
    assert [ada.get("/orders").status_code for _ in range(3)] == [200] * 3


def test_orders_are_not_found_by_trying(client, world, strict):
    there, other = world.order.pk, "00000000-0000-4000-8000-000000000000"
    assert client.get(f"/orders/{other}/").status_code == 404
    for page in ("", "invoice.pdf", "pay/", "return/", "challenge/"):
        answer = client.get(f"/orders/{there}/{page}")
        assert answer.status_code == 429, page
        assert int(answer["Retry-After"]) <= 60


def test_no_neighbour_of_an_orders_address_is_another_order(client, world, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"order": Rate(1000, 60)}
    listed("POT")
    near = placed().pk.int
    for step in (1, -1, 1 << 64, -(1 << 64), 1 << 80, -(1 << 80)):
        assert client.get(f"/orders/{UUID(int=near + step)}/").status_code == 404


def test_but_for_the_time_an_orders_address_is_chance():
    """74 bits of it; each is as often set as not."""
    ids = [uuid7().int for _ in range(2000)]
    chance = [bit for bit in range(80) if bit not in (62, 63, 76, 77, 78, 79)]
    for bit in chance:
        assert 800 < sum(id >> bit & 1 for id in ids) < 1200


def test_wishes_are_not_made_without_end(client, world, strict):
    answers = [client.post("/back-in-stock/MUG/", {}).status_code for _ in range(2)]
    assert answers[1] == 429


def test_codes_are_not_found_by_trying(client, world, strict):
    client.post("/products/mug/MUG/", {"quantity": 1})
    first, second = (
        client.post("/checkout/", {"update": "code", "code": code}) for code in ("GUESS", "AGAIN")
    )
    assert (first.status_code, second.status_code) == (200, 429)
    assert client.post("/checkout/", {"update": "code", "code": ""}).status_code == 200


def test_nor_by_the_api(world, strict):
    guest = Caller()
    wanted = {"cart_id": guest.cart(MUG=1), "country": "GB", "shipping": "standard"}
    answers = [guest.post("/quote", wanted | {"code": "GUESS"}).status_code for _ in range(2)]
    assert answers == [422, 429]
    assert guest.post("/quote", wanted).status_code == 200


def test_nobody_orders_without_end(client, world, strict):
    client.post("/products/mug/MUG/", {"quantity": 1})
    answers = [client.post("/checkout/", {}).status_code for _ in range(2)]
    assert answers == [422, 429]
