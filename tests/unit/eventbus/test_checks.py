"""A project in which the bus cannot work is told so by Django's checks, each with its cure."""

from datetime import timedelta

import pytest
from django.db import connection

from eventbus.conf import PREFIX, SETTINGS
from eventbus.delivery.checks import CHECKS, check_project, written

#: What no setting may be.
ODD = frozenset({"odd"})
BOUNDED = [name for name, setting in SETTINGS.items() if setting.at_least is not None]
#: Of each setting with a form of its own, values that have the right type and do not fit.
UNFIT = {
    "NAME": ["", "two words", "a/b"],
    "BROKER_URL": ["", "127.0.0.1:6379", "http://127.0.0.1/"],
    "BROKER_CA": ["/nowhere/ca.pem"],
    "DIRECT_DATABASE": ["drect", ""],
    "SESSION_LIMITS": [{"worker": "20s"}],
    "KEYS": [[""], [None], (b"bytes",)],
    "OTLP_ENDPOINT": ["collector:4318"],
    "EVENTBRIDGE_ENDPOINT": ["127.0.0.1:5000"],
    "ALERT_WEBHOOK": ["ftp://example.org/", "http:///path"],
    "ALERT_EMAIL": ["somebody", "a@example.org, b@example.org"],
    "WEBHOOKS_EVENTS": [[""], [None]],
    "WEBHOOKS_RETRY_AFTER": [[], [5], [timedelta()]],
    "CONSOLE_SOURCE_URL": ["host/{path}#L{line}"],
    "FLOWER_URL": ["127.0.0.1:5555"],
    "MODEL_ADMIN": ["", "nowhere.Admin", "django.contrib.admin.NoSuchAdmin"],
    "INLINE_ADMIN": ["Admin"],
}


def only_error():
    [error] = check_project()
    assert error.id in CHECKS
    assert error.hint
    return error


def test_nothing_is_said_of_a_project_that_is_as_it_should_be():
    assert check_project() == []


def test_nothing_is_said_of_a_project_that_sets_nothing(settings):
    for name in SETTINGS:
        setattr(settings, PREFIX + name, SETTINGS[name].default)
    assert check_project() == []


def test_another_database_than_postgresql_is_named(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    error = only_error()
    assert (error.id, "is sqlite" in error.msg) == ("eventbus.E001", True)


def test_moments_without_a_time_zone_are_refused(settings):
    settings.USE_TZ = False
    assert only_error().id == "eventbus.E002"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_misspelt_setting_is_told_what_was_meant(settings, name):
    misspelt = f"{PREFIX}{name[:-1]}"
    setattr(settings, misspelt, SETTINGS[name].default)
    error = only_error()
    assert (error.id, error.msg) == ("eventbus.E003", f"the bus has no setting {misspelt}")
    assert error.hint == f"Did you mean {PREFIX}{name}?"


@pytest.mark.parametrize("misspelt", ["EVENT_BUS_NAME", "EVENTBUSNAME"])
def test_so_is_a_misspelt_prefix(settings, misspelt):
    setattr(settings, misspelt, "mysite")
    assert only_error().hint == "Did you mean EVENTBUS_NAME?"


def test_a_setting_that_is_like_none_of_the_bus_is_refused(settings):
    settings.EVENTBUS_XYZZY_PLUGH = 1
    assert only_error().msg == "the bus has no setting EVENTBUS_XYZZY_PLUGH"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_of_another_type_is_told_which_it_has_and_which_it_must_have(settings, name):
    setattr(settings, PREFIX + name, ODD)
    error = only_error()
    assert error.id == "eventbus.E004"
    assert error.msg.startswith(f"{PREFIX}{name} must have the type ")
    assert error.msg.endswith("is of type frozenset")
    assert SETTINGS[name].meaning in error.hint


@pytest.mark.parametrize("value", [60, "60", True])
def test_a_span_of_time_is_no_number(settings, value):
    settings.EVENTBUS_LEASE = value
    assert "EVENTBUS_LEASE = timedelta(seconds=60)  # how long" in only_error().hint


@pytest.mark.parametrize("name", ["MAX_ATTEMPTS", "ALERT_FAILURES"])
def test_yes_is_no_number(settings, name):
    setattr(settings, PREFIX + name, True)
    assert only_error().id == "eventbus.E004"


@pytest.mark.parametrize("name", BOUNDED)
def test_a_setting_that_is_too_small_is_told_the_least_it_must_be(settings, name):
    least = SETTINGS[name].at_least
    step = timedelta(microseconds=1) if isinstance(least, timedelta) else type(least)(1)
    setattr(settings, PREFIX + name, least - step)
    errors = [error for error in check_project() if error.id == "eventbus.E005"]
    assert [f"must be {written(least)} or more" in error.msg for error in errors] == [True]
    setattr(settings, PREFIX + name, least)
    assert not [error for error in check_project() if error.id != "eventbus.E007"]


@pytest.mark.parametrize(("name", "value"), [("MAX_ATTEMPTS", 32768), ("ALERT_FAILURES", 101.0)])
def test_a_setting_that_is_too_large_is_told_the_most_it_may_be(settings, name, value):
    setattr(settings, PREFIX + name, value)
    error = only_error()
    assert (error.id, "or less" in error.msg) == ("eventbus.E005", True)


def test_each_form_has_values_that_do_not_fit():
    assert UNFIT.keys() == {name for name, setting in SETTINGS.items() if setting.form}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in UNFIT.items() for value in values]
)
def test_a_value_of_the_right_type_that_cannot_be_used_is_told_what_it_must_be(
    settings, name, value
):
    setattr(settings, PREFIX + name, value)
    error = only_error()
    assert error.id == "eventbus.E006"
    assert error.msg.startswith(f"{PREFIX}{name} must ")


@pytest.mark.parametrize("name", ["BROKER_URL", "KEYS", "FINGERPRINT_KEY", "ALERT_WEBHOOK"])
@pytest.mark.parametrize("value", ["ftp://user:xyzzy@host/", ["xyzzy", ""], {"xyzzy": 1}])
def test_a_secret_is_not_in_what_is_said_of_it(settings, name, value):
    setattr(settings, PREFIX + name, value)
    assert "xyzzy" not in str(check_project())


def test_an_authority_for_a_broker_without_tls_is_a_contradiction(settings, tmp_path):
    authority = tmp_path / "ca.pem"
    authority.touch()
    settings.EVENTBUS_BROKER_CA = authority
    settings.EVENTBUS_BROKER_URL = "rediss://broker.example.org/0"
    assert check_project() == []
    settings.EVENTBUS_BROKER_URL = "redis://broker.example.org/0"
    assert only_error().id == "eventbus.E007"


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("LEASE", "BATCH_WITHIN"),
        ("OVERDUE_AFTER", "BATCH_WITHIN"),
        ("OVERDUE_AFTER", "BATCH_LINGER"),
    ],
)
def test_a_span_that_would_end_while_a_batch_gathers_or_runs_is_a_contradiction(
    settings, name, shorter
):
    setattr(settings, PREFIX + shorter, timedelta(seconds=2))
    setattr(settings, PREFIX + name, timedelta(seconds=2))
    error = only_error()
    assert (error.id, error.msg.startswith(PREFIX + name)) == ("eventbus.E007", True)
    assert error.hint == f"Make {PREFIX}{shorter} shorter than timedelta(seconds=2)"


def test_a_way_past_the_pooler_to_another_database_is_a_contradiction(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "direct", settings.DATABASES["default"])
    monkeypatch.setitem(settings.DATABASES, "other", {"NAME": "other"})
    settings.EVENTBUS_DIRECT_DATABASE = "direct"
    assert check_project() == []
    settings.EVENTBUS_DIRECT_DATABASE = "other"
    assert only_error().id == "eventbus.E007"
