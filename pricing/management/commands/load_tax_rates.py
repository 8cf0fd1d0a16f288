"""`manage.py load_tax_rates`."""

from typing import Any

from eventbus.commands import BaseOperatorCommand
from pricing.rates import load_rates


class Command(BaseOperatorCommand):
    """Gives a new shop the tax rates of the countries it delivers to."""

    help = (
        "Add the rates of tax of the countries the shop delivers to. May be run again: a country "
        "that is there keeps the rates it has. Check them before you rely on them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Tax rates: {load_rates()} countries added.")
