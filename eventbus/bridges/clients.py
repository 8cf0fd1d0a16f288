"""Clients of foreign systems: one for each process, made when it is first needed."""

import os
from collections.abc import Callable
from typing import Generic, TypeVar

Client = TypeVar("Client")


class PerProcess(Generic[Client]):
    """Makes a process's own client: connections and threads of one do not outlive a fork."""

    def __init__(self, make: Callable[[], Client]) -> None:
        self._make = make
        self._made: tuple[int, Client] | None = None

    def __call__(self) -> Client:
        """Return this process's client."""
        if self._made is None or self._made[0] != os.getpid():
            self._made = os.getpid(), self._make()
        return self._made[1]

    def drop(self) -> None:
        """Forget the client: another is made when one is needed."""
        self._made = None
