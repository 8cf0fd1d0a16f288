"""`manage.py load_demo`."""

from io import StringIO

from django.contrib.auth import authenticate, get_user_model
from django.core.management import call_command

from eventbus.testing import emitted
from shop.backoffice.roles import ROLES
from shop.events import UserRegistered


def test_the_command_gives_logins_and_may_be_run_again(db, rf):
    for _ in range(2):
        call_command("load_demo", stdout=StringIO())
    assert authenticate(rf.post("/"), username="staff", password="staff").is_superuser
    assert authenticate(rf.post("/"), username="customer@shop.example", password="customer")
    assert get_user_model().objects.count() == 2 + len(ROLES)
    assert [event.email for event in emitted(UserRegistered)] == ["customer@shop.example"]
