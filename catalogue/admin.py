"""The catalogue in the admin."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.urls import reverse
from django.utils.html import format_html
from import_export.admin import ImportExportModelAdmin
from unfold.admin import ModelAdmin, TabularInline

from catalogue.listing import emit_listed, emit_selling
from catalogue.models import (
    OPTION_VALUE_LENGTH,
    Availability,
    Category,
    Image,
    Product,
    Selling,
    Variant,
)
from catalogue.resources import VariantResource
from eventbus.operations.admin import ReadOnlyAdmin


class VariantForm(forms.ModelForm):
    """A variant whose two prices are in one currency."""

    option_values = SimpleArrayField(
        forms.CharField(max_length=OPTION_VALUE_LENGTH),
        delimiter="|",
        required=False,
        help_text="in the order of the product's options, separated by |",
    )

    #: left open, it is sold as it was
    selling = forms.ChoiceField(choices=Selling.choices, initial=Selling.TRACKED, required=False)

    class Meta:
        model = Variant
        fields = [
            "product",
            "sku",
            "option_values",
            "price",
            "compare_at_price",
            "barcode",
            "grams",
            "position",
            "taxable",
            "requires_shipping",
            "selling",
        ]

    def clean_selling(self) -> str:
        return self.cleaned_data["selling"] or self.instance.selling

    @property
    def sells_otherwise(self) -> bool:
        """Return whether a variant that was there means something else by its stock now."""
        return self.initial.get("selling", self.instance.selling) != self.instance.selling

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        price, former = cleaned.get("price"), cleaned.get("compare_at_price")
        if price and former and price.currency != former.currency:
            self.add_error("compare_at_price", f"must be in {price.currency}, like the price")
        return cleaned


class VariantInline(TabularInline):
    model = Variant
    form = VariantForm
    fields = ["sku", "option_values", "price", "compare_at_price", "grams", "position", "selling"]
    show_change_link = True
    extra = 0


class ImageInline(TabularInline):
    model = Image
    fields = ["src", "alt", "position"]
    extra = 0


@admin.register(Category)
class CategoryAdmin(ModelAdmin):
    list_display = ["name", "slug", "parent", "position"]
    list_filter = ["parent"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Product)
class ProductAdmin(ModelAdmin):
    list_display = ["title", "handle", "category", "vendor", "published", "created"]
    list_filter = ["published", "category", "vendor"]
    list_select_related = ["category"]
    search_fields = ["title", "handle", "vendor", "variants__sku"]
    autocomplete_fields = ["category"]
    date_hierarchy = "created"
    inlines = [VariantInline, ImageInline]

    def save_formset(self, request: Any, form: Any, formset: Any, change: Any) -> None:
        super().save_formset(request, form, formset, change)
        for variant in formset.new_objects:
            if isinstance(variant, Variant):
                emit_listed(variant)
        for each in formset.initial_forms:
            if isinstance(each, VariantForm) and each.sells_otherwise:
                emit_selling(each.instance)


@admin.register(Variant)
class VariantAdmin(ModelAdmin, ImportExportModelAdmin):
    resource_classes = [VariantResource]
    form = VariantForm
    list_display = [
        *("sku", "stock", "__str__", "price", "current_price", "compare_at_price"),
        *("grams", "taxable"),
    ]
    list_filter = ["selling", "taxable", "requires_shipping", "product__category"]
    list_select_related = ["product"]
    search_fields = ["sku", "shared_sku", "barcode", "product__title", "product__handle"]
    autocomplete_fields = ["product"]
    readonly_fields = ["shared_sku"]

    @admin.display(description="stock")
    def stock(self, variant: Variant) -> str:
        address = f"{reverse('admin:stock')}?{urlencode({'sku': variant.sku})}"
        return format_html('<a href="{}">stock of {}</a>', address, variant.sku)

    def save_model(self, request: Any, obj: Variant, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            emit_listed(obj)
        elif form.sells_otherwise:
            emit_selling(obj)


@admin.register(Image)
class ImageAdmin(ModelAdmin):
    list_display = ["src", "product", "variant", "position"]
    list_filter = ["product__category"]
    list_select_related = ["product", "variant__product"]
    search_fields = ["src", "alt", "product__title"]
    autocomplete_fields = ["product", "variant"]


@admin.register(Availability)
class AvailabilityAdmin(ReadOnlyAdmin):
    list_display = ["sku", "available", "revision"]
    search_fields = ["sku"]
