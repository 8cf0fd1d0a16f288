"""The admin's theme and navigation. Read by the settings."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

from eventbus.console.places import PLACES, Place
from shop.backoffice.changelists import changelist_url, may_view

NAME = "Hearth & Sill"


def _list(title: str, icon: str, label: str) -> dict[str, Any]:
    """Return the navigation entry of an admin list, for those who may see it."""
    return {
        "title": title,
        "icon": icon,
        "link": changelist_url(label),
        "permission": lambda request: may_view(request, label),
    }


def _console(place: Place) -> dict[str, Any]:
    """Return the navigation entry of a page of the console, for those who may operate."""
    return {
        "title": place.title,
        "icon": ICONS[place.title],
        "link": reverse_lazy(f"console:{place.name}"),
        "active": lambda request: _is_around(place, request),
        "permission": _may_operate,
    }


def _added(page: Any) -> dict[str, Any]:
    """Return the navigation entry of a page that was added to the console."""
    return {
        "title": page.title,
        "icon": "science",
        "link": reverse_lazy(page.url_name),
        "permission": _may_operate,
    }


def _may_operate(request: HttpRequest) -> bool:
    return request.user.has_perm("eventbus.operate")


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the sidebar: first what everybody has, then the console with what was added to it."""
    from eventbus.console.hooks import hooks

    console = {"title": "Console", "items": CONSOLE + [_added(page) for page in hooks.pages]}
    return [NAVIGATION[0], console, *NAVIGATION[1:]]


def _is_around(place: Place, request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.app_name == "console" and place.is_around(match.url_name)


#: What stands beside the name of each page of the console.
ICONS = {
    "Now": "monitoring",
    "Map": "account_tree",
    "Throughput": "speed",
    "Failed": "error",
    "Story": "history_edu",
    "Workers": "memory",
    "Paused": "pause_circle",
    "Alerts": "notifications",
    "Contracts": "contract",
}

CONSOLE = [_console(place) for place in PLACES]

NAVIGATION: list[dict[str, Any]] = [
    {
        "items": [
            {"title": "Dashboard", "icon": "dashboard", "link": reverse_lazy("admin:index")},
            {
                "title": "The shop",
                "icon": "storefront",
                "link": reverse_lazy("storefront:home"),
                "active": False,
            },
        ]
    },
    {
        "title": "Orders",
        "items": [
            _list("Orders", "receipt_long", "orders.order"),
            _list("Shipments", "local_shipping", "shipping.shipment"),
            _list("Returns", "assignment_return", "orders.return"),
            _list("Screenings", "gpp_maybe", "fraud.screening"),
        ],
    },
    {
        "title": "Money",
        "items": [
            _list("Payments", "credit_card", "billing.charge"),
            _list("Refunds", "currency_exchange", "billing.refund"),
            _list("Invoices", "description", "billing.invoice"),
            _list("Promotions", "sell", "pricing.promotion"),
            _list("Taxes", "percent", "pricing.taxzone"),
        ],
    },
    {
        "title": "Goods",
        "items": [
            _list("Products", "shelves", "catalogue.product"),
            _list("Variants", "qr_code", "catalogue.variant"),
            _list("Categories", "category", "catalogue.category"),
            _list("Stock", "inventory_2", "inventory.stock"),
            _list("Stock movements", "swap_vert", "inventory.movement"),
        ],
    },
    {
        "title": "Customers",
        "items": [
            _list("Accounts", "person", "auth.user"),
            _list("Points", "loyalty", "loyalty.account"),
            _list("Carts", "shopping_cart", "storefront.cart"),
            _list("Blocked", "block", "fraud.blocked"),
        ],
    },
    {
        "title": "Mails",
        "items": [
            _list("Mails", "mail", "notifications.mail"),
            _list("Unsubscribed", "unsubscribe", "notifications.unsubscribed"),
        ],
    },
    {
        "title": "Operations",
        "items": [
            _list("Events", "campaign", "eventbus.outboxevent"),
            _list("Reactions", "bolt", "eventbus.delivery"),
            _list("Rejected messages", "report", "eventbus_operations.rejectedmessage"),
            _list("Foreign events", "input", "eventbus_inbound.inboundevent"),
            _list("Rejected foreign events", "block", "eventbus_inbound.rejectedevent"),
            _list("What operators did", "engineering", "eventbus.operatoraction"),
            _list("What staff did", "fact_check", "backoffice.staffaction"),
            _list("Changes", "history", "auditlog.logentry"),
            _list("Wrong passwords", "lock_clock", "axes.accessattempt"),
            _list("Roles", "groups", "auth.group"),
            _list("Refund limits", "price_check", "backoffice.refundlimit"),
        ],
    },
]

#: The shop's green, with enough contrast as text on white and behind white text.
GREENS = {
    "50": "#f2f7f3",
    "100": "#e3ebdf",
    "200": "#c8dbcb",
    "300": "#a7cbb0",
    "400": "#7aab88",
    "500": "#57886a",
    "600": "#3b5b48",
    "700": "#324d3d",
    "800": "#293f32",
    "900": "#213328",
    "950": "#13211a",
}

UNFOLD = {
    "SITE_TITLE": NAME,
    "SITE_HEADER": NAME,
    "SITE_SUBHEADER": "for staff",
    "SITE_SYMBOL": "storefront",
    "SITE_URL": reverse_lazy("storefront:home"),
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": GREENS},
    "STYLES": [lambda request: static("staff/staff.css")],
    "SCRIPTS": [
        lambda request: static("staff/dialog.js"),
        lambda request: static("staff/bulk.js"),
        lambda request: static("staff/names.js"),
    ],
    "DASHBOARD_CALLBACK": "shop.backoffice.dashboard.show",
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": True,
        "navigation": _navigation,
    },
}
