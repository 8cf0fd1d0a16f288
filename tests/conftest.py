"""What all tests share: nothing slow that is no rule, and nothing left of the test before."""

import gc
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.conf import settings
from django.db import transaction
from django.test import TransactionTestCase
from django.utils import translation

from tests.emptying import Emptying
from tests.examples import try_fewer


def pytest_configure() -> None:
    # Nobody's secrets. The usual hasher takes a third of a second for each.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    os.environ.pop("BRIDGES", None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        emptying = Emptying()
    TransactionTestCase._fixture_teardown = lambda test_case: emptying.after(test_case)


@pytest.fixture(scope="module")
def shared_db(django_db_setup, django_db_blocker) -> Iterator[Callable[[], AbstractContextManager]]:
    """A transaction around a module's tests: a fixture of the module makes rows once for all.

    It yields what opens the database to such a fixture. Each test undoes what it did itself, as
    ever; none of them may commit.
    """
    around = transaction.atomic()
    around._from_testcase = True
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def pytest_runtest_setup() -> None:
    """Forget the language of the last request that a test before has sent."""
    translation.deactivate()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # What a page refuses is no news here; to write it down takes longer than to refuse it.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    for test in {item.function for item in items if isinstance(item, pytest.Function)}:
        try_fewer(test)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep the garbage collector from what is collected: now, and in every test.

    What outlives a test or two is seldom garbage, and looked through ten times less often.
    """
    gc.disable()
    result = yield
    gc.collect()
    gc.freeze()
    young, older, _ = gc.get_threshold()
    gc.set_threshold(young, older, 100)
    gc.enable()
    return result
