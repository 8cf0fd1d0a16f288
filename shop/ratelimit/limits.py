"""Count requests by rule and client, in one statement each, for all web processes together."""

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

from shop.ratelimit import client_address
from shop.ratelimit.models import RateCounter

View = Callable[..., Any]
TOO_MANY_REQUESTS = 429

_COUNT = """
    insert into ratelimit_ratecounter as seen (rule, who, count, ends_at)
    values (%(rule)s, %(who)s, 1, now() + make_interval(secs => %(seconds)s))
    on conflict (rule, who) do update set
        count = case when seen.ends_at <= now() then 1 else seen.count + 1 end,
        ends_at = case when seen.ends_at <= now() then excluded.ends_at else seen.ends_at end
    returning count, extract(epoch from ends_at - now())
"""


def hit(rule: str, who: str) -> int:
    """Count a request; return the seconds to wait if it is one too many, else 0."""
    rate = settings.RATE_LIMITS[rule]
    return hit_at_rate(rule, who, rate.max_hits, rate.seconds)


def hit_at_rate(rule: str, who: str, max_hits: int, seconds: int) -> int:
    """Count a request at a rate that the caller gives; see `hit`."""
    refuse_in_transaction(rule)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"rule": rule, "who": digest(who), "seconds": seconds})
        count, left = cursor.fetchone()
    return ceil(left) if count > max_hits else 0


def reset(rule: str, who: str) -> None:
    """Delete the counter of a rule and client."""
    RateCounter.objects.filter(rule=rule, who=digest(who)).delete()


def retry_after(rule: str, who: str) -> int:
    """Return the seconds to wait if the limit is reached, else 0; counts nothing."""
    rate = settings.RATE_LIMITS[rule]
    full = RateCounter.objects.filter(rule=rule, who=digest(who), count__gte=rate.max_hits)
    ends_at = full.filter(ends_at__gt=timezone.now()).values_list("ends_at", flat=True).first()
    return ceil((ends_at - timezone.now()).total_seconds()) if ends_at else 0


def rate_limited(rule: str, methods: Collection[str] = ("POST",)) -> Callable[[View], View]:
    """Decorate a view so that requests of these methods are limited by client address."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            wait = hit(rule, client_address.client_ip(request)) if request.method in methods else 0
            return too_many_requests(request, wait) if wait else view(request, *args, **kwargs)

        return answer

    return decorate


def too_many_requests(request: HttpRequest, wait: int) -> HttpResponse:
    """Return the page of status 429."""
    response = render(request, "429.html", status=TOO_MANY_REQUESTS)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def refuse_in_transaction(rule: str) -> None:
    """Raise `RuntimeError` in a transaction, because a rollback would undo the count."""
    around: list[Any] = connection.atomic_blocks
    if around and not around[-1]._from_testcase:
        raise RuntimeError(f"{rule}: count before the transaction, or after it has ended")


def digest(who: str) -> str:
    """Return a keyed hash, so that no address or name is stored."""
    return sha256(f"{settings.SECRET_KEY} {who}".encode()).hexdigest()
