"""What somebody types reaches others' mail boxes only as plain words: no links, nothing unseen."""

import re
import unicodedata
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given as for_every
from hypothesis import strategies as st

import notifications
from eventbus import Event
from eventbus.testing import given
from notifications.models import Mail
from notifications.models.allowance import LIMITS, NEEDED
from notifications.plain_text import LONGEST, plain
from notifications.texts import ACCOUNT
from tests.unit.notifications import facts

pytestmark = pytest.mark.django_db

LURE = (
    "You won 500 EUR:\r\nhttps://spam.example/claim www.spam.example spam.example/x "
    "mailto:x@spam.example \uff48ttps\uff1a\uff0f\uff0fspam\u2024example spam\uff0eexample "
    "http\ufe0f:\ufe0f//spam\ufe0f.\ufe0fexample \u202eevil\u200b\x00\u2028"
)
#: As long as an address line may be: its last words are beyond what a mail shows.
LURE = LURE.replace("\x00", "\x07").ljust(240, "x") + " at the end"
KINDS = {path.stem for path in Path(notifications.__file__).parent.glob("templates/*/mail/*.txt")}
KINDS -= {"base", "_lines", "_totals"}

FACTS = [
    facts.registered(),
    *map(facts.account_mail, ACCOUNT),
    facts.placed(),
    facts.challenged(),
    facts.refused(),
    facts.billed(),
    facts.shipped(),
    facts.delivered(),
    facts.cancelled(),
    facts.cancellation_refused(),
    facts.refunded(),
    facts.reduced(),
    facts.return_requested(),
    facts.return_approved(),
    facts.return_refused(),
    facts.returned(),
    facts.disputed(),
    facts.dispute_closed(),
    facts.refund_failed(),
    facts.stock_low(),
    facts.alert(),
    facts.alert_over(),
    facts.webhook_disabled(),
    facts.flagged(),
    facts.wanted(),
    facts.cart(uuid4(), 1),
]


def lured(fact: Event) -> Event:
    """The fact with every text of a person as a swindler would type it, but where to write to."""
    typed = fact.stamp(uuid4(), facts.timezone.now()).with_typed(lambda _: LURE)
    kept = {name: getattr(fact, name) for name in ("email", "link") if hasattr(fact, name)}
    return typed.model_copy(update=kept)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_no_mail_carries_what_a_stranger_wants_somebody_to_follow(fact):
    given(lured(fact), facts.stocked(3), to="notifications")
    facts.time_passes()
    [mail] = Mail.objects.all()
    assert "500 EUR" not in mail.subject
    for part in (mail.subject, mail.text, mail.html):
        assert "spam.example" not in part
        assert "https://spam" not in part
        assert "mailto:x" not in part
        assert "at the end" not in part
        unseen = {c for c in part if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")}
        assert unseen <= {"\n"}


def test_every_kind_of_mail_is_tried_here():
    for fact in FACTS:
        given(lured(fact), to="notifications")
    given(facts.stocked(3), to="notifications")
    facts.time_passes()
    assert set(Mail.objects.values_list("kind", flat=True)) == KINDS


def test_every_kind_of_mail_has_a_limit_or_is_needed():
    assert LIMITS.keys() | NEEDED == KINDS
    assert not LIMITS.keys() & NEEDED


def test_mail_to_whoever_has_confirmed_nothing_says_nothing_that_was_typed():
    given(lured(facts.registered()), to="notifications")
    assert "500 EUR" not in Mail.objects.get().text


DOTS = [*".\u2024\u3002\uff0e\uff61\ufe52\ua4f8\u06d4\u0701", ".\u200b", "\u2060.", "\ufe0f.\u034f"]
COLONS = [*":\uff1a\ufe55\ufe13\ua789\u2236\u02d0", ":\u200b", "\ufe0f:"]


@pytest.mark.parametrize("lead", ["", "www", "http://spam", "x@spam", "\uff57\uff57\uff57", "a-"])
def test_no_domain_is_whole_however_its_dots_are_written(lead):
    for dot in DOTS:
        shown = unicodedata.normalize("NFKC", plain(f"{lead}{dot}spam{dot}example/claim"))
        assert not re.search(r"(spam|www)[^\s\w]+(spam|example)", shown), ascii(dot)


@pytest.mark.parametrize("lead", ["https", "\uff48ttps", "x1", "mailto", "\U0001d421ttps"])
def test_no_scheme_is_whole_however_its_colon_is_written(lead):
    for colon in COLONS:
        shown = plain(f"{lead}{colon}//spam")
        assert re.fullmatch(rf"\w+ ?[{''.join(COLONS)}] //spam", shown), ascii(colon)


@pytest.mark.parametrize(
    "typed", [",https://spam.example", "?x=,spam.example", ".spam.example", "@spam.example"]
)
def test_a_link_into_the_shop_carries_no_other(typed):
    assert "spam.example" not in plain(f"http://127.0.0.1:8000/{typed}")
    assert "8000.spam" not in plain(f"http://127.0.0.1:8000{typed}")


@for_every(st.text(max_size=300))
def test_plain_text_is_one_short_line_without_a_link(text):
    shown = plain(text)
    assert len(shown) <= LONGEST
    assert len(shown.splitlines()) <= 1
    assert not re.search(r"://|[^\W\d]:\S|\w\.[^\W\d]", shown)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ada Sample", "Ada Sample"),
        ("St. Pölten, 12 Linden St., Nr. 4a", "St. Pölten, 12 Linden St., Nr. 4a"),
        ("O'Hara-Müller 李 عمر", "O'Hara-Müller 李 عمر"),
        ("1.5 l at 12:30", "1.5 l at 12:30"),
        ("spam.example", "spam. example"),
        ("https://spam.example/claim", "https: //spam. example/claim"),
        ("spam\u3002example", "spam\u3002 example"),
        ("\uff48ttps\uff1a\uff0f\uff0fspam\u2024example", "https: //spam. example"),
        ("a\u200bb\u202ec\nd", "a b c d"),
        ("http://127.0.0.1:8000/returns/", "http://127.0.0.1:8000/returns/"),
    ],
)
def test_plain_text_reads_as_it_was_typed(typed, shown):
    assert plain(typed) == shown


def test_long_title_does_not_break_the_subject():
    long = facts.wanted().model_copy(update={"title": "Lamp " * 120})
    given(long, facts.stocked(3), to="notifications")
    facts.time_passes()
    assert len(Mail.objects.get().subject) <= 200
