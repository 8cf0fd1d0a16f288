"""A shop with a public address starts only when it is safe; on one's own machine it just starts."""

import os
import subprocess
import sys

import pytest

from tests.settings_read import refusal, settings_with

SAFE = {
    "SECRET_KEY": "d3K9-rN0vQ2m_XcT7yLw5bPz8HfJ4sAeUgRi6oMkWqVtYx1C-abcd",
    "FINGERPRINT_KEY": "q7Vw2-Xk9Rb4_Tn6Lc1Ys8Gd5Pj3Hf0Me-Uz6Ai4Oq2Wt8Ev9Sb",
    "EVENTBUS_KEYS": "Zt4Qm8Wn2Kc6Rv0Ld5Xs9Hb3Yg7Pj1Fa,Old4Qm8Wn2Kc6Rv0Ld5Xs9Hb3Yg7Pj1Fa",
    "FLOWER_PASSWORD": "correct horse battery",
    "SHOP_URL": "https://shop.example",
    "ALLOWED_HOSTS": "shop.example",
    "TRUSTED_PROXIES": "1",
}


def causes(**env: str) -> list[str]:
    """The names of the variables for which the shop does not start, a line each."""
    return [line.partition(":")[0] for line in refusal(**env).splitlines()]


@pytest.mark.parametrize(
    "address",
    [
        {"ALLOWED_HOSTS": "shop.example,localhost"},
        {"SHOP_URL": "https://shop.example"},
        {"SHOP_HOST": "0.0.0.0"},
        {"SHOP_HOST": "::"},
        {"SHOP_HOST": ""},
        {"SHOP_HOST": "192.0.2.1"},
        {"UVICORN_HOST": "0.0.0.0"},
    ],
)
def test_a_public_address_is_refused_with_a_line_for_each_cause(address):
    found = causes(**address)
    assert {"SECRET_KEY", "FINGERPRINT_KEY", "EVENTBUS_KEYS", "FLOWER_PASSWORD"} <= set(found)
    assert "TRUSTED_PROXIES" in found
    assert ("SHOP_URL" in found) == ("SHOP_URL" not in address)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("FINGERPRINT_KEY", ""),
        ("EVENTBUS_KEYS", "short"),
        ("EVENTBUS_KEYS", f"{SAFE['EVENTBUS_KEYS']},insecure-development-bus-key"),
        ("FLOWER_PASSWORD", "flower"),
        ("DEBUG", "true"),
        ("WEBHOOKS_ALLOW_LOCAL", "true"),
        ("SHOP_URL", "http://shop.example"),
        ("ALLOWED_HOSTS", "*,shop.example"),
        ("ALLOWED_HOSTS", ".example,shop.example"),
        ("ALLOWED_HOSTS", "another.example"),
        ("TRUSTED_PROXIES", "0"),
    ],
)
def test_each_cause_alone_is_enough(name, value):
    assert causes(**SAFE | {name: value}) == [name]


@pytest.mark.parametrize("name", ["SECRET_KEY", "EVENTBUS_KEYS", "FLOWER_PASSWORD"])
def test_a_secret_that_is_refused_is_not_printed(name):
    assert "hunter2" not in refusal(**SAFE | {name: "hunter2"})


@pytest.mark.parametrize(
    ("name", "value"),
    [("SECRET_KEY", ""), ("FLOWER_PASSWORD", ""), ("EVENTBUS_KEYS", ""), ("EVENTBUS_KEYS", "a,,b")],
)
def test_there_is_no_shop_without_a_secret_anywhere(name, value):
    assert refusal(**{name: value}).startswith(name)


@pytest.mark.parametrize("rates", ["checkout", "checkout=0/60", "checkout=1/x", "sleep=1/1"])
def test_a_rate_that_cannot_be_read_is_refused(rates):
    assert "RATE_LIMITS" in refusal(RATE_LIMITS=rates)


STARTED = """
import sys, django; django.setup(); import shop.urls
print([name for name in sys.modules if name.partition(".")[0] == "devtools"])
from django.core.management import call_command, execute_from_command_line
call_command("check", deploy=True, fail_level="WARNING")
execute_from_command_line(["manage.py", "load_demo"])
"""


def test_in_production_deployment_checks_find_nothing_and_no_developers_tool_is_there():
    """Nor the demo, whose passwords everybody knows; the checks end a program that fails them."""
    command = [sys.executable, "-c", STARTED]
    done = subprocess.run(command, env=os.environ | SAFE, capture_output=True, text=True)
    assert done.stdout.startswith("[]\nSystem check identified no issues"), done.stderr
    assert done.returncode == 1
    assert done.stderr.startswith("Unknown command: 'load_demo'")


def test_developers_tools_are_there_only_outside_production():
    assert "devtools" in settings_with()["INSTALLED_APPS"]
    assert "devtools" not in settings_with(**SAFE)["INSTALLED_APPS"]


def test_the_whole_shop_is_not_run_with_it_either():
    command = [sys.executable, "-m", "devtools.run"]
    done = subprocess.run(command, env=os.environ | SAFE, capture_output=True, text=True)
    assert done.returncode == 1
    assert "SHOP_RUN_EXCLUDE" in done.stderr
