"""Orders in CSV files."""

from import_export import fields, resources

from orders.models import Order


class OrderResource(resources.ModelResource):
    """A row per order, as bookkeeping wants it: without addresses."""

    total = fields.Field(attribute="total__amount", column_name="total")
    currency = fields.Field(attribute="total_currency", column_name="currency")

    class Meta:
        model = Order
        fields = [
            "number",
            "reference",
            "state",
            "customer_id",
            "placed_at",
            "ended_at",
            "total",
            "currency",
            "tax",
            "discount",
            "promotion",
            "points_value",
            "captured_total",
            "refunded_total",
            "cancel_reason",
        ]
        export_order = fields
