"""`EMAIL_URL` says where the mails go."""

import pytest

from tests.security.test_production import SAFE
from tests.settings_read import settings_with


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://mail.example:2525", 2525, False, False),
        ("smtps://mail.example", 465, True, False),
        ("smtp+tls://mail.example", 587, False, True),
    ],
)
def test_mail_server_is_read_from_its_address(url, port, ssl, tls):
    seen = settings_with(EMAIL_URL=url)
    assert seen["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (seen["EMAIL_HOST"], seen["EMAIL_PORT"]) == ("mail.example", port)
    assert (seen["EMAIL_USE_SSL"], seen["EMAIL_USE_TLS"]) == (ssl, tls)
    assert not seen["MAILS_PAGE_PUBLIC"]


def test_user_and_password_may_hold_any_sign():
    seen = settings_with(EMAIL_URL="smtp://me%40here:p%2Fw@mail.example")
    assert (seen["EMAIL_HOST_USER"], seen["EMAIL_HOST_PASSWORD"]) == ("me@here", "p/w")


@pytest.mark.parametrize(("environment", "public"), [({}, True), (SAFE, False)])
def test_without_a_mail_server_mails_are_files_open_to_this_machine_only(environment, public):
    seen = settings_with(EMAIL_URL="", **environment)
    assert seen["EMAIL_BACKEND"] == "notifications.filebackend.EmailBackend"
    assert seen["MAILS_PAGE_PUBLIC"] is public
