"""A connection to a checked address, with a time limit and a size limit for all of it together."""

import io
import socket
import ssl
import time
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from eventbus.bridges.webhooks import addresses

#: Bytes of an answer that are taken in at most, its headers among them.
MOST = 64 * 1024


class Deadline:
    """The end of a request, however many steps it takes."""

    def __init__(self, limit: timedelta) -> None:
        self._end = time.monotonic() + limit.total_seconds()

    def left(self) -> float:
        """Return the seconds that are left. Raises `TimeoutError` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Connection(HTTPConnection):
    """A connection of `http.client` to a receiver's address."""

    def __init__(self, url: str, deadline: Deadline, tls: Callable[[], ssl.SSLContext]) -> None:
        parts = urlsplit(url)
        self._tls = tls if parts.scheme == "https" else None
        self.default_port = 443 if self._tls else 80
        super().__init__(parts.hostname or "", parts.port or self.default_port)
        self.path = parts._replace(scheme="", netloc="").geturl() or "/"
        self._deadline = deadline

    def connect(self) -> None:
        """Connect to the first of the host's addresses that answers, all of them checked."""
        self.sock: Any = _Limited(self._secured(self._connected()), self._deadline)

    def _connected(self) -> socket.socket:
        failure: OSError | None = None
        for address in addresses.resolve(self.host, self.port, self._deadline.left()):
            try:
                return socket.create_connection((address, self.port), self._deadline.left())
            except OSError as error:
                failure = error
        raise failure or OSError(f"{self.host} has no address")

    def _secured(self, plain: socket.socket) -> socket.socket:
        if self._tls is None:
            return plain
        try:
            plain.settimeout(self._deadline.left())
            return self._tls().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


class _Limited:
    """The part of a socket that `http.client` uses, each step of which ends with the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._sock.settimeout(self._deadline.left())
            rest = rest[self._sock.send(rest) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._deadline))

    def close(self) -> None:
        self._sock.close()


class _Reader(io.RawIOBase):
    """Reads from a socket until the deadline, and so many bytes at most."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline, self._left = sock, deadline, MOST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        count = self._sock.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise OSError(f"its answer has more than {MOST} bytes")
        return count
