"""`manage.py import_products FILE`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from catalogue.shopify.importing import import_products
from catalogue.shopify.reading import Row, UnreadableFile
from catalogue.shopify.report import Report
from eventbus.commands import BaseOperatorCommand


class Command(BaseOperatorCommand):
    """Imports a product file and reports what went in and what did not."""

    help = (
        "Import a product file in Shopify's CSV format (UTF-8, or as spreadsheets save it). A "
        "product that is there already becomes as the file says, variants and pictures included; "
        "columns the file lacks change nothing. A product with an error is left out as a whole, "
        "and the error reported with line, column and reason; so is what you should know of those "
        "that went in, such as stock that is not known. Exit code: 0 if the file could be read, "
        "even if products were left out (errors are listed on stderr, or with --json in the "
        "result); 1 if it is missing, not text, not CSV, or lacks the column Handle, Title or "
        "Variant Price."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the product file")
        parser.add_argument(
            "--only-new", action="store_true", help="leave products alone that are there already"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_products(options["file"], _progress, options["only_new"])
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
        else:
            self._print(report, options["file"])

    def _print(self, report: Report, file: Path) -> None:
        for problem in report.sorted_problems():
            self.stderr.write(f"{file}, {problem}")
        for remark in report.remarked():
            self.stderr.write(f"{file}, {remark}")
        self.stdout.write(report.summary())


def _progress(products: list[list[Row]]) -> tqdm:
    # None: only where somebody watches, that is on a terminal.
    return tqdm(products, desc="Importing", unit=" products", disable=None, leave=False)
