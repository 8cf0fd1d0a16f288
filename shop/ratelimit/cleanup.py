"""Delete expired counters and failed logins, because they are personal data."""

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models.functions import Now

from shop.ratelimit.models import RateCounter


def delete_expired() -> None:
    """Delete counters whose window has ended, and failed logins that no longer lock anything."""
    RateCounter.objects.filter(ends_at__lt=Now()).delete()
    expired = Now() - settings.AXES_COOLOFF_TIME
    AccessAttempt.objects.filter(attempt_time__lt=expired).delete()
