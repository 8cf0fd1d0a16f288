"""Categories as shoppers first see them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from catalogue.models import Category
from catalogue.pictures import Picture
from catalogue.search.models import Listing


def with_pictures() -> Iterator[tuple[Category, Picture | None]]:
    """Yield the top categories, each with a picture of something in it. One query."""
    top = Category.objects.filter(parent=None).annotate(src=Subquery(_first_picture()))
    for category in top:
        yield category, Picture(category.src) if category.src else None


def _first_picture() -> QuerySet[Listing, Any]:
    pictured = Listing.objects.filter(top_category=OuterRef("pk")).exclude(picture_src="")
    return pictured.order_by("product_id").values("picture_src")[:1]
