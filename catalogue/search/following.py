"""Following the catalogue and stock, in the transaction that changes them."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver

from catalogue.category_tree import CategoryTree
from catalogue.models import Availability, Category, Image, Product, Variant
from catalogue.search.indexing import index, index_stock
from catalogue.search.models import Listing
from catalogue.signals import is_in_bulk, products_written


@receiver(products_written)
def index_written(ids: Iterable[int], **_: Any) -> None:
    index(ids)


@receiver(post_save, sender=Product)
def index_product(instance: Product, **_: Any) -> None:
    index([instance.pk])


@receiver(post_delete, sender=Product)
def drop_product(instance: Product, **_: Any) -> None:
    Listing.objects.filter(product_id=instance.pk).delete()


@receiver([pre_save, pre_delete], sender=Variant)
@receiver([pre_save, pre_delete], sender=Image)
def lock_its_products(sender: type[Model], instance: Any, **_: Any) -> None:
    """Lock them before the row itself, as imports do, so that none waits for the other in a circle.

    It may be on its way from one product to another.
    """
    if is_in_bulk():
        return
    former = sender._default_manager.filter(pk=instance.pk).values("product_id")
    ids = {instance.product_id, *former.values_list("product_id", flat=True)}
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from catalogue_product where id = any(%s) order by id for no key update",
            [sorted(ids)],
        )
    instance.products_touched = ids


@receiver([post_save, post_delete], sender=Variant)
@receiver([post_save, post_delete], sender=Image)
def index_its_products(instance: Any, origin: Any = None, **_: Any) -> None:
    if not (is_in_bulk() or _goes_with_its_product(origin)):
        index(instance.products_touched)


def _goes_with_its_product(origin: Model | QuerySet | None) -> bool:
    """Return whether a whole product is being deleted, whose line goes as one."""
    return isinstance(origin, Product) or getattr(origin, "model", None) is Product


@receiver(post_save, sender=Category)
def index_category(instance: Category, created: bool, **_: Any) -> None:
    if not created:
        index(_products_in(instance))


@receiver(pre_delete, sender=Category)
def note_products_left(instance: Any, **_: Any) -> None:
    instance.products_left = _products_in(instance)


@receiver(post_delete, sender=Category)
def index_products_left(instance: Any, **_: Any) -> None:
    index(instance.products_left)


def _products_in(category: Category) -> list[int]:
    family = CategoryTree().family(category)
    return list(Product.objects.filter(category__in=family).values_list("pk", flat=True))


@receiver([post_save, post_delete], sender=Availability)
def note_stock(instance: Availability, **_: Any) -> None:
    index_stock([instance.sku])
