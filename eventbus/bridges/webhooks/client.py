"""One request to a receiver: to the address that was checked, in time, and read in part alone.

No redirect is followed, and no proxy of the environment is asked: whoever answers, it is a server
whose address was checked.
"""

import ssl
import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.client import HTTPException, HTTPResponse
from uuid import UUID

from eventbus import now
from eventbus.bridges.webhooks.connection import Connection, Deadline
from eventbus.bridges.webhooks.errors import RefusedAddress
from eventbus.bridges.webhooks.outcome import Outcome
from eventbus.bridges.webhooks.signing import signed_headers
from eventbus.conf import conf
from eventbus.exceptions import in_one_line, storable

#: Bytes of an answer's body that are read, and characters of it that are kept.
READ, KEPT = 4096, 500
USER_AGENT = "eventbus-webhooks/1"


@dataclass(frozen=True)
class Request:
    """What is to be sent for a message."""

    message_id: UUID
    event_id: UUID
    url: str
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


def post(request: Request) -> Outcome:
    """Send a request, signed as of now. Whatever goes wrong with the receiver is the outcome."""
    at, began = now(), time.monotonic()
    status, response, error = None, "", ""
    try:
        status, response = _exchange(request, at)
    except (OSError, HTTPException, RefusedAddress, UnicodeError) as failure:
        error = _words(failure)
    return Outcome(
        request.message_id,
        at,
        round((time.monotonic() - began) * 1000),
        status,
        error or _why_not_taken(status),
        response,
    )


def _exchange(request: Request, at: datetime) -> tuple[int, str]:
    """Return the answer's status, and how its body begins."""
    connection = Connection(request.url, Deadline(conf.WEBHOOKS_TIMEOUT), _tls)
    signature = signed_headers(
        str(request.event_id), int(at.timestamp()), request.body, request.secrets
    )
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "Connection": "close",
        **signature,
    }
    try:
        connection.request("POST", connection.path, request.body, headers)
        answer = connection.getresponse()
        return answer.status, _beginning(answer)
    finally:
        connection.close()


def _beginning(answer: HTTPResponse) -> str:
    """Return how the body begins. That the status came is enough: the rest may be missing."""
    try:
        body = answer.read(READ)
    except (OSError, HTTPException):
        return ""
    return storable(body.decode(errors="replace"))[:KEPT]


def _why_not_taken(status: int | None) -> str:
    if status is None or 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "it redirects: events go to no other address than the one that was subscribed"
    return f"it answered {status}"


def _words(failure: Exception) -> str:
    if isinstance(failure, ssl.SSLCertVerificationError):
        return f"its certificate does not hold: {failure.verify_message}"
    if isinstance(failure, TimeoutError):
        return f"no answer within {conf.WEBHOOKS_TIMEOUT.total_seconds():g} s"
    if not isinstance(failure, OSError | RefusedAddress):
        return f"it speaks no HTTP that can be read: {type(failure).__name__}"
    return storable(in_one_line(failure)) or type(failure).__name__


@cache
def _tls() -> ssl.SSLContext:
    """Return what checks a receiver's certificate. Made once: it reads all authorities."""
    return ssl.create_default_context()
