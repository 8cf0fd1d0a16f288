"""The tour is never on a shop that others can reach, by three locks."""

import subprocess
import sys

import pytest
from django.test import RequestFactory

from devtools import tour_locks
from devtools.system import PROJECT
from shop.environment import BASE_DIR, Environment

HERE = Environment(shop_host="127.0.0.1")
#: What makes a shop one that others can reach, or one whose cards are real.
OPEN = [
    {"shop_host": "0.0.0.0"},
    {"shop_host": "::"},
    {"allowed_hosts": "shop.example"},
    {"shop_url": "https://shop.example"},
    {"payment_gateway": "stripe"},
]
#: What is deployed, or says how.
DEPLOYED = ["Dockerfile", "compose.yaml", "deploy"]


def request(address, **headers):
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


def test_a_shop_of_this_machine_alone_may_have_a_tour():
    assert tour_locks.hindrances(HERE) == []


@pytest.mark.parametrize("setting", OPEN, ids=str)
def test_another_may_not_and_hears_which_setting_is_why(setting):
    env = HERE.model_copy(update=setting)
    (name,) = setting
    assert name.upper() in "".join(tour_locks.hindrances(env))
    with pytest.raises(SystemExit, match=name.upper()):
        tour_locks.refuse_public(env)


def test_the_settings_with_the_tour_do_not_load_for_one_that_takes_real_cards():
    load = [sys.executable, "-c", "import devtools.tour.settings"]
    env = {"PATH": "/usr/bin:/bin", "PAYMENT_GATEWAY": "stripe", "STRIPE_SECRET_KEY": "sk_test_1"}
    run = subprocess.run(load, cwd=PROJECT, env=env, capture_output=True, text=True)
    assert run.returncode == 1
    assert "PAYMENT_GATEWAY" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_shops_own_settings_have_no_tour(settings):
    assert "devtools.tour" not in settings.INSTALLED_APPS
    assert "tour" not in (BASE_DIR / "shop" / "settings.py").read_text(encoding="utf-8")


def test_nothing_that_is_deployed_names_the_tour_or_make_run():
    roots = [BASE_DIR / name for name in DEPLOYED]
    files = [f for root in roots for f in (root.rglob("*") if root.is_dir() else [root])]
    texts = {f: f.read_text(encoding="utf-8") for f in files if f.is_file()}
    assert len(texts) > len(DEPLOYED)
    assert [f for f, text in texts.items() if "devtools" in text or "SETTINGS_MODULE" in text] == []


@pytest.mark.parametrize("address", ["127.0.0.1", "127.80.0.1", "::1", "::ffff:127.0.0.1"])
def test_who_is_at_this_machine_is_here(address):
    assert tour_locks.is_here(request(address))


@pytest.mark.parametrize("address", ["", "192.0.2.7", "10.0.0.1", "fe80::1", "nonsense"])
def test_who_comes_from_elsewhere_is_not(address):
    assert not tour_locks.is_here(request(address))


@pytest.mark.parametrize("header", tour_locks.FORWARDED)
def test_nor_is_who_comes_by_a_proxy_of_this_machine(header):
    assert not tour_locks.is_here(request("127.0.0.1", **{header: "127.0.0.1"}))
