"""Everybody is written in the language they read."""

from datetime import timedelta
from uuid import uuid4

import pytest

from eventbus.testing import given
from notifications.models import Mail, Recipient
from tests.unit.notifications import facts

pytestmark = pytest.mark.django_db

ORDER = facts.ORDER["order_id"]


def german(fact):
    return fact.model_copy(update={"language": "de"})


def mail(kind: str) -> Mail:
    return Mail.objects.get(kind=kind)


def is_german(mail: Mail) -> bool:
    """Its links, its amounts and the language it says it is in."""
    signs = [
        'lang="de"' in mail.html,
        "/de/orders/" in mail.text,
        "23,95\xa0€" in mail.text,
        "Ihre Bestellung" in mail.text,
        "Ihre Bestellung" in mail.html,
    ]
    assert len(set(signs)) == 1, signs
    return signs[0]


def test_mail_is_in_the_language_of_its_event():
    given(german(facts.placed()), to="notifications")
    assert is_german(mail("order_placed"))
    assert f"http://127.0.0.1:8000/de/orders/{ORDER}/" in mail("order_placed").html


def test_fact_that_tells_no_language_is_told_in_the_reader_s():
    given(german(facts.placed()), facts.billed(), to="notifications")
    assert is_german(mail("order_confirmed"))


@pytest.mark.parametrize(
    ("fact", "subject", "says"),
    [
        (facts.billed(), "Bestellung S-1001 ist bestätigt", "Rechnung: I-77"),
        (facts.refused(), "Die Zahlung der Bestellung S-1001 wurde abgelehnt", "nicht genug"),
        (facts.shipped(), "Bestellung S-1001 ist unterwegs", "Sendungsnummer: SB42"),
        (facts.cancelled(), "Bestellung S-1001 wurde storniert", "über 23,95\xa0€"),
        (facts.returned(), "Ihre Rücksendung zu Bestellung S-1001 ist angekommen", "Zu erstatten"),
    ],
)
def test_subject_and_words_are_in_the_reader_s_language(fact, subject, says):
    given(german(facts.placed()), fact, to="notifications")
    written = Mail.objects.exclude(kind="order_placed").get()
    assert written.subject == subject
    assert says in written.text


@pytest.mark.parametrize("kind", ["registered", "placed", "wanted", "cart"])
def test_language_is_learnt_from_whatever_tells_it(kind):
    fact = facts.cart(uuid4(), 1) if kind == "cart" else getattr(facts, kind)()
    given(german(fact), to="notifications")
    assert Recipient.objects.get(pk=facts.ADA).language == "de"


def test_newest_language_counts_in_whatever_order_it_is_heard():
    older, newer = facts.placed(), german(facts.placed())
    given(newer, to="notifications")
    since = Recipient.objects.get().since
    Recipient.record([(facts.ADA, "en", since - timedelta(seconds=1))])
    assert Recipient.objects.get().language == "de"
    given(older, to="notifications")
    assert Recipient.objects.get().language == "en"


def test_address_is_the_same_in_capitals():
    given(german(facts.placed(email="ADA@Example.com")), facts.billed(), to="notifications")
    assert is_german(mail("order_confirmed"))


def test_unknown_reader_gets_the_shop_s_language():
    given(facts.billed(), to="notifications")
    assert not is_german(mail("order_confirmed"))


def test_language_the_shop_does_not_speak_becomes_the_shop_s():
    given(facts.placed().model_copy(update={"language": "tlh"}), to="notifications")
    assert not is_german(mail("order_placed"))
