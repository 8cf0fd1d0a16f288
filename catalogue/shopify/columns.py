"""The columns of a product file, under both names Shopify has used for them."""

from enum import StrEnum


class Column(StrEnum):
    """A column this shop reads, by the name real exports carry."""

    HANDLE = "Handle"
    TITLE = "Title"
    BODY = "Body (HTML)"
    VENDOR = "Vendor"
    CATEGORY = "Product Category"
    TYPE = "Type"
    TAGS = "Tags"
    PUBLISHED = "Published"
    STATUS = "Status"
    OPTION1_NAME = "Option1 Name"
    OPTION1_VALUE = "Option1 Value"
    OPTION2_NAME = "Option2 Name"
    OPTION2_VALUE = "Option2 Value"
    OPTION3_NAME = "Option3 Name"
    OPTION3_VALUE = "Option3 Value"
    SKU = "Variant SKU"
    GRAMS = "Variant Grams"
    TRACKER = "Variant Inventory Tracker"
    QUANTITY = "Variant Inventory Qty"
    POLICY = "Variant Inventory Policy"
    PRICE = "Variant Price"
    COMPARE_AT_PRICE = "Variant Compare At Price"
    REQUIRES_SHIPPING = "Variant Requires Shipping"
    TAXABLE = "Variant Taxable"
    BARCODE = "Variant Barcode"
    VARIANT_IMAGE = "Variant Image"
    IMAGE = "Image Src"
    IMAGE_POSITION = "Image Position"
    IMAGE_ALT = "Image Alt Text"
    SEO_TITLE = "SEO Title"
    SEO_DESCRIPTION = "SEO Description"


REQUIRED = (Column.HANDLE, Column.TITLE, Column.PRICE)
NUMBERS = (Column.PRICE, Column.COMPARE_AT_PRICE, Column.GRAMS, Column.QUANTITY)
OPTION_NAMES = (Column.OPTION1_NAME, Column.OPTION2_NAME, Column.OPTION3_NAME)
OPTION_VALUES = (Column.OPTION1_VALUE, Column.OPTION2_VALUE, Column.OPTION3_VALUE)

#: A row with one of these describes a variant; a row without may still bring a picture.
MARKS_OF_A_VARIANT = (
    *OPTION_VALUES,
    Column.SKU,
    Column.PRICE,
    Column.COMPARE_AT_PRICE,
    Column.BARCODE,
)

_OTHER_NAMES = {
    "Standardized Product Type": Column.CATEGORY,
    "Standard Product Type": Column.CATEGORY,
    "Custom Product Type": Column.TYPE,
    "URL handle": Column.HANDLE,
    "Description": Column.BODY,
    "Published on online store": Column.PUBLISHED,
    "SKU": Column.SKU,
    "Weight value (grams)": Column.GRAMS,
    "Inventory tracker": Column.TRACKER,
    "Inventory quantity": Column.QUANTITY,
    "Continue selling when out of stock": Column.POLICY,
    "Price": Column.PRICE,
    "Compare-at price": Column.COMPARE_AT_PRICE,
    "Requires shipping": Column.REQUIRES_SHIPPING,
    "Charge tax": Column.TAXABLE,
    "Barcode": Column.BARCODE,
    "Variant image URL": Column.VARIANT_IMAGE,
    "Product image URL": Column.IMAGE,
}
_BY_USUAL_NAME = {column.casefold(): column for column in Column}
_BY_OTHER_NAME = {name.casefold(): column for name, column in _OTHER_NAMES.items()}


def column_named(name: str) -> Column | None:
    """Return the column meant by a header cell, whatever its case; None for one we do not read."""
    name = name.strip().casefold()
    return _BY_USUAL_NAME.get(name) or _BY_OTHER_NAME.get(name)


def is_usual_name(name: str) -> bool:
    """Return whether a header cell is the name real exports carry, not one of the others."""
    return name.strip().casefold() in _BY_USUAL_NAME
