"""A real mail server: what arrives, how often, and what is done when it refuses or is away."""

import smtplib
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller

from eventbus.delivery.models import Delivery
from eventbus.testing import given, redeliver
from notifications import gateway
from notifications.models import Mail
from tests.unit.notifications import facts

pytestmark = pytest.mark.django_db


class Server:
    """Keeps what it takes; answers a recipient with what `answers` says, else takes it."""

    def __init__(self, port: int) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.of_the_mail = "250 OK"
        self.of_the_sender = "250 OK"
        self.controller = Controller(self, hostname="127.0.0.1", port=port)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        envelope.mail_from = address
        return self.of_the_sender

    async def handle_DATA(self, server, session, envelope):
        if not self.of_the_mail.startswith("2"):
            return self.of_the_mail
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def server(settings):
    """A mail server that is the shop's, not started yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.EMAIL_PORT = free.getsockname()[1]
    server = Server(settings.EMAIL_PORT)
    yield server
    server.controller.stop(no_assert=True)


@pytest.fixture
def running(server) -> Server:
    server.controller.start()
    return server


def retry_is_due() -> None:
    Delivery.objects.filter(state__in=Delivery.OPEN).update(
        state=Delivery.State.WAITING, leased_until=None
    )


def test_mail_arrives_as_text_and_html_with_its_headers(running):
    given(facts.placed(), to="notifications")
    [message], mail = running.taken, Mail.objects.get()
    text, html = message.get_body(["plain"]), message.get_body(["html"])
    assert message.get_content_type() == "multipart/alternative"
    assert text.get_content().split() == mail.text.split()
    assert html.get_content().split() == mail.html.split()
    assert message["Message-ID"] == mail.message_id
    assert message["Subject"] == "We have your order S-1001"
    assert message["To"] == facts.ADA
    assert message["Auto-Submitted"] == "auto-generated"
    assert mail.sent_at


def test_duplicates_arrive_once(running):
    fact = facts.placed()
    given(fact, to="notifications", times=3)
    redeliver(fact, to="notifications")
    assert len(running.taken) == 1


def test_server_down_then_up_is_one_mail(server):
    """While it is down the delivery fails and the mail says why; then it is sent once."""
    fact = facts.placed()
    with pytest.raises(AssertionError, match="ConnectionRefusedError"):
        given(fact, to="notifications")
    mail = Mail.objects.get()
    assert mail.state == "sending"
    assert "ConnectionRefusedError" in mail.error
    assert Delivery.objects.get(reaction="acknowledge_order").state == "failed"
    server.controller.start()
    retry_is_due()
    redeliver(fact, fact, to="notifications")
    mail = Mail.objects.get()
    assert (mail.state, mail.error) == ("sent", "")
    assert [message["Message-ID"] for message in server.taken] == [mail.message_id]


def test_refused_recipient_is_final(running):
    running.answers[facts.ADA] = "550 No such user here"
    fact = facts.placed()
    given(fact, to="notifications", times=2)
    mail = Mail.objects.get()
    assert (mail.state, mail.error) == ("failed", "550 No such user here")
    assert running.taken == []
    assert Delivery.objects.get(reaction="acknowledge_order").state == "done"


def test_mail_refused_after_it_was_read_is_final(running):
    running.of_the_mail = "550 No such user here, after all"
    given(facts.placed(), to="notifications")
    mail = Mail.objects.get()
    assert mail.state == "failed"
    assert "No such user here" in mail.error


@pytest.mark.parametrize(
    "answers", [{"of_the_mail": "451 Later"}, {"of_the_sender": "550 Not you"}]
)
def test_what_may_be_mended_is_tried_again(running, answers):
    """A server that is busy, or does not know us yet: the recipient is not at fault."""
    vars(running).update(answers)
    with pytest.raises(AssertionError, match="SMTP"):
        given(facts.placed(), to="notifications")
    assert Mail.objects.get().state == "sending"


@pytest.mark.parametrize(
    "email",
    [
        "ada@" + "ü" * 63 + ".example",
        "ada@\u05d0a.example",
        "ada@xn--" + "a" * 70 + ".example",
        "İ" * 240 + "@x.example",
        "jürgen@shop.example",
        "a" * 300 + "@shop.example",
        "a" * 5000,
        "ada",
        "@",
        "ada@",
        "ada@a b.example",
        "ada\nbcc: eve@shop.example",
        "ada@shop.example, eve@shop.example",
        "<>@,;:.\u202e",
    ],
)
def test_address_that_no_mail_can_reach_is_a_refusal_on_record(running, email):
    """At once, with nothing failed, tried again or parked, in whatever event it comes."""
    given(facts.placed(email), to="notifications", times=2)
    given(facts.cart(uuid4(), 1, email=email), facts.wanted(email), to="notifications")
    given(facts.stocked(3), to="notifications")
    facts.time_passes()
    [mail] = Mail.objects.all()
    assert (mail.state, mail.error) == ("failed", "no mail can be sent to this address")
    assert running.taken == []
    ours = Delivery.objects.filter(app="notifications")
    assert set(ours.values_list("state", flat=True)) == {"done"}


def test_greylisted_recipient_is_tried_again(running):
    running.answers[facts.ADA] = "450 Come back later"
    fact = facts.placed()
    with pytest.raises(AssertionError, match="SMTPRecipientsRefused"):
        given(fact, to="notifications")
    assert Mail.objects.get().error == "450 Come back later"
    running.answers.clear()
    retry_is_due()
    redeliver(fact, to="notifications")
    assert Mail.objects.get().state == "sent"
    assert len(running.taken) == 1


class PowerCut(BaseException):
    """The process ends here."""


@pytest.fixture
def power_cut_after_sending(monkeypatch):
    """The process ends when the server has taken a mail, once."""
    with monkeypatch.context() as patch:

        def crash(connection):
            connection.close()
            patch.undo()
            raise PowerCut

        patch.setattr(smtplib.SMTP, "quit", crash)
        yield


@pytest.mark.usefixtures("power_cut_after_sending")
def test_crash_after_sending_sends_again_under_the_same_message_id(running):
    """SMTP has no idempotency key: receivers know the copy by its Message-ID."""
    fact = facts.placed()
    with pytest.raises(PowerCut):
        given(fact, to="notifications")
    assert Mail.objects.get().state == "sending"
    Mail.objects.update(created="2026-01-02T03:04:05Z")
    retry_is_due()
    redeliver(fact, to="notifications")
    first, copy = running.taken
    assert first["Message-ID"] == copy["Message-ID"]
    assert copy["Date"] == "Fri, 02 Jan 2026 03:04:05 -0000"
    assert Mail.objects.get().state == "sent"


def test_mail_that_was_sent_is_not_sent_again_by_hand(running):
    """A person may open a closed delivery again: what is on record as sent stays sent."""
    fact = facts.placed()
    given(fact, to="notifications")
    Delivery.objects.update(state=Delivery.State.WAITING)
    redeliver(fact, to="notifications")
    assert len(running.taken) == 1


def test_deliver_says_nothing_when_the_server_took_the_mail(running):
    given(facts.placed(), to="notifications")
    assert gateway.deliver(Mail.objects.get()) == ""
