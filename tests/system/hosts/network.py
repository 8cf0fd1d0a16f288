"""Machines that are network namespaces of this one, on a switch whose cables can be pulled."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

MACHINES = ("web", "workers", "servers")
#: Several networks of one process stand side by side.
_numbers = count(1)


class Network:
    """Machines by name, each at an address of its own."""

    def __init__(self) -> None:
        self._prefix = f"shop-{os.getpid()}-{next(_numbers)}"

    def address(self, machine: str) -> str:
        return f"10.77.0.{MACHINES.index(machine) + 1}"

    def within(self, machine: str) -> tuple[str, ...]:
        """Return what stands before a command that is to run on a machine."""
        return ("ip", "netns", "exec", self._name(machine))

    def cut_off(self, machine: str) -> None:
        """Pull the cable: what is sent from or to it is lost, and nobody is told."""
        self._switch("link", "set", machine, "down")

    def rejoin(self, machine: str) -> None:
        self._switch("link", "set", machine, "up")

    def build(self) -> None:
        for name in ("switch", *MACHINES):
            _ip("netns", "add", self._name(name))
        self._switch("link", "add", "bridge", "type", "bridge")
        self._switch("link", "set", "bridge", "up")
        for machine in MACHINES:
            self._connect(machine)

    def _connect(self, machine: str) -> None:
        name = self._name(machine)
        peer = ("peer", "name", machine, "netns", self._name("switch"))
        _ip("link", "add", "eth0", "netns", name, "type", "veth", *peer)
        self._switch("link", "set", machine, "master", "bridge", "up")
        _ip("-n", name, "address", "add", f"{self.address(machine)}/24", "dev", "eth0")
        for interface in ("lo", "eth0"):
            _ip("-n", name, "link", "set", interface, "up")

    def remove(self) -> None:
        there = {line.split()[0] for line in _ip("netns", "list").splitlines()}
        for name in there & {self._name(name) for name in ("switch", *MACHINES)}:
            _ip("netns", "delete", name)

    def _name(self, machine: str) -> str:
        return f"{self._prefix}-{machine}"

    def _switch(self, *arguments: str) -> None:
        _ip("-n", self._name("switch"), *arguments)


@contextmanager
def network() -> Iterator[Network]:
    """The machines, as long as the block runs. RuntimeError: it may not make them here."""
    if not shutil.which("ip"):
        raise RuntimeError("no program `ip` here: install iproute2")
    made = Network()
    try:
        made.build()
        yield made
    finally:
        made.remove()


def _ip(*arguments: str) -> str:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout
