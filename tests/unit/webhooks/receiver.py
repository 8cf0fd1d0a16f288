"""A web server that is sent webhooks: it keeps what came, and answers as it is told to."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event as Signal
from threading import Thread
from typing import NamedTuple


class Received(NamedTuple):
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


def answer(status: int, body: bytes = b"", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


FAILING = answer(500, b"sorry")


@dataclass
class Receiver:
    """`answers` are given one after the other, the last one for good; each in pieces, if a list."""

    port: int
    answers: list[bytes | list[bytes]] = field(default_factory=lambda: [OK])
    received: list[Received] = field(default_factory=list)
    #: between pieces it waits for this long, or until the test is over
    pause: float = 0.05
    over: Signal = field(default_factory=Signal)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=shop"

    def next_answer(self) -> bytes | list[bytes]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        receiver = Receiver(server.getsockname()[1])
        thread = Thread(target=_serve, args=(server, receiver), daemon=True)
        thread.start()
        yield receiver
        receiver.over.set()
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _serve(server: socket.socket, receiver: Receiver) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, suppress(OSError, ValueError, IndexError):
            receiver.received.append(_read(connection))
            given = receiver.next_answer()
            for piece in [given] if isinstance(given, bytes) else given:
                connection.sendall(piece)
                if not isinstance(given, bytes) and receiver.over.wait(receiver.pause):
                    break


def _read(connection: socket.socket) -> Received:
    text = connection.makefile("rb")
    path = text.readline().split()[1].decode()
    headers = {}
    while line := text.readline().strip():
        name, _, value = line.decode().partition(": ")
        headers[name.lower()] = value
    return Received(path, headers, text.read(int(headers["content-length"])))
