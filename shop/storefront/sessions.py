"""Sessions in the database, as Django keeps them, but for two things that shoppers run into."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse


class SessionStore(db.SessionStore):
    """A cookie that cannot be one of ours is nobody's: the database is not asked about it."""

    def _validate_session_key(self, key: str) -> bool:
        return super()._validate_session_key(key) and key.isalnum()  # type: ignore[misc]


class Sessions(SessionMiddleware):
    """Who logs in or out in another tab while a page is made is shown that page all the same.

    What it did is done, such as an order that is placed; only its session is not there
    any more to remember anything.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return response
