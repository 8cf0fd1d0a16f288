"""`python -m devtools.embedded postgres|valkey`: run the server here, in the foreground."""

import argparse

from devtools.embedded import postgres, valkey
from shop.settings import STATE

SERVERS = {"postgres": postgres.serve, "valkey": valkey.serve}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devtools.embedded", description=__doc__)
    parser.add_argument("server", choices=SERVERS, help="its data is kept under SHOP_STATE")
    SERVERS[parser.parse_args().server](STATE)


if __name__ == "__main__":
    main()
