"""A shop that others reach does not start while strangers know a password of it."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from eventbus.exceptions import StartupError
from shop.backoffice.demo import PASSWORDS
from shop.web import startup_checks
from shop.web.startup_checks import check_connections, check_demo_logins, check_startup

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(monkeypatch):
    monkeypatch.setattr(startup_checks, "require_migrated", lambda: None)
    call_command("load_demo", verbosity=0)


def test_every_login_of_the_demonstration_is_named(demo, settings):
    settings.PRODUCTION = True
    with pytest.raises(StartupError) as refusal:
        check_startup()
    assert all(name in str(refusal.value) for name in PASSWORDS)


def test_one_with_another_password_or_closed_is_no_reason(demo):
    User.objects.update(is_active=False)
    staff = User.objects.get(username="staff")
    staff.set_password("of-its-own")
    staff.is_active = True
    staff.save()
    check_demo_logins()


def test_on_ones_own_machine_the_demonstration_is_welcome(demo):
    check_startup()


def test_requests_may_not_take_the_connections_of_the_workers(settings):
    settings.WEB_REQUESTS = 50
    with pytest.raises(StartupError, match="lower it, or raise max_connections"):
        check_connections()


def test_a_pooler_gives_connections_out_by_itself(settings, monkeypatch):
    settings.WEB_REQUESTS = 50
    monkeypatch.setitem(settings.DATABASES, "direct", {})
    check_connections()
