"""Login lockout (django-axes): after some wrong passwords a name is locked for that address.

An attempt counts before its password is checked, so that many at once get no more checks than
one after the other. A known device counts apart: nobody else can lock its owner out.
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
from shop.ratelimit import client_address, devices, limits

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


class CountFirstHandler(AxesDatabaseHandler):
    """Axes's handler, but an attempt is counted first and taken back if the password is right."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        name = login_name(request, credentials)
        device = devices.known_device(request, name)
        tries = vars(request)["axes_failures_since_start"] = _tried(request, name, device)
        locked = tries > settings.AXES_FAILURE_LIMIT
        locked = locked or (not device and bool(limits.hit("password", name)))
        vars(request)["axes_locked_out"] = locked
        return locked

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        """Count nothing more; the last allowed attempt gets the lockout page at once."""
        if request is None:
            return
        tries = request.axes_failures_since_start or 0
        if request.axes_locked_out or tries >= settings.AXES_FAILURE_LIMIT:
            request.axes_locked_out, request.axes_credentials = True, credentials
            name, address = login_name(request, credentials), client_address.client_ip(request)
            user_locked_out.send("axes", request=request, username=name, ip_address=address)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        names = login_names(user)
        clear_attempts(request, names)
        devices.remember_device(request, names)


def login_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the name of a login attempt: a staff user name or a customer's address."""
    given = credentials or request.POST
    name = str(given.get("email") or given.get("username") or given.get("login") or "")
    return mailbox(name.replace("\0", "")[:LONGEST_NAME])[:LONGEST_NAME]


def login_names(user: Any) -> set[str]:
    """Return the names under which a user can log in."""
    theirs = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return {mailbox(user.get_username()), user.email, *theirs} - {""}


def clear_attempts(request: HttpRequest, names: Collection[str]) -> None:
    """Take back the failed logins of these names at this address or device."""
    here = AccessAttempt.objects.filter(ip_address=client_address.client_ip(request))
    for name in names:
        here.filter(username=name, user_agent=devices.known_device(request, name)).delete()


def delete_attempts(names: Collection[str]) -> None:
    """Delete every failed login and counter of these names, at all addresses."""
    AccessAttempt.objects.filter(username__in=names).delete()
    for name in names:
        limits.reset("password", name)


def lockout_response(request: HttpRequest, *_: Any) -> HttpResponse:
    """Return the lockout page, of status 429."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    context = {"minutes": seconds // 60}
    response = render(request, "locked.html", context, status=limits.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def _tried(request: HttpRequest, name: str, device: str) -> int:
    """Count an attempt, in one statement; return the recent ones, this one included."""
    limits.refuse_in_transaction("password")
    parameters: dict[str, Any] = {
        "name": name,
        "address": client_address.client_ip(request),
        "device": device,
        "path": request.path[:255],
        "while": settings.AXES_COOLOFF_TIME,
        "most": settings.AXES_FAILURE_LIMIT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, parameters)
        return int(cursor.fetchone()[0])
