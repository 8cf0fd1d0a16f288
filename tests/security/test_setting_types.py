"""What is handed on to another program is read there as it was meant, or refused at start."""

import os
import subprocess
import sys
from base64 import b64encode
from datetime import timedelta
from email.utils import getaddresses
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMessage
from flower.command import apply_env_options
from flower.views import BaseHandler
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationError
from pydantic_settings import SettingsConfigDict
from supervisor.options import ServerOptions
from tornado.options import options
from tornado.web import HTTPError

from devtools.embedded import make_run_folder
from devtools.run.__main__ import environment
from devtools.run.supervisor import write_workers
from shop import setting_types
from shop.environment import BASE_DIR, Environment

FIELDS = Environment.model_fields
TEXTS = sorted(name for name, field in FIELDS.items() if field.annotation in (str, Path))
NUMBERS = sorted(name for name, field in FIELDS.items() if field.annotation in (float, int))
WRONG = [
    ("FLOWER_PASSWORD", "ab,a long enough one"),
    ("FROM_EMAIL", "Hearth, Sill <shop@shop.example>"),
    ("FROM_EMAIL", "shop"),
    ("STAFF_EMAIL", "a@shop.example, b@shop.example"),
    ("EMAIL_URL", "smtp://user:pa#ss@mail.example"),
    ("EMAIL_URL", "smtp://user:pa/ss@mail.example"),
    ("EMAIL_URL", "smtp://user:p%C3%A4ss@mail.example"),
    ("EMAIL_URL", "mail.example"),
    ("EMAIL_URL", "smtp://mail.example:smtp"),
    ("DATABASE_URL", "postgres://user:pa#ss@db.example/shop"),
    ("DATABASE_URL", "postgres://user:pa/ss@db.example/shop"),
    ("BROKER_URL", "amqp://user:pa#ss@broker.example//"),
    ("BROKER_URL", "redis://:pa/ss@broker.example"),
    ("BROKER_CA", "/nowhere/ca.pem"),
    ("WEBHOOKS_RETRY_AFTER", "5,,300"),
    ("WEBHOOKS_RETRY_AFTER", "5,soon"),
    ("WEBHOOKS_RETRY_AFTER", "0"),
    ("SHOP_HOST", "127.0.0.1 --reload"),
    ("SHOP_URL", "shop.example"),
    ("SHOP_URL", "https://shop.example/?from=mail"),
    ("ALLOWED_HOSTS", "https://shop.example"),
    ("ALLOWED_HOSTS", "shop.example:8000"),
    ("LOG_LEVEL", "loud"),
    ("METRICS_TOKEN", "two words"),
    ("STRIPE_SECRET_KEY", "sk_test_ä"),
    ("OTLP_ENDPOINT", "collector:4318"),
    ("ALERT_WEBHOOK", "ftp://alerts.example"),
    ("ORDER_EXPIRES_AFTER", "nan"),
    ("EVENTBUS_LEASE", "inf"),
    ("CART_REMINDER_AFTER", "-1"),
    ("TIME_ZONE", "Vienna"),
    ("TIME_ZONE", "../../etc/passwd"),
    ("TIME_ZONE", ""),
]


class OneByOne(Environment):
    """The settings, of which each can be set by itself: to read all of them takes long."""

    model_config = SettingsConfigDict(validate_assignment=True)


DEFAULTS = OneByOne()


def accepted(name: str, value: object) -> bool:
    try:
        setattr(DEFAULTS.model_copy(), name, value)
    except ValidationError:
        return False
    return True


def test_every_text_among_the_settings_says_who_reads_it():
    for name in TEXTS:
        kinds = [type(part) for part in FIELDS[name].metadata]
        assert {AfterValidator, BeforeValidator} & set(kinds), (
            f"{name}: a kind of shop.setting_types"
        )


@pytest.mark.parametrize("odd", ["\n", "\r", "\x1b", "\u202e", "\u200b"])
def test_no_text_has_what_cannot_be_seen(odd):
    assert [name for name in TEXTS if accepted(name, f"{FIELDS[name].default}{odd}x")] == []


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_would_be_read_otherwise_is_refused(name, value):
    assert not accepted(name.lower(), value)


def test_what_stands_there_by_default_is_accepted():
    assert [name for name in TEXTS if not accepted(name, FIELDS[name].default)] == []


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e300", "1e11"])
def test_no_number_is_more_than_a_time_can_be(number):
    for name in (name for name in NUMBERS if accepted(name, number)):
        assert timedelta(seconds=float(number)), name


def test_a_wrong_setting_is_one_line_that_keeps_what_is_secret():
    command = [sys.executable, "-c", "import shop.settings"]
    wrong = {"FLOWER_PASSWORD": "ab,cdefghijkl", "ORDER_EXPIRES_AFTER": "nan"}
    done = subprocess.run(command, env=os.environ | wrong, capture_output=True, text=True)
    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines)) == (1, 2), done.stderr
    assert lines[0].startswith("FLOWER_PASSWORD=...: ")
    assert "cdefg" not in done.stderr


@pytest.fixture(autouse=True)
def flower_as_before():
    before = options.basic_auth
    yield
    options.basic_auth = before


def let_in(password: str) -> bool:
    """Return whether Flower, with the options it has now, lets in who gives this password."""
    given = b64encode(f"flower:{password}".encode()).decode()
    handler = SimpleNamespace(
        application=SimpleNamespace(options=options),
        request=SimpleNamespace(headers={"Authorization": f"Basic {given}"}),
    )
    try:
        return bool(BaseHandler.get_current_user(handler))
    except HTTPError:
        return False


@given(st.text(st.characters(codec="ascii", min_codepoint=0x20), min_size=1))
def test_flower_lets_in_the_whole_password_and_no_part_of_it(password):
    assume(accepted("flower_password", password))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLOWER_BASIC_AUTH", f"flower:{password}")
        apply_env_options()
        assert let_in(password)
        assert not any(let_in(password[:end]) for end in range(len(password)))


#: Names, most of which are accepted, beside any text, of which hardly any is.
NAMES = st.text(st.characters(categories=["L", "N"], include_characters=" .-'_")) | st.text()


@given(NAMES)
def test_an_accepted_sender_is_one_address_in_the_header(text):
    sender = f"{text} <shop@shop.example>"
    assume(accepted("from_email", sender))
    header = EmailMessage(from_email=sender, to=["a@shop.example"]).message()["From"]
    assert [address for _, address in getaddresses([str(header)])] == ["shop@shop.example"]


@pytest.mark.parametrize("odd", ["a b", "a ;b", 'a"b', "a'b", "a#b", "100%", "%(x)s", "ü"])
def test_supervisord_writes_its_logs_where_the_state_is(odd, tmp_path, monkeypatch):
    state = tmp_path / odd
    assert TypeAdapter(setting_types.Folder).validate_python(str(state)) == state
    run = make_run_folder(state)
    monkeypatch.chdir(BASE_DIR)
    for name, value in environment(run).items():
        monkeypatch.setenv(name, value)
    (run / "log").mkdir()
    write_workers(run, {"billing": "billing"}, 1, "INFO")
    read = ServerOptions()
    read.realize(["-c", "supervisord.conf"])
    programs = [p for group in read.process_group_configs for p in group.process_configs]
    assert {Path(p.stdout_logfile).parent for p in programs} == {run / "log"}
