"""How the shop puts things to its shoppers."""

from django.utils.translation import gettext_lazy as _

#: Why an order was cancelled. A suspicion is never put in words.
CANCELLED = {
    "out_of_stock": _("We are sorry: we do not have everything you ordered."),
    "payment_failed": _("The payment did not go through."),
    "fraud": _("We could not accept this order."),
    "customer": _("You asked us to cancel it, and we did."),
    "staff": _("We had to cancel it. Please write to us if you want to know more."),
    "expired": _("We could not finish it in time, so we gave it up rather than keep you waiting."),
    "points": _("You had fewer points left than this order was to be paid with."),
}

#: Why a part of an order does not come.
REDUCED = {
    "customer": _("You asked us to cancel what had not left yet, and we did."),
    "staff": _("We had to cancel a part. Please write to us if you want to know more."),
    "expired": _("We could not finish it in time, so we gave up what had not left yet."),
    "payment_failed": _("We gave up what had not left yet."),
    "lost": _("We are sorry: the carrier has lost a parcel."),
}

#: What an account mail asks of its reader, by its kind.
ACCOUNT = {
    "confirm_address": _("Please confirm your e-mail address"),
    "reset_password": _("Choose a new password"),
    "no_account": _("There is no account for this address"),
    "account_exists": _("You already have an account"),
}
