"""The mail server of a storm."""

import smtplib
from email.message import EmailMessage

import pytest

from devtools.chaos.mail import MailServer


@pytest.fixture
def server():
    running = MailServer()
    yield running
    running.stop()


def send(server: MailServer, to: str, subject: str, message_id: str) -> None:
    mail = EmailMessage()
    mail["To"], mail["Subject"], mail["Message-ID"], mail["From"] = to, subject, message_id, "a@b.c"
    with smtplib.SMTP("127.0.0.1", int(server.url.rpartition(":")[2])) as connection:
        connection.send_message(mail)


def test_a_copy_under_the_same_message_id_is_one_mail(server):
    for _ in range(2):
        send(server, "ada@x.example", "Your order", "<1@shop>")
    assert (server.taken, server.copies, server.doubled("@x.example")) == (1, 1, [])


def test_the_same_subject_under_another_message_id_is_a_mail_twice(server):
    send(server, "ada@x.example", "Your order", "<1@shop>")
    send(server, "ada@x.example", "Your order", "<2@shop>")
    send(server, "staff@y.example", "Low stock", "<3@shop>")
    send(server, "staff@y.example", "Low stock", "<4@shop>")
    assert server.doubled("@x.example") == ["ada@x.example: Your order"]


def test_a_server_that_is_away_refuses_and_is_back_on_its_port(server):
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        send(server, "ada@x.example", "Your order", "<1@shop>")
    server.start()
    send(server, "ada@x.example", "Your order", "<1@shop>")
    assert server.taken == 1
