"""A shop with something in it for each address, and four people who try them all."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.security.world import World
from tests.unit.storefront.people import account, also


@pytest.fixture
def world(db) -> World:
    return World(account("ada@example.com"))


@pytest.fixture
def people(world) -> dict[str, Client]:
    """A guest, another customer, the owner of what the world holds, and staff."""
    staff = get_user_model().objects.create_superuser("staff", "staff@example.com", "staff")
    also(staff, staff.email)
    users = {"stranger": account("eve@example.com"), "owner": world.owner, "staff": staff}
    found = {"guest": Client(raise_request_exception=False)}
    for name, user in users.items():
        found[name] = Client(raise_request_exception=False)
        found[name].force_login(user, "django.contrib.auth.backends.ModelBackend")
    return found
