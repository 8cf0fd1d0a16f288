"""A broker at amqps:// or rediss:// must prove that it is the one that was asked for."""

import pytest

from devtools.chaos.proxy import Proxy
from eventbus.messaging import broker
from tests.system.brokers.certificates import server_side


@pytest.fixture
def secure(environment):
    """The broker's address for TLS. The wheel's Valkey speaks none; what stands before it does."""
    if broker.is_rabbitmq():
        yield environment.server.tls_url
    else:
        with Proxy(environment.server.address, server_side(environment.certificate)) as front:
            yield f"rediss://localhost:{front.port}/0"


def is_trusted():
    with broker.connect() as connection:
        try:
            connection.default_channel.close()
        except broker.errors():
            return False
    return True


def test_a_worker_works_over_tls(environment, mail, secure):
    over_tls = {"BROKER_URL": secure, "BROKER_CA": str(environment.certificate.authority)}
    with environment.with_environment("relay", "app_b", **over_tls):
        mail.delivered()


def test_a_broker_is_trusted_by_the_authority_that_is_set_and_by_its_name(
    environment, secure, settings
):
    settings.EVENTBUS_BROKER_URL, settings.EVENTBUS_BROKER_CA = (
        secure,
        str(environment.certificate.authority),
    )
    assert is_trusted()
    settings.EVENTBUS_BROKER_URL = secure.replace("localhost", "127.0.0.1")
    assert not is_trusted()


def test_a_broker_that_nobody_knows_is_not_trusted(secure, settings):
    settings.EVENTBUS_BROKER_URL = secure
    assert not is_trusted()
