"""The network between the shop and its broker, as bad as we want it."""

import socket
import threading
import time
from contextlib import closing, suppress

import pytest

from devtools.chaos.proxy import Proxy


@pytest.fixture
def echo(tmp_path):
    """A server on a unix socket that says everything again."""
    path = tmp_path / "echo.sock"
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()
    threading.Thread(target=_serve, args=[server], daemon=True).start()
    yield path
    server.close()


def _serve(server: socket.socket) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            threading.Thread(target=_echo, args=[client], daemon=True).start()


def _echo(client: socket.socket) -> None:
    with closing(client), suppress(OSError):
        while data := client.recv(100):
            client.sendall(data)


@pytest.fixture
def proxy(echo):
    with Proxy(echo) as running:
        yield running


@pytest.fixture
def client(proxy):
    with socket.create_connection(("127.0.0.1", proxy.port), 5) as connected:
        yield connected


def said(client: socket.socket, word: bytes) -> bytes:
    client.sendall(word)
    return client.recv(100)


def is_broken(client: socket.socket) -> bool:
    try:
        return client.recv(100) == b""
    except ConnectionResetError:
        return True


def test_everything_is_passed_on_both_ways(client):
    assert said(client, b"one") == b"one"
    assert said(client, b"two") == b"two"


def test_a_cut_breaks_what_is_connected_and_takes_who_comes_anew(proxy, client):
    said(client, b"one")
    proxy.cut()
    assert is_broken(client)
    with socket.create_connection(("127.0.0.1", proxy.port), 5) as again:
        assert said(again, b"two") == b"two"


def test_who_is_refused_is_broken_off_until_the_network_is_healed(proxy):
    proxy.refuse()
    with socket.create_connection(("127.0.0.1", proxy.port), 5) as refused:
        assert is_broken(refused)
    proxy.heal()
    with socket.create_connection(("127.0.0.1", proxy.port), 5) as again:
        assert said(again, b"two") == b"two"


def test_a_delay_holds_back_each_way(proxy, client):
    said(client, b"one")
    proxy.delay(0.2)
    began = time.monotonic()
    assert said(client, b"two") == b"two"
    assert time.monotonic() - began >= 0.4


def test_a_black_hole_answers_nothing_breaks_nothing_and_gives_back_what_it_took(proxy, client):
    said(client, b"one")
    proxy.blackhole()
    client.sendall(b"two")
    client.settimeout(0.3)
    with pytest.raises(TimeoutError):
        client.recv(100)
    proxy.heal()
    client.settimeout(5)
    assert client.recv(100) == b"two"


def test_a_server_that_is_away_breaks_the_connection(tmp_path):
    with (
        Proxy(tmp_path / "nobody.sock") as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), 5) as client,
    ):
        assert is_broken(client)
