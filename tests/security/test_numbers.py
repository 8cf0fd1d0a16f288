"""Whatever number a person can type has a place: what a form takes fits what keeps it."""

from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from typing import Any

import annotated_types
import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.test import RequestFactory
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from orders.validation import MOST_COST
from shop.api.schemas import RequestBody
from shop.settings import OUR_PACKAGES
from shop.storefront.cart import MOST_GOODS, MOST_UNITS

NUMBERS = (forms.IntegerField, forms.DecimalField, forms.FloatField)
#: Nobody means one of these, and each of them is tried.
LARGE = [sign * 10**power for power in range(1, 40) for sign in (1, -1)]
LARGE += [sign * 2**power + more for power in (15, 31, 63) for sign in (1, -1) for more in (-1, 0)]


def ours(kind: type) -> Iterator[type]:
    """All classes of a kind that are the project's own."""
    for sub in kind.__subclasses__():
        if sub.__module__.split(".")[0] in OUR_PACKAGES and not sub.__module__.endswith("admin"):
            yield sub
        yield from ours(sub)


def typed() -> Iterator[tuple[str, forms.Field]]:
    import_module("shop.urls")
    for form in set(ours(forms.BaseForm)):
        for name, field in form.base_fields.items():
            if isinstance(field, NUMBERS):
                yield f"{form.__module__}.{form.__name__}.{name}", field


def accepted(field: forms.Field) -> list[Any]:
    """Those of the large numbers that the field takes."""
    return [number for number in LARGE if _takes(field, number)]


def _takes(field: forms.Field, number: int) -> bool:
    try:
        field.clean(str(number))
    except forms.ValidationError:
        return False
    return True


def test_every_number_that_is_typed_has_a_bound():
    endless = [name for name, field in typed() if {10**39, -(10**39)} & {*accepted(field)}]
    assert endless == []


def fits(column: models.Field, number: int) -> bool:
    if isinstance(column, models.DecimalField):
        return abs(number) < 10 ** (column.max_digits - column.decimal_places)
    low, high = connection.ops.integer_field_range(column.get_internal_type())
    return low <= number <= high


@pytest.mark.django_db
def test_every_number_that_a_form_of_the_admin_takes_fits_its_column():
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_superuser=True, is_active=True, is_staff=True)
    too_large = []
    for model, site in admin.site._registry.items():
        forms_of_it = [site.get_form(request)]
        forms_of_it += [i.get_formset(request).form for i in site.get_inline_instances(request)]
        for form in forms_of_it:
            columns = {f.name: f for f in form._meta.model._meta.get_fields()}
            for name, field in form.base_fields.items():
                inner = field.fields[0] if isinstance(field, forms.MultiValueField) else field
                column = columns.get(name)
                if not isinstance(inner, NUMBERS):
                    continue
                taken = accepted(inner)
                if column is None:
                    ok = not {10**39, -(10**39)} & {*taken}
                else:
                    checked = [n for n in taken if _valid(column, n)]
                    ok = all(fits(column, number) for number in checked)
                if not ok:
                    too_large.append(f"{model.__name__}.{name}")
    assert too_large == []


def _valid(column: models.Field, number: int) -> bool:
    """Return whether the model's own rules let it pass, as a form of it asks them."""
    try:
        if isinstance(column, MoneyField):
            column.run_validators(Money(number, "EUR"))
        else:
            column.run_validators(Decimal(number) if hasattr(column, "max_digits") else number)
    except forms.ValidationError:
        return False
    return True


def test_every_number_that_is_sent_to_the_api_has_a_bound():
    import_module("shop.urls")
    endless = [
        f"{schema.__name__}.{name}"
        for schema in set(ours(RequestBody))
        for name, field in schema.model_fields.items()
        if field.annotation in (int, float, Decimal) and not _bounded(field.metadata)
    ]
    assert endless == []


def _bounded(metadata: list[Any]) -> bool:
    kinds = {type(each) for each in metadata}
    return bool(kinds & {annotated_types.Le, annotated_types.Lt, annotated_types.Interval})


def test_what_a_cart_takes_is_what_an_order_takes():
    """With the highest tax on top, and any delivery."""
    assert MOST_GOODS * 2 < MOST_COST
    assert MOST_COST < 10**12
    assert MOST_UNITS < 2**31
