"""Counting tries, in one statement each, for all web processes together."""

from collections.abc import Callable, Collection
from functools import wraps
from hashlib import sha256
from math import ceil
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shop.ratelimit import visitor
from shop.ratelimit.models import Tries

View = Callable[..., Any]
TOO_MANY_REQUESTS = 429

_COUNT = """
    insert into ratelimit_tries as seen (rule, who, count, ends_at)
    values (%(rule)s, %(who)s, 1, now() + make_interval(secs => %(seconds)s))
    on conflict (rule, who) do update set
        count = case when seen.ends_at <= now() then 1 else seen.count + 1 end,
        ends_at = case when seen.ends_at <= now() then excluded.ends_at else seen.ends_at end
    returning count, extract(epoch from ends_at - now())
"""


def tried(rule: str, who: str) -> int:
    """Count a try; returns the seconds to wait when it was one too many, and 0 otherwise."""
    rate = settings.RATE_LIMITS[rule]
    return counted(rule, who, rate.tries, rate.seconds)


def counted(rule: str, who: str, tries: int, seconds: int) -> int:
    """`tried`, at a rate of the caller's own."""
    check_that_it_lasts(rule)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"rule": rule, "who": digest(who), "seconds": seconds})
        count, left = cursor.fetchone()
    return ceil(left) if count > tries else 0


def forgive(rule: str, who: str) -> None:
    """What was counted of them counts no more."""
    Tries.objects.filter(rule=rule, who=digest(who)).delete()


def must_wait(rule: str, who: str) -> int:
    """The seconds for which no more tries are let through; nothing is counted."""
    rate = settings.RATE_LIMITS[rule]
    full = Tries.objects.filter(rule=rule, who=digest(who), count__gte=rate.tries)
    ends_at = full.filter(ends_at__gt=timezone.now()).values_list("ends_at", flat=True).first()
    return ceil((ends_at - timezone.now()).total_seconds()) if ends_at else 0


def limited(rule: str, methods: Collection[str] = ("POST",)) -> Callable[[View], View]:
    """A view that counts each request of these methods by where it comes from."""

    def guarded(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            wait = tried(rule, visitor.address(request)) if request.method in methods else 0
            return too_often(request, wait) if wait else view(request, *args, **kwargs)

        return answer

    return guarded


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """The page that asks for patience."""
    response = render(request, "429.html", status=TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def check_that_it_lasts(rule: str) -> None:
    """Raises `RuntimeError` in a transaction: a refusal would take the count back with it."""
    around: list[Any] = connection.atomic_blocks
    if around and not around[-1]._from_testcase:
        raise RuntimeError(f"{rule}: count before the transaction, or after it has ended")


def digest(who: str) -> str:
    """An address tells who somebody is; to count them it need not be kept."""
    return sha256(f"{settings.SECRET_KEY} {who}".encode()).hexdigest()
