"""Prices of variants in CSV files, out and in."""

from typing import Any

from import_export import fields, resources
from import_export.widgets import DecimalWidget

from catalogue.models import Variant


class Amount(DecimalWidget):
    """An amount of money; its currency is the variant's and has a column of its own."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value.amount)


class VariantResource(resources.ModelResource):
    """A row per variant, known by its SKU. New variants come with a product, not with a row."""

    title = fields.Field(column_name="title", readonly=True)
    currency = fields.Field(attribute="currency", column_name="currency", readonly=True)
    price = fields.Field(attribute="price", column_name="price", widget=Amount())
    compare_at_price = fields.Field(
        attribute="compare_at_price", column_name="compare_at_price", widget=Amount()
    )

    class Meta:
        model = Variant
        import_id_fields = ["sku"]
        fields = ["sku", "title", "currency", "price", "compare_at_price", "barcode", "grams"]
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def import_field(self, field: Any, instance: Any, row: Any, *args: Any, **kwargs: Any) -> None:
        """Raise `ValueError`, which the page shows beside the row, for what is no number."""
        try:
            super().import_field(field, instance, row, *args, **kwargs)
        except ArithmeticError:
            cell = str(row.get(field.column_name))[:40]
            raise ValueError(f"“{cell}” is not a number such as 12.50") from None

    def dehydrate_title(self, variant: Variant) -> str:
        return str(variant)

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Raise `ValueError`, which the page shows beside the row."""
        variant = Variant.objects.filter(sku=row.get("sku") or "").first()
        if variant is None:
            raise ValueError(f"sku: there is no variant {row.get('sku')}; add it to its product")
        if row.get("currency") not in (None, "", str(variant.currency)):
            raise ValueError(f"currency: {row['sku']} is priced in {variant.currency}")
