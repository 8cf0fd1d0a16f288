"""The test cards, and the tokens that stand for them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.decline_reasons import declined
from billing.errors import CardInvalid
from billing.gateway import Declined
from billing.models.sandbox import SandboxOperation
from eventbus import lasting_digest
from orders.events import Card


@dataclass(frozen=True)
class SandboxCard:
    """A test card: what the sandbox does when it is used."""

    number: str
    #: its name inside tokens
    name: str
    #: for people
    happens: str | Promise
    #: country of the issuing bank, ISO 3166-1 alpha-2; empty: the shopper's own
    country: str = ""
    declined: Declined | None = None
    capture_declined: Declined | None = None
    challenged: bool = False
    slow: bool = False
    #: how often each operation fails before it works
    outages: int = 0
    #: the kind of operation that is carried out although its first answer is lost
    loses_answer_to: str = ""


TEST_CARDS = (
    SandboxCard("4242 4242 4242 4242", "approved", _("Approved.")),
    SandboxCard(
        "4000 0048 4000 8001",
        "foreign",
        _("Approved; issued by a bank in Mexico."),
        country="MX",
    ),
    SandboxCard(
        "4000 0000 0000 0002",
        "declined",
        _("Declined by the bank."),
        declined=declined("card_declined"),
    ),
    SandboxCard(
        "4000 0000 0000 9995",
        "poor",
        _("Declined: insufficient funds."),
        declined=declined("insufficient_funds"),
    ),
    SandboxCard(
        "4000 0000 0000 0341",
        "lapsed",
        _("Approved, but declined when the money is to be taken."),
        capture_declined=declined("authorization_lapsed"),
    ),
    SandboxCard(
        "4000 0000 0000 3220",
        "challenged",
        _("The card's owner must confirm first (3-D Secure); then approved."),
        challenged=True,
    ),
    SandboxCard("4000 0000 0000 1190", "slow", _("Approved, after a few seconds."), slow=True),
    SandboxCard(
        "4000 0000 0000 2594", "flaky", _("Each operation fails twice, then works."), outages=2
    ),
    SandboxCard(
        "4000 0000 0000 7072",
        "lost-hold",
        _("Approved, but the answer to the authorisation is lost on its way."),
        loses_answer_to=SandboxOperation.Kind.AUTHORIZE,
    ),
    SandboxCard(
        "4000 0000 0000 8088",
        "lost-capture",
        _("The money is taken, but the answer to that is lost on its way."),
        loses_answer_to=SandboxOperation.Kind.CAPTURE,
    ),
)

_BY_NUMBER = {card.number.replace(" ", ""): card for card in TEST_CARDS}
_BY_NAME = {card.name: card for card in TEST_CARDS}


#: What is asked when nobody gave a card: the sandbox has no page of its own that asks for one.
NO_CARD = SandboxCard("", "", "", declined=declined("no_card"))


def card_behind(token: str) -> SandboxCard:
    """Return the test card of a token; an empty token is no card."""
    if not token:
        return NO_CARD
    return _BY_NAME[token.split("_")[1]]


def tokenize(digits: str, holder: str, country: str) -> Card:
    """Return the token of a test card, as the processor's own form would hand it to the shop.

    Each `holder` has a card, and so a fingerprint, of their own. `country`
    counts for the cards that are issued in the shopper's own country.
    Raises `CardInvalid` for any other card: a real one has no place here.
    """
    card = _BY_NUMBER.get(digits)
    if card is None:
        wrong = gettext("This shop takes no real cards: use one of its test cards.")
        raise CardInvalid({"number": wrong})
    secret = lasting_digest("billing.card", f"{digits}:{holder}")
    return Card(
        token=f"tok_{card.name}_{secret[32:]}",
        fingerprint=secret[:32],
        last4=digits[-4:],
        country=card.country or country,
    )
