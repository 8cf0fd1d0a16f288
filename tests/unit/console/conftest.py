"""People who come to the console, and what they may."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.unit.eventbus.conftest import answer_once, behaviour
from tests.unit.eventbus.events import Rang


def person(name: str, *rights: str, is_staff: bool = True) -> Client:
    """A client on whose machine somebody with these rights of the bus is logged in."""
    user = User.objects.create_user(name, is_staff=is_staff)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="eventbus", codename__in=rights)
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator(db):
    return person("olga", "operate")


@pytest.fixture
def confidant(db):
    """An operator who may see what events tell of people."""
    return person("paul", "operate", "see_personal")


@pytest.fixture
def clerk(db):
    """Staff, but no operator."""
    return person("carl")


@pytest.fixture
def customer(db):
    return person("cora", is_staff=False)


@pytest.fixture
def rang():
    """Somebody rings a bell of the tests' own, whose reactions the tests set."""
    behaviour.update(answer=answer_once, wake_the_dog=lambda _: None)
    yield Rang(bell=uuid4())
    behaviour.clear()
