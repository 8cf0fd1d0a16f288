"""Serve on an address: `python -m tests.system.hosts.serving postgres|valkey ADDRESS`."""

import sys
from pathlib import Path

from devtools.embedded import postgres, valkey
from shop.settings import STATE


def main(server: str, address: str) -> None:
    if server == "postgres":
        postgres.OPTIONS |= {"listen_addresses": address, "hba_file": str(_who_may_come(address))}
        postgres.serve(STATE)
    valkey.OPTIONS |= {"port": "6379", "bind": address, "protected-mode": "no"}
    valkey.serve(STATE)


def _who_may_come(address: str) -> Path:
    file = STATE.resolve() / "hba.conf"
    local = "local all all trust\nlocal replication all trust\n"
    file.write_text(f"{local}host all all {address}/24 trust\n")
    file.chmod(0o644)
    return file


if __name__ == "__main__":
    main(*sys.argv[1:])
