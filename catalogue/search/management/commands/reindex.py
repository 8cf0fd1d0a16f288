"""`manage.py reindex`."""

from typing import Any

from catalogue.search.indexing import reindex
from eventbus.commands import BaseOperatorCommand


class Command(BaseOperatorCommand):
    """Writes all lines of the search anew."""

    help = (
        "Write anew what lists and searches read. Only needed when the catalogue was changed past "
        "the shop, as by SQL; may be run at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Products written: {sum(reindex())}.")
