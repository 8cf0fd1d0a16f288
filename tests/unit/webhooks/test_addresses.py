"""Events go to servers on the public internet alone, whatever a name server says."""

import socket
from threading import Event as Signal

import pytest

from eventbus.bridges.webhooks import addresses
from eventbus.bridges.webhooks.client import post
from eventbus.bridges.webhooks.errors import RefusedAddress
from tests.unit.webhooks.test_client import request

NOT_PUBLIC = """
    127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1
    169.254.169.254 192.0.0.1 192.0.2.1 198.18.0.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
    168.63.129.16 100.100.100.200 192.88.99.1
    ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 fec0::1 2001:db8::1 100::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1
    64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1::1 2001::1
"""
PUBLIC = "93.184.215.14 1.1.1.1 172.32.0.1 2606:4700::6810:85e5 ::ffff:1.1.1.1 64:ff9b::101:101"


@pytest.fixture
def outside(settings):
    settings.EVENTBUS_WEBHOOKS_ALLOW_LOCAL = False


@pytest.fixture
def names(monkeypatch):
    """What name servers answer; each look-up takes the next answer."""
    answers, real = [], socket.getaddrinfo

    def look_up(host, port, *how, **more):
        if host[0].isdecimal():
            return real(host, port, *how, **more)
        found = answers.pop(0)
        return [(0, 0, 0, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return answers


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_address_that_is_not_public_is_none_to_connect_to(address):
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_address_is(address):
    assert addresses.is_public(address)


def test_name_with_any_address_that_is_not_public_is_refused(outside, names):
    names.append(["1.1.1.1", "10.0.0.1"])
    with pytest.raises(RefusedAddress):
        addresses.resolve("receiver.example", 443, 1)


def test_nothing_is_sent_to_a_name_of_a_private_address(outside, names, receiver):
    names.append(["127.0.0.1"])
    outcome = post(request(f"http://receiver.example:{receiver.port}/"))
    assert (outcome.status, outcome.error) == (
        None,
        "its address is not one of the public internet",
    )
    assert receiver.received == []


def test_connection_goes_to_the_address_that_was_checked_and_asks_no_name_server_again(
    outside, names, receiver, monkeypatch
):
    names += [["127.0.0.1"], ["127.0.0.2"]]
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    assert post(request(f"http://receiver.example:{receiver.port}/")).is_taken
    assert receiver.received[0].headers["host"] == f"receiver.example:{receiver.port}"
    assert len(names) == 1


def test_name_servers_that_do_not_answer_are_given_up(monkeypatch):
    over = Signal()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [over.wait(5)][1:])
    outcome = post(request("https://receiver.example/"))
    over.set()
    assert outcome.error == "its name servers do not answer"


def test_request_shows_no_secret():
    assert "whsec" not in repr(request("https://receiver.example/"))
