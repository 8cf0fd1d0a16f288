"""A customer's profile: name and language."""

from typing import Any

from django.conf import settings
from django.db import transaction

from eventbus import emit, emits
from shop.accounts.customer_ids import customer_id
from shop.events import ProfileChanged
from shop.storefront.models import Profile


def language_of(customer_id: str) -> str:
    """Return the language a customer reads (ISO 639-1)."""
    profile = Profile.objects.filter(pk=customer_id).first()
    return profile.language if profile else settings.LANGUAGE_CODE


@emits(ProfileChanged)
def change(user: Any, name: str, language: str) -> None:
    """Change name and language, and emit `ProfileChanged`."""
    with transaction.atomic():
        user.first_name = name
        user.save(update_fields=["first_name"])
        Profile.objects.update_or_create(
            customer_id=customer_id(user), defaults={"language": language}
        )
        emit(
            ProfileChanged(
                customer_id=customer_id(user), email=user.email, name=name, language=language
            )
        )
