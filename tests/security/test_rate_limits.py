"""Whoever tries too often waits: counted for all processes, by an address that is believed."""

from datetime import timedelta

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from eventbus.delivery import periodic
from shop.ratelimit import client_address, limits
from shop.ratelimit.models import RateCounter
from shop.ratelimit.rates import Rate
from tests.unit.api.asking import Caller
from tests.unit.storefront.people import SECRET, account, link

pytestmark = pytest.mark.django_db


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


def test_a_count_inside_a_transaction_is_refused_for_every_rule(settings):
    """Its refusal would take the count back."""
    for rule in settings.RATE_LIMITS:
        with transaction.atomic(), pytest.raises(RuntimeError, match=rule):
            limits.hit(rule, "192.0.2.1")
