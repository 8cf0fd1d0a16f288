"""Without a mail server mails are files: one for each mail, however often it is sent."""

from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMessage, send_mail

from eventbus.testing import given
from notifications import filebackend
from notifications.models import Mail
from tests.unit.notifications import facts


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "notifications.filebackend.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mails"
    return settings.EMAIL_FILE_PATH


@pytest.mark.django_db
def test_mail_is_a_file_named_by_its_message_id(folder):
    given(facts.placed(), to="notifications")
    mail = Mail.objects.get()
    [file] = folder.iterdir()
    assert file.name == f"{mail.message_id.strip('<>')}.eml"
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["Subject"] == mail.subject
    assert message.get_body(["plain"]).get_content().split() == mail.text.split()


@pytest.mark.django_db
def test_mail_is_the_same_text_each_time_it_is_sent(folder):
    given(facts.placed(), to="notifications")
    mail = Mail.objects.get()
    [file] = folder.iterdir()
    assert file.read_bytes() == mail.message().message().as_bytes()


def test_same_mail_is_the_same_file(folder):
    for body in ("first", "second"):
        EmailMessage("S", body, to=["a@b.example"], headers={"Message-ID": "<1@x>"}).send()
    [file] = folder.iterdir()
    assert "second" in file.read_text()


def test_message_id_cannot_leave_the_folder(folder):
    EmailMessage("S", "b", to=["a@b.example"], headers={"Message-ID": "<../../1@x>"}).send()
    assert [file.name for file in folder.iterdir()] == ["....1@x.eml"]


def test_mails_of_others_are_kept_too(folder):
    """Such as Django's own password reset, which names no Message-ID."""
    assert send_mail("Hello", "text", None, ["a@b.example"]) == 1
    assert len(list(folder.glob("*.eml"))) == 1


def test_what_a_killed_process_left_of_a_mail_goes_with_it(folder):
    EmailMessage("S", "Ada", to=["a@b.example"], headers={"Message-ID": "<1@x>"}).send()
    (folder / ".1@x.eml.k1lled").write_text("Ada")
    (folder / ".11@x.eml.k1lled").write_text("Bob's")
    filebackend.remove("<1@x>")
    assert [file.name for file in folder.iterdir()] == [".11@x.eml.k1lled"]


def test_a_mail_is_written_aside_under_a_name_that_is_found_again(folder, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(filebackend.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        EmailMessage("S", "Ada", to=["a@b.example"], headers={"Message-ID": "<1@x>"}).send()
    assert list(folder.iterdir())
    filebackend.remove("<1@x>")
    assert list(folder.iterdir()) == []
