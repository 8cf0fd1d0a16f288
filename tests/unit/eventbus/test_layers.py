"""What a layer needs, or what nobody takes in, is named at start and not found out later."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from eventbus.delivery.checks import check_foreign_events
from tests.unit.inbound.events import StockCounted


def without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Django say that an app is not installed."""
    there = apps.is_installed
    monkeypatch.setattr(apps, "is_installed", lambda each: each != name and there(each))


@pytest.mark.parametrize("app", ["eventbus.history", "django.contrib.humanize", "django_htmx"])
def test_the_console_does_not_start_without_what_its_pages_need(monkeypatch, app):
    without(app, monkeypatch)
    with pytest.raises(ImproperlyConfigured, match=f"eventbus.console needs {app} in INSTALLED"):
        apps.get_app_config("eventbus_console").ready()


def test_a_foreign_event_that_nothing_takes_in_is_an_error(monkeypatch):
    assert check_foreign_events() == []
    without("eventbus.inbound", monkeypatch)
    errors = {error.msg.partition(" ")[0]: error.id for error in check_foreign_events()}
    assert errors[StockCounted.type] == "eventbus.E009"
