"""What takes time and is no rule is left out: slow passwords, truncated tables, every example."""

import gc

import pytest
from django.conf import settings
from django.test import TransactionTestCase

from tests.emptying import Emptying
from tests.examples import try_fewer


def pytest_configure() -> None:
    # Nobody's secrets. The usual hasher takes a third of a second for each.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        emptying = Emptying()
    TransactionTestCase._fixture_teardown = lambda test_case: emptying.after(test_case)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for test in {item.function for item in items if isinstance(item, pytest.Function)}:
        try_fewer(test)


def pytest_collection_finish() -> None:
    """Freeze what is there by now: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
