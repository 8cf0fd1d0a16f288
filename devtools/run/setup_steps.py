"""Bring database, topology, demo data and static files up to date, in one Django process."""

import sys
import time

import django
from django.core.management import call_command

STEPS = {
    "migrate": {"interactive": False},
    "declare_topology": {},
    "load_demo": {},
    "collectstatic": {"interactive": False},
}


def main(without: list[str]) -> None:
    """Run the steps; `without` names commands to leave out."""
    django.setup()
    for command, options in STEPS.items():
        if command not in without:
            began = time.monotonic()
            call_command(command, verbosity=0, **options)
            sys.stdout.write(f"{command}: {time.monotonic() - began:.1f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
