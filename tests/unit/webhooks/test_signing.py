"""What is sent is signed by Standard Webhooks: their own library says so."""

import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from eventbus.bridges.webhooks.signing import new_secret, signed_headers

ID, BODY = "0199-an-event", b'{"type":"orders.OrderPlaced","data":{"name":"J\xc3\xbcrgen"}}'


def headers(*secrets, at=None, body=BODY):
    return signed_headers(ID, at or int(time.time()), body, secrets)


def test_official_library_takes_what_is_signed():
    secret = new_secret()
    assert Webhook(secret).verify(BODY, headers(secret))["type"] == "orders.OrderPlaced"


def test_while_a_secret_is_replaced_either_verifies():
    new, old = new_secret(), new_secret()
    signed = headers(new, old)
    assert Webhook(new).verify(BODY, signed) == Webhook(old).verify(BODY, signed)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "another"},
        {"webhook-timestamp": str(int(time.time()) - 1)},
        {"webhook-timestamp": str(int(time.time()) - 3600)},
    ],
)
def test_another_id_or_time_is_not_what_was_signed(change):
    secret = new_secret()
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, headers(secret) | change)


def test_another_body_or_secret_is_not_what_was_signed():
    secret = new_secret()
    for receiver, body in ((secret, BODY + b" "), (new_secret(), BODY)):
        with pytest.raises(WebhookVerificationError):
            Webhook(receiver).verify(body, headers(secret))
