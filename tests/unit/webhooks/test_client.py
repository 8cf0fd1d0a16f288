"""One request: signed, in time, read in part, to no other place than the one that was named."""

import os
from uuid import UUID, uuid4

import pytest
from standardwebhooks import Webhook

from eventbus.bridges.webhooks.client import KEPT, Request, post
from eventbus.bridges.webhooks.connection import MOST
from eventbus.bridges.webhooks.signing import new_secret
from tests.unit.webhooks.receiver import answer, receiving

SECRET = new_secret()
EVENT = UUID("01994d2e-0000-7000-8000-000000000001")


def request(url, body=b"{}"):
    return Request(uuid4(), EVENT, url, body, (SECRET,))


def test_event_is_posted_as_json_under_its_id_and_the_official_library_verifies_it(receiver):
    outcome = post(request(receiver.url, b'{"type":"a"}'))
    assert (outcome.status, outcome.error, outcome.response) == (200, "", "OK")
    [got] = receiver.received
    assert got.path == "/hook?from=shop"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"] == str(EVENT)
    assert Webhook(SECRET).verify(got.body, got.headers) == {"type": "a"}


@pytest.mark.parametrize("status", [204, 201, 400, 410, 500, 503])
def test_what_counts_is_the_status(receiver, status):
    receiver.answers = [answer(status)]
    outcome = post(request(receiver.url))
    assert (outcome.status, outcome.is_taken) == (status, status < 300)
    assert bool(outcome.error) != outcome.is_taken


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(receiver, status):
    with receiving() as other:
        receiver.answers = [answer(status, b"", f"Location: {other.url}")]
        outcome = post(request(receiver.url))
        assert "redirects" in outcome.error
        assert other.received == []


@pytest.mark.parametrize(
    "pieces",
    [
        [b"", *[b""] * 20],
        [b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n"] + [b"X: 1\r\n"] * 20,
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 20,
    ],
)
def test_who_takes_too_long_for_all_of_it_together_has_not_answered(receiver, pieces):
    receiver.answers = [pieces]
    outcome = post(request(receiver.url))
    assert (outcome.status, outcome.error) == (None, "no answer within 0.3 s")
    assert outcome.duration_ms < 1000


def test_body_that_never_ends_is_read_no_longer_than_time_allows_and_the_status_counts(receiver):
    receiver.answers = [[b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b"a"] + [b"a"] * 50]
    outcome = post(request(receiver.url))
    assert outcome.is_taken
    assert outcome.duration_ms < 1000


def test_of_a_long_body_only_the_beginning_is_read(receiver):
    receiver.answers = [answer(500, b"\xff\x00long" * 10**6)]
    outcome = post(request(receiver.url))
    assert outcome.status == 500
    assert len(outcome.response) <= KEPT
    assert "\0" not in outcome.response


def test_headers_without_end_are_given_up(receiver):
    head = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X%d: %s\r\n" % (n, b"a" * 1000) for n in range(99))
    receiver.answers = [head]
    assert len(head) > MOST
    assert post(request(receiver.url)).error == f"its answer has more than {MOST} bytes"


@pytest.mark.parametrize("text", [b"\x00\xff\xfe nonsense", b"", b"SSH-2.0-OpenSSH\r\n"])
def test_who_speaks_no_http_has_not_answered(receiver, text):
    receiver.answers = [text]
    outcome = post(request(receiver.url))
    assert outcome.status is None
    assert outcome.error


def test_who_is_not_there_has_not_answered(receiver):
    with receiving() as gone:
        pass
    assert "refused" in post(request(gone.url)).error


def test_who_has_no_certificate_is_told_nothing(receiver):
    outcome = post(request(receiver.url.replace("http:", "https:")))
    assert outcome.status is None
    assert receiver.received == [] or b"{}" not in receiver.received[0].body


def test_no_proxy_of_the_environment_is_asked(receiver, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")
    assert post(request(receiver.url)).is_taken
