"""Why a card was refused, for people: one text for each code, whoever the processor is.

The texts go out with the event and are translated by whoever shows them.
"""

from django.utils.translation import gettext_noop as _

from billing.gateway import Declined

REASONS = {
    "card_declined": _("The bank declined the card."),
    "do_not_honor": _("The bank declined the card."),
    "generic_decline": _("The bank declined the card."),
    "insufficient_funds": _("There is not enough money on the account."),
    "expired_card": _("The card has expired."),
    "incorrect_number": _("The card number is not right."),
    "incorrect_cvc": _("The card's security code is not right."),
    "lost_card": _("The bank declined the card."),
    "stolen_card": _("The bank declined the card."),
    "processing_error": _("The bank could not process the card just now."),
    "not_confirmed": _("The payment was not confirmed with the bank."),
    "authentication_required": _("The payment was not confirmed with the bank."),
    "authorization_lapsed": _("The bank no longer holds the amount."),
    "no_card": _("No card was given."),
}


def declined(code: str, said: str = "") -> Declined:
    """Return the refusal of this code in our words; for a code we do not know, as it was `said`."""
    return Declined(code, REASONS.get(code) or said)
