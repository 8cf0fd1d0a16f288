"""Readiness: a program does its work, and not only runs."""

from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from devtools.embedded import postgres, valkey


class Readiness:
    """Asks a system's programs: the servers themselves, those with an address over HTTP.

    Of all others `eventbus` leaves a file with the program's name.
    """

    def __init__(self, state: Path, addresses: Mapping[str, str]) -> None:
        self._state = state
        self._addresses = addresses

    def __call__(self, name: str) -> bool:
        if name == "postgres":
            return postgres.answers(self._state)
        if name == "valkey":
            return valkey.answers(self._state)
        if name in self._addresses:
            return answers(self._addresses[name])
        return self._mark(name).exists()

    def forget(self, name: str) -> None:
        """Remove the file a program has left, so that the next one is a newer one's."""
        self._mark(name).unlink(missing_ok=True)

    def _mark(self, name: str) -> Path:
        return self._state / "run" / "ready" / name


def answers(url: str) -> bool:
    """Tell whether anything but a failure of the server comes back."""
    # Not urllib, which would ask a proxy the environment may name.
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=5)) as connection:
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, HTTPException):
            return False
