"""What a customer wants their own web server to be told of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from eventbus.bridges.webhooks import services
from eventbus.bridges.webhooks.errors import RefusedSubscription
from eventbus.bridges.webhooks.offers import NAME_ONE
from shop.storefront.forms.fields import text
from shop.webhooks.texts import meaning_of, why


class WebhookForm(forms.Form):
    """Takes what `services.subscribe` takes, which alone knows what is wrong with it."""

    url = forms.CharField(
        label=_("Address (URL)"),
        help_text=_("Where we post events to: https, and a server on the public internet."),
        widget=forms.URLInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    event_types = forms.MultipleChoiceField(
        label=_("Events"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _(NAME_ONE)},
    )
    sees_personal = forms.BooleanField(
        label=_("Send names, addresses and what people wrote too"),
        help_text=_("Otherwise these are blank in what you get."),
        required=False,
    )
    description = text(_("What is it for? (if you like)"), 200, "off", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event_types"].choices = [  # type: ignore[attr-defined]
            (offer.type, meaning_of(offer.type)) for offer in services.offers()
        ]

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Show what is refused within the block beside its field, and end the block there."""
        try:
            yield
        except RefusedSubscription as refusal:
            self.add_error(refusal.field, why(refusal))
