"""Product files to import, written row by row."""

import csv
from pathlib import Path

COLUMNS = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Qty",
    "Variant Inventory Policy",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
    "Variant Taxable",
    "Variant Barcode",
    "Image Src",
    "Image Position",
    "Image Alt Text",
    "SEO Title",
    "SEO Description",
    "Variant Image",
]

MUG = {
    "Handle": "mug",
    "Title": "Mug",
    "Body (HTML)": "<p>Holds tea.</p>",
    "Vendor": "Harrow",
    "Type": "Kitchen",
    "Tags": "tea, gift",
    "Published": "true",
    "Option1 Name": "Title",
    "Option1 Value": "Default Title",
    "Variant SKU": "MUG",
    "Variant Grams": "380",
    "Variant Inventory Qty": "7",
    "Variant Inventory Policy": "deny",
    "Variant Price": "16.00",
    "Variant Requires Shipping": "true",
    "Variant Taxable": "true",
    "Image Src": "https://cdn.example/mug.jpg",
    "Image Position": "1",
    "Image Alt Text": "A mug",
}
SMALL_SHIRT = {
    "Handle": "shirt",
    "Title": "Shirt",
    "Option1 Name": "Size",
    "Option1 Value": "S",
    "Option2 Name": "Colour",
    "Option2 Value": "Red",
    "Variant SKU": "SHIRT-S",
    "Variant Inventory Qty": "3",
    "Variant Price": "20",
    "Image Src": "https://cdn.example/s.jpg",
}
LARGE_SHIRT = {
    "Handle": "shirt",
    "Option1 Value": "L",
    "Option2 Value": "Red",
    "Variant SKU": "SHIRT-L",
    "Variant Inventory Qty": "0",
    "Variant Price": "22.50",
}


def without(row: dict[str, str], *columns: str) -> dict[str, str]:
    """The row with blanks in these columns."""
    return {column: cell for column, cell in row.items() if column not in columns}


def write(path: Path, *rows: dict[str, str], columns: list[str] | None = None) -> Path:
    """A product file of these rows; `columns` says which there are, and in which order."""
    with path.open("w", encoding="utf-8", newline="") as file:
        names = columns or COLUMNS
        writer = csv.DictWriter(file, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path
