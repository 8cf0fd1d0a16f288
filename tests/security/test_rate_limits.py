"""Whoever tries too often waits: counted for all processes, by an address that is believed."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from uuid6 import uuid7

from eventbus.delivery import periodic
from eventbus.testing import emitted
from pricing.models import Promotion, Redemption
from shop.events import BackInStockAlertRequested, CartUpdated
from shop.ratelimit import client_address, limits
from shop.ratelimit.models import RateCounter
from shop.ratelimit.rates import Rate
from tests.security.world import World
from tests.unit.api.asking import Caller
from tests.unit.storefront.conftest import available, listed, placed
from tests.unit.storefront.people import SECRET, account, link

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db) -> World:
    """A shop that is not there in the other tests, which make accounts of their own."""
    return World(account("ada@example.com"))


@pytest.fixture
def strict(settings):
    """One try of everything."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, Rate(1, 60))


def run_periodic_jobs() -> None:
    for job in periodic.jobs():
        job.run()


def log_in(client: Client, email="ada@example.com", password="wrong", **extra):
    data = {"login": email, "password": password}
    return client.post(reverse("account_login"), data, **extra)


class TestCounting:
    def test_tries_up_to_the_limit_are_free(self):
        assert [limits.hit_at_rate("r", "a", 2, 60) > 0 for _ in range(4)] == [
            False,
            False,
            True,
            True,
        ]

    def test_everybody_and_everything_is_counted_apart(self):
        limits.hit_at_rate("r", "a", 1, 60)
        assert not limits.hit_at_rate("r", "b", 1, 60)
        assert not limits.hit_at_rate("s", "a", 1, 60)

    def test_the_wait_is_the_rest_of_the_window(self):
        limits.hit_at_rate("r", "a", 1, 60)
        assert 0 < limits.hit_at_rate("r", "a", 1, 60) <= 60

    def test_after_the_window_all_begins_anew(self):
        limits.hit_at_rate("r", "a", 1, 60)
        RateCounter.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
        assert not limits.hit_at_rate("r", "a", 1, 60)

    def test_who_it_was_cannot_be_read(self):
        limits.hit_at_rate("r", "192.0.2.1", 1, 60)
        assert "192" not in RateCounter.objects.get().who

    def test_what_is_over_is_forgotten(self):
        limits.hit_at_rate("r", "a", 1, 60)
        limits.hit_at_rate("r", "b", 1, 60)
        RateCounter.objects.filter(pk=RateCounter.objects.latest("pk").pk).update(
            ends_at=timezone.now()
        )
        run_periodic_jobs()
        assert RateCounter.objects.count() == 1


class TestAddress:
    """Behind our proxies what they have heard counts, and nothing that a visitor writes."""

    def of(self, forwarded=None, peer="198.51.100.1"):
        headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
        return client_address.client_ip(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))

    def test_without_a_proxy_the_header_says_nothing(self):
        assert self.of("192.0.2.9") == "198.51.100.1"

    @pytest.mark.parametrize(
        ("proxies", "header", "expected"),
        [
            (1, "192.0.2.9", "192.0.2.9"),
            (1, "10.0.0.1, 192.0.2.9", "192.0.2.9"),
            (2, "10.0.0.1, 192.0.2.9, 203.0.113.5", "192.0.2.9"),
            (2, "192.0.2.9", "198.51.100.1"),
            (1, "nonsense", "0.0.0.0"),
            (1, "192.0.2.9, unknown", "0.0.0.0"),
            (2, "192.0.2.9, 203.0.113.5, unknown", "203.0.113.5"),
            (1, '"192.0.2.9, 203.0.113.5', "203.0.113.5"),
            (1, "240.0.0.1", "240.0.0.1"),
            (1, "", "0.0.0.0"),
        ],
    )
    def test_behind_proxies_only_what_they_have_written_counts(
        self, settings, proxies, header, expected
    ):
        settings.TRUSTED_PROXIES = proxies
        assert self.of(header) == expected

    def test_a_network_of_ipv6_is_one_visitor(self):
        assert self.of(peer="2001:db8::1") == self.of(peer="2001:db8::ffff:1") == "2001:db8::"

    @pytest.mark.parametrize(
        "written",
        [
            "::ffff:192.0.2.9",
            "::ffff:c000:209",
            "::ffff:0:192.0.2.9",
            "::192.0.2.9",
            "64:ff9b::192.0.2.9",
            "64:ff9b:1::192.0.2.9",
            "2002:c000:209::1",
            "2002:c000:209:ffff::1",
            "2001:0:1:2::3fff:fdf6",
            "192.0.2.9:4711",
            "[::ffff:192.0.2.9]:4711",
            '"192.0.2.9"',
        ],
    )
    def test_an_ipv4_address_is_itself_however_it_is_written(self, settings, written):
        assert self.of(peer=written) == "192.0.2.9"
        settings.TRUSTED_PROXIES = 1
        assert self.of(written) == "192.0.2.9"

    @pytest.mark.parametrize("written", ["fe80::1%eth0", "[fe80::1]:80", "fe80::2"])
    def test_a_network_is_itself_however_its_address_is_written(self, written):
        assert self.of(peer=written) == "fe80::"

    def test_allauth_counts_by_the_same_address(self, rf):
        request = rf.get("/", REMOTE_ADDR="2001:db8::1")
        assert get_adapter().get_client_ip(request) == "2001:db8::"

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
        run_periodic_jobs()
        assert not AccessAttempt.objects.exists()

    def test_right_passwords_are_no_tries(self, ada):
        for _ in range(7):
            assert log_in(Client(), password=SECRET).status_code == 302

    def test_nor_is_one_for_an_address_that_is_not_confirmed(self, client, ada):
        EmailAddress.objects.update(verified=False)
        for _ in range(7):
            assert log_in(Client(), password=SECRET).status_code == 302

    def test_nor_are_those_by_which_one_shows_who_one_is(self, client, ada):
        client.force_login(ada)
        answers = [
            client.post("/account/password-check/", {"password": SECRET}).status_code
            for _ in range(7)
        ]
        assert answers == [302] * 7

    def test_where_somebody_has_logged_in_before_others_close_nothing(self, ada):
        at_home = Client()
        log_in(at_home, password=SECRET)
        at_home.post("/logout/")
        for _ in range(6):
            last = log_in(Client())
        assert last.status_code == 429
        assert log_in(at_home, password=SECRET).status_code == 302

    def test_but_the_password_is_not_guessed_there_either(self, ada):
        at_home = Client()
        log_in(at_home, password=SECRET)
        at_home.post("/logout/")
        answers = [log_in(at_home).status_code for _ in range(6)]
        assert answers == [422, 422, 422, 422, 429, 429]

    def test_a_browser_is_known_for_its_own_account_alone(self, ada):
        account("eve@example.com")
        eves = Client()
        log_in(eves, "eve@example.com", SECRET)
        eves.post("/logout/")
        for _ in range(5):
            log_in(Client())
        assert log_in(eves, password=SECRET).status_code == 429

    def test_a_made_up_cookie_is_no_browser_that_is_known(self, client, ada):
        for number in range(6):
            client.cookies["device"] = f"{number}:{limits.digest('ada@example.com')}!forged"
            last = log_in(client)
        assert last.status_code == 429

    def test_whoever_chooses_a_new_password_by_mail_may_log_in(self, client, ada):
        for _ in range(6):
            last = log_in(client)
        assert last.status_code == 429
        client.post("/password-reset/", {"email": "ada@example.com"})
        page = client.get(link("reset_password"))
        client.post(page.url, {"password1": "another long secret"})
        assert log_in(client, password="another long secret").status_code == 302

    def test_one_name_is_not_tried_from_everywhere_without_end(self, client, ada, settings):
        settings.RATE_LIMITS = settings.RATE_LIMITS | {"password": Rate(8, 900)}
        for number in range(9):
            last = log_in(Client(), REMOTE_ADDR=f"192.0.2.{number}")
        assert last.status_code == 429

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


@pytest.mark.parametrize("path", ["/signup/", "/password-reset/", "/account/emails/"])
def test_forms_that_send_a_mail_to_any_address_count_together(client, world, strict, path):
    assert client.post("/password-reset/", {"email": "a@shop.example"}).status_code == 302
    answer = client.post(path, {"email": "b@shop.example", "action_add": ""})
    assert answer.status_code == 429


def test_wishes_for_others_count_with_the_forms_that_send_mails(client, world, strict):
    listed("POT")
    available("POT", 0)
    assert client.post("/password-reset/", {"email": "a@shop.example"}).status_code == 302
    assert client.post("/back-in-stock/POT/", {"email": "b@shop.example"}).status_code == 429
    assert not emitted(BackInStockAlertRequested)
    client.force_login(world.owner)
    limits.reset("wish", "127.0.0.1")
    assert client.post("/back-in-stock/POT/", {"email": world.owner.email}).status_code == 302
    assert emitted(BackInStockAlertRequested)


def test_nobody_is_reminded_by_who_names_address_after_address(client, world, strict):
    client.post("/products/mug/MUG/", {"quantity": 1})
    for name in ("a", "b"):
        form = {"email": f"{name}@shop.example", "remind": "on", "update": ""}
        assert client.post("/checkout/", form).status_code == 200
    addresses = {event.email for event in emitted(CartUpdated) if event.email}
    assert addresses == {"a@shop.example"}


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


def test_a_code_is_not_found_by_ordering_by_the_api(world, strict, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"checkout": Rate(1000, 60)}
    guest = Caller()
    wanted = {**guest.wish(guest.cart(MUG=1)), "code": "GUESS"}
    answers = [guest.post("/orders", wanted, key=key).status_code for key in ("a", "b", "c")]
    assert answers == [422, 429, 429]


def test_a_count_inside_a_transaction_is_refused_for_every_rule(settings):
    """Its refusal would take the count back."""
    for rule in settings.RATE_LIMITS:
        with transaction.atomic(), pytest.raises(RuntimeError, match=rule):
            limits.hit(rule, "192.0.2.1")


def test_a_cart_is_not_changed_without_end(client, world, strict):
    put = [client.post("/products/mug/MUG/", {"quantity": 1}).status_code for _ in range(2)]
    assert put == [302, 429]
    for page in ("change", "remove", "undo"):
        assert client.post(f"/cart/{page}/", {"sku": "MUG", "quantity": 2}).status_code == 429


def test_nor_by_the_api_beside_the_pages(world, strict):
    guest = Caller()
    cart = guest.cart(MUG=1)
    answer = guest.post(f"/carts/{cart}/items", {"sku": "MUG", "quantity": 1})
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)


def test_nobody_orders_without_end(client, world, strict):
    client.post("/products/mug/MUG/", {"quantity": 1})
    answers = [client.post("/checkout/", {}).status_code for _ in range(2)]
    assert answers == [422, 429]


def test_no_quote_tells_whether_an_address_has_used_a_code(world):
    code = Promotion.objects.create(code="ONCE", kind="fixed", value=1, limit_per_customer=1)
    Redemption.objects.create(promotion=code, order_id=uuid4(), email="used@example.com")
    guest = Caller()
    wanted = {"cart_id": guest.cart(MUG=1), "country": "GB", "code": "ONCE"}
    used, fresh = (
        guest.post("/quote", {**wanted, "email": f"{name}@example.com"}) for name in ("used", "new")
    )
    assert (used.status_code, used.json()) == (200, fresh.json())
    refused = guest.order(wanted["cart_id"], code="ONCE", email="used@example.com")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["code"])
