"""Masking of personal data in events for those who may not see it."""

import json
from collections.abc import Iterable
from typing import Any

from eventbus.delivery.fingerprint import headline
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.log_privacy import mask_addresses
from eventbus.personal import mask_values, masked_data, todays_data


def shown_data(type: str, version: int, data: dict[str, Any], *, personal: bool) -> str:
    """Return an event's data in today's form, as JSON; personal data blank unless `personal`."""
    shown = (todays_data if personal else masked_data)(type, version, data)
    return json.dumps(shown, indent=2, ensure_ascii=False)


def shown_error(row: Delivery, *, personal: bool) -> str:
    """Return the error of a delivery, as `shown_text`."""
    return shown_text(row.error, row.event, personal=personal)


def masked_headlines(ids: Iterable[int]) -> dict[int, str]:
    """Return the first line of each delivery's error, masked, by id."""
    rows = Delivery.objects.filter(pk__in=list(ids)).exclude(error="").select_related("event")
    return {row.pk: headline(shown_error(row, personal=False)) for row in rows}


def shown_text(text: str, about: OutboxEvent, *, personal: bool) -> str:
    """Return an error's text, personal data and addresses masked unless `personal`."""
    if personal:
        return text
    return mask_addresses(mask_values(text, about.type, about.version, about.data))
