"""The roles of staff and their permissions. Each role is a Django group, made by a migration.

After a change here, a new migration calls `give_rights` again.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions

READING_ORDERS = [
    "orders: view order orderline return returnline",
    "billing: view charge refund invoice dispute",
    "shipping: view shipment shipmentline parcel parcelline returnparcel",
    "fraud: view screening",
    "notifications: view mail",
    "backoffice: view ordercomment staffaction; add ordercomment",
]

#: Per role, one line per app: a verb with its models, or `may` with names of special permissions.
ROLES: dict[str, list[str]] = {
    "support": [
        *READING_ORDERS,
        "orders: change return; may cancel_order hold_order",
        "billing: change charge",
        "notifications: view unsubscribed backinstockalert; may resend_mail",
        "loyalty: view account pointsentry orderpoints",
        "storefront: view cart cartitem tracking",
        "inventory: view stock",
        "catalogue: view product variant category image",
        "backoffice: may see_customers",
        "axes: view accessattempt; delete accessattempt",
    ],
    "warehouse": [
        *READING_ORDERS,
        "orders: may hold_order",
        "shipping: may ship_by_hand",
        "inventory: view stock movement stockreservation reservationline receipt; change stock",
        "catalogue: view product variant",
    ],
    "finance": [
        *READING_ORDERS,
        "orders: change return; may cancel_order hold_order",
        "billing: view ordersnapshot sandboxoperation stripenotice difference reconciliation; "
        "change charge",
        "fraud: view blocked; change screening; add blocked; change blocked; delete blocked",
        "pricing: view promotion redemption taxzone taxrate",
        "analytics: view figure",
        "backoffice: may see_customers",
        "loyalty: view account pointsentry orderpoints",
    ],
    "catalogue": [
        "catalogue: view product variant category image availability; "
        "add product variant category image; change product variant category image; "
        "delete product variant category image",
        "pricing: view promotion redemption taxzone taxrate; add promotion taxzone taxrate; "
        "change promotion taxzone taxrate; delete taxrate",
        "inventory: view stock movement reservationline",
        "analytics: view figure",
    ],
    "operator": [
        *READING_ORDERS,
        "eventbus: view outboxevent delivery operatoraction; may operate",
        "eventbus_operations: view rejectedmessage",
        "eventbus_inbound: view inboundevent rejectedevent",
        "eventbus_history: view redaction",
        "catalogue: view availability",
        "storefront: view orderstatus tracking",
        "inventory: view stock stockreservation",
        "axes: view accessattempt; delete accessattempt",
    ],
}

#: How much of one order a role may refund; None: no limit.
REFUND_LIMITS: dict[str, Decimal | None] = {"support": Decimal(100), "finance": None}


def rights(role: str) -> set[tuple[str, str]]:
    """Return the role's permissions, as app label and codename."""
    return {right for line in ROLES[role] for right in _rights_in(line)}


def _rights_in(line: str) -> Iterable[tuple[str, str]]:
    app, _, phrases = line.partition(": ")
    for phrase in phrases.split("; "):
        verb, *names = phrase.split()
        yield from ((app, name if verb == "may" else f"{verb}_{name}") for name in names)


def give_rights(apps: Any) -> None:
    """Make the groups with exactly these permissions, and their refund limits if missing.

    Django makes permissions after all migrations: those not there yet are made here.
    """
    group_model = apps.get_model("auth", "Group")
    limit_model = apps.get_model("backoffice", "RefundLimit")
    known = _permissions(apps)
    for role in ROLES:
        group, _ = group_model.objects.get_or_create(name=role)
        group.permissions.set([known[right] for right in rights(role)])
    for role, amount in REFUND_LIMITS.items():
        limit_model.objects.get_or_create(role=role, defaults={"amount": amount})


def _permissions(apps: Any) -> dict[tuple[str, str], Any]:
    for config in installed.get_app_configs():
        create_permissions(config, verbosity=0)
    rows = apps.get_model("auth", "Permission").objects.select_related("content_type")
    return {(row.content_type.app_label, row.codename): row for row in rows}
