"""`manage.py reindex`."""

from typing import Any

from shop.bus.commands import OperatorCommand
from shop.search.indexing import reindex


class Command(OperatorCommand):
    """Writes all lines of the search anew."""

    help = (
        "Write anew what lists and searches read. Only needed when the catalogue was changed past "
        "the shop, as by SQL; may be run at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Products written: {sum(reindex())}.")
