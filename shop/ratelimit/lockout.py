"""Wrong passwords: after some the name is closed to that address for a while (django-axes).

A try counts before its password is looked at, so that of many at once no more are looked at than
one after the other. Who has logged in before is known by a cookie and counts apart: nobody else
can close the name to them.
"""

from collections.abc import Collection
from typing import Any

from allauth.account.models import EmailAddress
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from eventbus import mailbox
from shop.ratelimit import devices, limits, visitor

LONGEST_NAME = 255

_COUNT = """
    insert into axes_accessattempt as seen (username, ip_address, user_agent, path_info,
        attempt_time, failures_since_start, http_accept, get_data, post_data)
    values (%(name)s, %(address)s, %(device)s, %(path)s, now(), 1, '', '', '')
    on conflict (username, ip_address, user_agent) do update set
        failures_since_start =
            case when seen.attempt_time < now() - %(while)s then 1
            else seen.failures_since_start + 1 end,
        attempt_time =
            case when seen.failures_since_start >= %(most)s
                and seen.attempt_time >= now() - %(while)s then seen.attempt_time
            else now() end
    returning failures_since_start
"""


class CountedFirst(AxesDatabaseHandler):
    """Axes's handler, but that the try is counted before and taken back when it was right."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        name = name_tried(request, credentials)
        device = devices.known(request, name)
        tries = vars(request)["axes_failures_since_start"] = _tried(request, name, device)
        locked = tries > settings.AXES_FAILURE_LIMIT
        locked = locked or (not device and bool(limits.tried("password", name)))
        vars(request)["axes_locked_out"] = locked
        return locked

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        """Nothing more to count; the last try that is let through is told so at once."""
        if request is None:
            return
        tries = request.axes_failures_since_start or 0
        if request.axes_locked_out or tries >= settings.AXES_FAILURE_LIMIT:
            request.axes_locked_out, request.axes_credentials = True, credentials
            name, address = name_tried(request, credentials), visitor.address(request)
            user_locked_out.send("axes", request=request, username=name, ip_address=address)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        names = names_of(user)
        was_right(request, names)
        devices.remember(request, names)


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name somebody tries to log in: staff by name, customers by address."""
    given = credentials or request.POST
    name = str(given.get("email") or given.get("username") or given.get("login") or "")
    return mailbox(name.replace("\0", "")[:LONGEST_NAME])[:LONGEST_NAME]


def names_of(user: Any) -> set[str]:
    """Under which names somebody logs in."""
    theirs = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {mailbox(user.get_username()), user.email, *theirs} - {""}


def was_right(request: HttpRequest, names: Collection[str]) -> None:
    """Take back what was counted of these names at this address or device."""
    here = AccessAttempt.objects.filter(ip_address=visitor.address(request))
    for name in names:
        here.filter(username=name, user_agent=devices.known(request, name)).delete()


def forget_tries(names: Collection[str]) -> None:
    """No wrong password counts any more, or tells who tried, anywhere, under these names."""
    AccessAttempt.objects.filter(username__in=names).delete()
    for name in names:
        limits.forgive("password", name)


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """What somebody is told who may not try again yet."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    context = {"minutes": seconds // 60}
    response = render(request, "locked.html", context, status=limits.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def _tried(request: HttpRequest, name: str, device: str) -> int:
    """Count a try, in one statement; returns how many there were lately, this one included."""
    limits.check_that_it_lasts("password")
    told: dict[str, Any] = {
        "name": name,
        "address": visitor.address(request),
        "device": device,
        "path": request.path[:255],
        "while": settings.AXES_COOLOFF_TIME,
        "most": settings.AXES_FAILURE_LIMIT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, told)
        return int(cursor.fetchone()[0])
