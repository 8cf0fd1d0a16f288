"""The pages' forms check what is sent to the API too; their errors, by the API's names."""

from django import forms

from shop.checkout.summary import CheckoutSummary

NAMES = {
    **{name: f"ship_to.{name}" for name in ("name", "line1", "line2", "postcode", "city")},
    "region": "ship_to.region",
    "country": "ship_to.country",
    "test_card": "card.number",
    "card_number": "card.number",
    "card_expiry": "card.expiry",
    "card_cvc": "card.cvc",
    "__all__": "order",
}


def by_field(form: forms.Form) -> dict[str, list[str]]:
    """Say what is wrong with a form, in people's words."""
    return {
        NAMES.get(name, name): [str(text) for text in texts] for name, texts in form.errors.items()
    }


def all_errors(summary: CheckoutSummary) -> dict[str, list[str]]:
    """Say what is wrong with a checkout's form, and with its code and points for these lines."""
    if summary.lines:
        _ = summary.quote  # It names in the form what it refuses.
    return by_field(summary.form)
