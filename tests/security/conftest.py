"""A shop with something in it for each address, and four people who try them all."""

from copy import deepcopy

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client

from shop.ratelimit.rates import Rate
from tests.security.world import World
from tests.unit.storefront.people import account, also


@pytest.fixture(scope="module")
def shared_world(shared_db) -> World:
    with shared_db():
        return World(account("ada@example.com"))


@pytest.fixture(scope="module")
def shared_users(shared_db, shared_world) -> dict[str, User]:
    with shared_db():
        staff = get_user_model().objects.create_superuser("staff", "staff@example.com", "staff")
        also(staff, staff.email)
        stranger = account("eve@example.com")
    return {"stranger": stranger, "owner": shared_world.owner, "staff": staff}


@pytest.fixture
def world(db, shared_world) -> World:
    return deepcopy(shared_world)


@pytest.fixture
def people(world, shared_users) -> dict[str, Client]:
    return clients(shared_users)


def clients(users: dict[str, User]) -> dict[str, Client]:
    """A guest, another customer, the owner of what the world holds, and staff."""
    found = {"guest": Client(raise_request_exception=False)}
    for name, user in deepcopy(users).items():
        found[name] = Client(raise_request_exception=False)
        found[name].force_login(user, "django.contrib.auth.backends.ModelBackend")
    return found


@pytest.fixture
def strict(settings):
    """One try of everything."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, Rate(1, 60))
