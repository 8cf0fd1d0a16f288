"""Of many passwords tried at once no more are looked at than of those tried one after the other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client

from shop.ratelimit.models import RateCounter
from tests.unit.storefront.people import account

AT_ONCE = 12


@pytest.mark.django_db(transaction=True)
def test_of_passwords_tried_at_once_five_are_looked_at(monkeypatch):
    account("ada@example.com")
    looked_at, start = [], Barrier(AT_ONCE)
    verify = MD5PasswordHasher.verify
    monkeypatch.setattr(
        MD5PasswordHasher, "verify", lambda *given: looked_at.append(1) or verify(*given)
    )

    def log_in(number: int) -> int:
        start.wait()
        try:
            wrong = {"login": "ada@example.com", "password": f"guess {number}"}
            return Client().post("/login/", wrong).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(log_in, range(AT_ONCE)))
    assert len(looked_at) <= settings.AXES_FAILURE_LIMIT
    assert answers.count(429) == AT_ONCE - settings.AXES_FAILURE_LIMIT + 1
    assert RateCounter.objects.filter(rule="password").exists()
