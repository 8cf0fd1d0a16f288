"""The options of a run."""

import argparse
import sys
from dataclasses import dataclass

from devtools.chaos.faults import FAULTS
from devtools.chaos.load import RATE


@dataclass(frozen=True)
class Options:
    """The options of a run."""

    seed: int
    orders: int
    minutes: float
    broker: str
    only: tuple[str, ...]

    @classmethod
    def of(cls, options: argparse.Namespace) -> "Options":
        """Read the command line. Raises SystemExit when `--only` names no fault."""
        only = tuple(filter(None, options.only.split(",")))
        if unknown := sorted(set(only) - set(FAULTS)):
            sys.exit(f"--only {','.join(unknown)}: no such fault; --list shows them")
        minutes = options.minutes or max(0.5, options.orders / RATE)
        return cls(options.seed, options.orders, minutes, options.broker, only)
