"""Counts and wrong passwords tell of people: they are kept only for as long as they count."""

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models.functions import Now

from shop.ratelimit.models import Tries


def forget_what_is_over() -> None:
    """Delete counts whose window has ended, and wrong passwords that no longer count."""
    Tries.objects.filter(ends_at__lt=Now()).delete()
    over = Now() - settings.AXES_COOLOFF_TIME
    AccessAttempt.objects.filter(attempt_time__lt=over).delete()
