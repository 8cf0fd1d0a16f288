"""A bridge says at the start what it lacks."""

import pytest
from django.core.checks import registry as checks
from django.core.exceptions import ImproperlyConfigured

from eventbus import layers, registry
from shop import bridges
from shop.environment import Environment, read_environment

KEY = "Endpoint=sb://shop.example;SharedAccessKeyName=shop;SharedAccessKey=c2VjcmV0"


class Ferry(layers.BridgeConfig):
    name = "eventbus.bridges.ferry"
    library = "decimal"
    needed_settings = ("EVENTBRIDGE_BUS",)
    personal_setting = "EVENTBRIDGE_PERSONAL"


@pytest.fixture
def ferry(monkeypatch) -> Ferry:
    monkeypatch.setattr(checks.registry, "registered_checks", set())
    return Ferry("eventbus.bridges.ferry", registry)


def complaints(ferry: Ferry) -> list[str]:
    ferry.ready()
    (check,) = checks.registry.registered_checks
    return [message.msg for message in check(app_configs=None)]


@pytest.mark.parametrize("library", ["no_such_library", "no_such.library"])
def test_a_library_that_is_not_installed_is_named_with_the_extra_that_brings_it(ferry, library):
    ferry.library = library
    with pytest.raises(ImproperlyConfigured, match=r"pip install 'eventbus\[ferry\]'"):
        ferry.require_installed()


def test_a_setting_that_it_cannot_do_without_is_named(ferry):
    assert complaints(ferry) == ["eventbus.bridges.ferry needs EVENTBUS_EVENTBRIDGE_BUS"]


def test_a_type_that_is_to_show_persons_and_is_none_is_named(ferry, settings):
    settings.EVENTBUS_EVENTBRIDGE_BUS = "shop"
    settings.EVENTBUS_EVENTBRIDGE_PERSONAL = {"orders.OrderPlaced", "orders.OrderPlace"}
    message = "EVENTBUS_EVENTBRIDGE_PERSONAL: no event is orders.OrderPlace"
    assert complaints(ferry) == [message]


@pytest.mark.parametrize(
    ("bridge", "needed"),
    [
        ("kafka", ["KAFKA_SERVERS"]),
        ("eventbridge", ["EVENTBRIDGE_BUS"]),
        ("servicebus", ["SERVICEBUS_CONNECTION_STRING", "SERVICEBUS_TOPIC"]),
    ],
)
def test_a_deployment_that_has_a_bridge_on_says_where_it_leads(bridge, needed, monkeypatch):
    monkeypatch.setenv("BRIDGES", bridge)
    with pytest.raises(SystemExit) as refused:
        read_environment()
    assert [line.partition("=")[0] for line in str(refused.value).splitlines()] == needed
    assert f"is needed for BRIDGES={bridge}" in str(refused.value)


def test_a_connection_string_that_is_wrong_is_not_shown(monkeypatch):
    monkeypatch.setenv("SERVICEBUS_CONNECTION_STRING", f"{KEY}\n")
    with pytest.raises(SystemExit) as refused:
        read_environment()
    assert str(refused.value).startswith("SERVICEBUS_CONNECTION_STRING=...: ")
    assert "c2VjcmV0" not in str(refused.value)


def test_kafka_is_logged_in_to_only_where_that_is_wanted():
    servers = {"kafka_servers": "kafka.example:9092", "kafka_user": "shop", "kafka_password": "k"}
    assert bridges.kafka_options(Environment()) == {}
    assert bridges.kafka_options(Environment(**servers)) == {
        "bootstrap.servers": "kafka.example:9092",
        "security.protocol": "plaintext",
    }
    assert bridges.kafka_options(Environment(**servers, kafka_security="sasl_ssl")) == {
        "bootstrap.servers": "kafka.example:9092",
        "security.protocol": "sasl_ssl",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "shop",
        "sasl.password": "k",
    }
