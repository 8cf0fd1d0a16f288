"""A peer that speaks AMQP 1.0 and answers as a namespace of Azure Service Bus does."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from devtools.system import free_ports
from shop import process_tree

PEER = Path(__file__).parent / "peer"


@dataclass(frozen=True)
class Peer:
    """A running peer, which says what came."""

    port: int
    output: IO[str]

    @property
    def connection_string(self) -> str:
        # Without TLS, as the emulator of Azure's makers is reached.
        return (
            f"Endpoint=sb://127.0.0.1:{self.port};SharedAccessKeyName=shop;"
            "SharedAccessKey=c2VjcmV0;UseDevelopmentEmulator=true;"
        )

    def read(self, count: int) -> list[dict[str, Any]]:
        """Return the next messages that came."""
        read: list[dict[str, Any]] = []
        while len(read) < count:
            line = json.loads(self.output.readline())
            if "body" in line:
                read.append(line)
        return read


@contextmanager
def running_peer(topic: str) -> Iterator[Peer]:
    """Run a peer that has one topic; npm brings what it is made of."""
    npm = ["npm", "ci", "--no-audit", "--no-fund"]
    subprocess.run(npm, cwd=PEER, check=True, capture_output=True)
    (port,) = free_ports(1)
    command = ["node", "peer.js", str(port), topic]
    with process_tree.start(command, cwd=PEER, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert json.loads(process.stdout.readline()) == {"ready": True}
            yield Peer(port, process.stdout)
        finally:
            process.kill()
