"""What the address of a receiver may be."""

import pytest

from eventbus.bridges.webhooks.errors import RefusedSubscription
from eventbus.bridges.webhooks.receiver_url import checked_url


@pytest.fixture(autouse=True)
def _outside(settings, _local):
    settings.EVENTBUS_WEBHOOKS_ALLOW_LOCAL = False


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://receiver.example/", "must begin with https:// and a host"),
        ("ftp://receiver.example/", "must begin with https://"),
        ("receiver.example", "must begin with https://"),
        ("https://", "must begin with https:// and a host"),
        ("https://ada:secret@receiver.example/", "no user name or password"),
        ("https://ada@receiver.example/", "no user name or password"),
        ("https://receiver.example/#part", "no part after #"),
        ("https://receiver.example:22/", "must have port 443, or one from 1024"),
        ("https://receiver.example:99999/", "is not a web address"),
        ("https://[::1/", "is not a web address"),
        ("https://receiver.example/a b", "without blanks"),
        ("https://receiver.example/\r\nX-Evil: 1", "without blanks"),
        ("https://receiver.example/\u200b", "without blanks"),
        ("https://receiver.example/ü", "write others as %XX"),
        ("https://receiver.example/" + "a" * 500, "at most 500 characters"),
        ("https://127.0.0.1/", "not one of the public internet"),
        ("https://[::1]/", "not one of the public internet"),
        ("https://[::ffff:10.0.0.1]/", "not one of the public internet"),
        ("https://169.254.169.254/latest/meta-data", "not one of the public internet"),
        ("https://localhost/", "not one of the public internet"),
        ("https://a.localhost./", "not one of the public internet"),
        ("https://-ü-.example/", "a host that is not a name"),
    ],
)
def test_address_that_cannot_be_a_receivers_is_refused_with_the_reason(url, why):
    with pytest.raises(RefusedSubscription) as refusal:
        checked_url(url)
    assert refusal.value.field == "url"
    assert why in refusal.value.why


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("https://receiver.example", "https://receiver.example"),
        (" https://Receiver.Example:8443/Hook?a=B ", "https://receiver.example:8443/Hook?a=B"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://[2606:4700::1]:8443/", "https://[2606:4700::1]:8443/"),
        ("https://1.1.1.1/", "https://1.1.1.1/"),
    ],
)
def test_address_is_stored_as_it_is_asked_for(url, stored):
    assert checked_url(url) == stored


def test_a_development_machine_may_name_itself(settings):
    settings.EVENTBUS_WEBHOOKS_ALLOW_LOCAL = True
    assert checked_url("http://localhost:9000/hook") == "http://localhost:9000/hook"
