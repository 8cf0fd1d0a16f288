"""Whatever listens beyond this machine is known, however it was told to."""

import asyncio
import os
import socket
import subprocess
import sys

import pytest
from django.test import override_settings

from devtools.system import PROJECT
from shop.listen_addresses import is_public, names_other_host, requested_addresses
from shop.web import local_only
from tests.unit.web.asking import ask, say_ok

HERE = ("127.0.0.1", "127.8.9.1", "::1", "localhost", "[::1]:80", "127.0.0.1:80", "127.1")
SOCKETS = ("unix:/run/shop.sock", "fd://3")
BEYOND = ("0.0.0.0", "::", "", "0", "192.0.2.7", "[::]:80", ":80", "0.0.0.0:80", "nowhere.invalid")


@pytest.mark.parametrize("place", [*HERE, *SOCKETS])
def test_a_place_that_only_this_machine_reaches_is_here(place):
    assert not is_public(place)


@pytest.mark.parametrize("place", BEYOND)
def test_every_other_place_is_reached_from_elsewhere(place):
    assert is_public(place)


@pytest.mark.parametrize("name", ["", "localhost", "shop.localhost", "127.0.0.2", "[::1]"])
def test_a_name_of_this_machine_is_not_public(name):
    assert not names_other_host(name)


@pytest.mark.parametrize("name", ["*", "shop.example", "0.0.0.0", "localhost.example", ".com"])
def test_any_other_name_is(name):
    assert names_other_host(name)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("uvicorn shop.asgi:application --host 0.0.0.0", "0.0.0.0"),
        ("uvicorn shop.asgi:application --host=::", "::"),
        ("gunicorn -b 0.0.0.0:80 shop.asgi", "0.0.0.0:80"),
        ("gunicorn -b0.0.0.0:80 shop.asgi", "0.0.0.0:80"),
        ("hypercorn --bind 0.0.0.0:80 shop.asgi", "0.0.0.0:80"),
        ("celery -A shop flower --address=0.0.0.0", "0.0.0.0"),
        ("manage.py runserver 0:8000", "0:8000"),
    ],
)
def test_the_command_line_of_a_server_says_where_it_will_listen(line, place):
    assert list(requested_addresses(line.split(), {})) == [place]


@pytest.mark.parametrize(
    "line", ["manage.py axes_reset_ip 192.0.2.7", "celery -b redis://192.0.2.7 -A billing worker"]
)
def test_a_command_that_serves_nothing_names_no_place(line):
    assert not list(requested_addresses(line.split(), {}))


def test_a_server_told_by_hand_to_listen_to_all_does_not_start_with_the_usual_secrets():
    command = [sys.executable, "-m", "uvicorn", "shop.asgi:application", "--host", "0.0.0.0"]
    done = subprocess.run(
        [*command, "--port", "0"],
        cwd=PROJECT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "SECRET_KEY: needs a secret" in done.stderr


@pytest.mark.parametrize(
    ("place", "production", "status"),
    [("127.0.0.1", False, 200), ("0.0.0.0", True, 200), ("0.0.0.0", False, 503)],
)
def test_who_listens_beyond_this_machine_all_the_same_answers_nobody(place, production, status):
    local_only._is_open.cache_clear()
    with socket.create_server((place, 0)), override_settings(PRODUCTION=production):
        answered = asyncio.run(ask(local_only.LocalOnly(say_ok)))
    local_only._is_open.cache_clear()
    assert answered.status == status
    assert "0.0.0.0" not in answered.text
