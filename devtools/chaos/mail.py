"""A real mail server that can be away, and remembers what it took."""

from collections import Counter, defaultdict
from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from devtools.system import free_ports


class MailServer:
    """Takes mails on a port of this machine between `start` and `stop`."""

    def __init__(self) -> None:
        self._copies: Counter[tuple[str, str, str]] = Counter()
        (self._port,) = free_ports(1)
        self._is_up = False
        self.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        self._copies[mail["To"], mail["Subject"], mail["Message-ID"]] += 1
        return "250 OK"

    def start(self) -> None:
        """Start, on the same port as before. Does nothing when it runs."""
        if not self._is_up:
            self._controller = Controller(self, hostname="127.0.0.1", port=self._port)
            self._controller.start()
            self._is_up = True

    def stop(self) -> None:
        """Stop: connections are refused. Does nothing when it is stopped."""
        if self._is_up:
            self._controller.stop()
            self._is_up = False

    @property
    def taken(self) -> int:
        """Return how many different mails it has."""
        return len(self._copies)

    @property
    def copies(self) -> int:
        """Return how many came again under their Message-ID, of which a mailbox shows one."""
        return sum(self._copies.values()) - len(self._copies)

    def doubled(self, among: str) -> list[str]:
        """Return mails that a person of this domain sees twice: same subject, other Message-ID."""
        ids: dict[tuple[str, str], set[str]] = defaultdict(set)
        for to, subject, message_id in self._copies:
            if to.endswith(among):
                ids[to, subject].add(message_id)
        return [f"{to}: {subject}" for (to, subject), seen in ids.items() if len(seen) > 1]
