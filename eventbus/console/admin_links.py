"""Links from the console into the admin, for those who may see what is there."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse


def admin_page(user: Any, row: Model) -> str:
    """Return the address of a row's page; empty where there is none for this user."""
    return _address(user, type(row), "change", [row.pk])


def admin_list(user: Any, label: str) -> str:
    """Return the address of a model's list, by a label such as `eventbus.delivery`."""
    return _address(user, apps.get_model(label), "changelist", [])


def _address(user: Any, model: type[Model], page: str, args: list[Any]) -> str:
    meta = model._meta
    if not admin.site.is_registered(model) or not user.has_perm(
        f"{meta.app_label}.view_{meta.model_name}"
    ):
        return ""
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)
