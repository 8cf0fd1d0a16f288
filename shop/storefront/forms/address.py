"""An address, with the fields its country has."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.events import Address
from shop.checkout import delivery
from shop.checkout.addresses import Layout, layout_of, region_choices, region_code
from shop.checkout.postcodes import normal_postcode
from shop.storefront.forms.fields import text


class RegionField(forms.ChoiceField):
    """A region of a country, chosen or typed by any name it goes by."""

    widget = forms.Select({"autocomplete": "address-level1"})

    def __init__(self, country: str) -> None:
        super().__init__(choices=[("", _("Please choose")), *region_choices(country)])
        self._country = country

    def to_python(self, value: Any) -> str:
        return region_code(self._country, super().to_python(value))


class AddressForm(forms.Form):
    """Where something goes. Its fields are those of the country that is chosen.

    With `every_part` also those that its post does not ask for: who sends them wants them kept.
    """

    country = forms.ChoiceField(
        label=_("Country"), widget=forms.Select({"autocomplete": "country"})
    )
    name = text(_("Full name"), 100, "name")
    line1 = text(_("Street and number"), 200, "address-line1")
    line2 = text(_("Flat, building or company (if any)"), 200, "address-line2", required=False)
    postcode = text(_("Postcode"), 20, "postal-code")
    city = text(_("Town or city"), 100, "address-level2")
    region = text(_("Region"), 100, "address-level1", required=False)

    def __init__(self, *args: Any, every_part: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_countries()
        chosen = self["country"].value()
        if chosen in dict(delivery.COUNTRIES):
            self._arrange(chosen, layout_of(chosen), every_part)
        else:
            del self.fields["region"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        country, postcode = cleaned.get("country"), cleaned.get("postcode")
        if country and postcode:
            self._check_postcode(country, cleaned.get("region", ""), postcode)
        return cleaned

    @property
    def address(self) -> Address:
        """The address of a form that is valid."""
        return Address(**{name: self.cleaned_data.get(name, "") for name in Address.model_fields})

    @property
    def by_country(self) -> list[forms.BoundField]:
        """The fields that depend on the country."""
        return [self[name] for name in ("postcode", "city", "region") if name in self.fields]

    def _offer_countries(self) -> None:
        field = self.fields["country"]
        field.choices = [("", _("Choose a country")), *delivery.countries()]  # type: ignore[attr-defined]

    def _arrange(self, country: str, layout: Layout, every_part: bool) -> None:
        if layout.regions:
            self.fields["region"] = RegionField(country)
        for name in ("postcode", "city", "region"):
            field = self.fields[name]
            field.label = layout.labels[name]
            field.required = name in layout.required
            if name not in layout.allowed and not every_part:
                del self.fields[name]

    def _check_postcode(self, country: str, region: str, postcode: str) -> None:
        normal = normal_postcode(country, region, postcode)
        if normal is None:
            wrong = _("This does not look right: one there looks like %(example)s.")
            example = layout_of(country).postcode_example
            self.add_error("postcode", forms.ValidationError(wrong, params={"example": example}))
        else:
            self.cleaned_data["postcode"] = normal
