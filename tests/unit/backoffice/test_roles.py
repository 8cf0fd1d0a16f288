"""Who of the staff may open what: every address of the admin, for every role."""

from contextlib import nullcontext

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.urls import reverse

import shop.urls  # noqa: F401 registers every model's pages
from notifications.models import Mail
from orders.models import Order
from shop.backoffice.models import refund_limit
from shop.backoffice.roles import REFUND_LIMITS, ROLES, rights
from tests.routes import every_route
from tests.walking import not_drawn, read_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_order")]


@pytest.fixture(autouse=True)
def _read_once():
    with read_once():
        yield


#: The roles by letter: none is nobody but a superuser.
LETTERS = {role[0]: role for role in ("support", "warehouse", "finance", "catalogue", "operator")}
EVERYBODY = "swfco"

#: For each model: who sees rows, adds, changes and deletes some. Others are for superusers alone.
MODELS = """
    analytics_figure                    fc    -   -   -
    axes_accessattempt                  so    -   -   so
    backoffice_ordercomment             swfo  -   -   -
    backoffice_staffaction              swfo  -   -   -
    billing_charge                      swfo  -   -   -
    billing_difference                  f     -   -   -
    billing_dispute                     swfo  -   -   -
    billing_invoice                     swfo  -   -   -
    billing_ordersnapshot               f     -   -   -
    billing_reconciliation              f     -   -   -
    billing_refund                      swfo  -   -   -
    billing_sandboxoperation            f     -   -   -
    billing_stripenotice                f     -   -   -
    catalogue_availability              co    -   -   -
    catalogue_category                  sc    c   c   c
    catalogue_image                     sc    c   c   c
    catalogue_product                   swc   c   c   c
    catalogue_variant                   swc   c   c   c
    eventbus_delivery                   o     -   -   -
    eventbus_history_redaction          o     -   -   -
    eventbus_inbound_inboundevent       o     -   -   -
    eventbus_inbound_rejectedevent      o     -   -   -
    eventbus_operatoraction               o     -   -   -
    eventbus_operations_rejectedmessage  o     -   -   -
    eventbus_outboxevent                o     -   -   -
    fraud_blocked                       f     f   f   f
    fraud_screening                     swfo  -   -   -
    inventory_movement                  wc    -   -   -
    inventory_receipt                   w     -   -   -
    inventory_reservationline           wc    -   -   -
    inventory_stock                     swco  -   w   -
    inventory_stockreservation          wo    -   -   -
    loyalty_account                     sf    -   -   -
    loyalty_orderpoints                 sf    -   -   -
    loyalty_pointsentry                 sf    -   -   -
    notifications_backinstockalert      s     -   -   -
    notifications_mail                  swfo  -   -   -
    notifications_unsubscribed          s     -   -   -
    orders_order                        swfo  -   -   -
    orders_return                       swfo  -   -   -
    pricing_promotion                   fc    c   c   -
    pricing_redemption                  fc    -   -   -
    pricing_taxzone                     fc    c   c   -
    shipping_parcel                     swfo  -   -   -
    shipping_parcelline                 swfo  -   -   -
    shipping_returnparcel               swfo  -   -   -
    shipping_shipment                   swfo  -   -   -
    shipping_shipmentline               swfo  -   -   -
    storefront_cart                     s     -   -   -
    storefront_orderstatus              o     -   -   -
    storefront_tracking                 so    -   -   -
"""

#: The pages that are no model's, and who may open them.
PAGES = {
    "index": EVERYBODY,
    "search": EVERYBODY,
    "jsi18n": EVERYBODY,
    "password_change": EVERYBODY,
    "password_change_done": EVERYBODY,
    "order": "swfo",
    "stock": "swco",
    "catalogue_variant_import": "c",
    "catalogue_variant_export": "swc",
    "orders_order_export": "swfo",
    "customer": "sf",
    "auth_user_password_change": "",
}

#: What has a test of its own: here, dialogs in test_order_actions and test_bulk; and the way in
#: and out.
ELSEWHERE = {
    "bulk_new",
    "bulk_run",
    "catalogue_variant_process_import",
    "login",
    "logout",
    "autocomplete",
    "view_on_site",
    "app_list",
    "order_action",
    "order_part_action",
}

#: What a form's field finds as one types: the field's model and name, and who finds anything.
FINDING = {
    ("catalogue", "product", "category"): "sc",
    ("catalogue", "variant", "product"): "swc",
    ("catalogue", "image", "product"): "swc",
    ("catalogue", "image", "variant"): "swc",
}

SEE, ADD, CHANGE, DELETE = range(4)
KINDS = {"changelist": SEE, "change": SEE, "history": SEE, "add": ADD, "delete": DELETE}
LISTED = {
    label: [set(letters.replace("-", "")) for letters in columns]
    for label, *columns in (line.split() for line in MODELS.strip().splitlines())
}
NOBODY: list[set[str]] = [set()] * 4
TABLE = {
    label: LISTED.get(label, NOBODY)
    for label in (model._meta.label_lower.replace(".", "_") for model in admin.site._registry)
}


#: The names of all addresses; those without one are the admin's own redirects.
NAMES = sorted({entry.name for _, entry in every_route(admin.site.urls[0]) if entry.name})


def test_every_address_is_in_the_table():
    assert LISTED.keys() <= TABLE.keys()
    expected = {f"{label}_{kind}" for label in TABLE for kind in KINDS} | PAGES.keys() | ELSEWHERE
    assert set(NAMES) - expected == set()
    # Where nobody can add, there may be no such address.
    assert {name for name in expected - set(NAMES) if not name.endswith("_add")} == set()


@pytest.fixture(scope="module")
def rows(shared_db, shared_order) -> dict[str, object]:
    """Return the key of a row of each model that has one; somebody is a user."""
    with shared_db():
        User.objects.create_user("somebody")
        found = {label: model_of(label).objects.first() for label in TABLE}
    return {label: row.pk for label, row in found.items() if row}


@pytest.fixture(scope="module")
def drawn() -> set[object]:
    """Return which pages have been drawn, each with the rights of who saw it."""
    return set()


@pytest.mark.parametrize("letter", EVERYBODY)
def test_each_role_opens_what_it_may_and_nothing_else(as_role, order, letter, rows, drawn):
    """A page is drawn once for all roles who have the same rights to what it shows."""
    client, role = as_role(LETTERS[letter]), LETTERS[letter]
    wrong = []
    for name in NAMES:
        label, _, kind = name.rpartition("_")
        allowed = PAGES.get(name) if name in PAGES else label in TABLE and TABLE[label][KINDS[kind]]
        if name in ELSEWHERE or (kind == "history" and label not in rows):
            continue
        page = name, rights_on(label, role) if label in TABLE else role
        with not_drawn() if page in drawn else nullcontext():
            status = client.get(address(name, order, rows)).status_code
        if letter in allowed:
            drawn.add(page)
        if (status in (200, 302)) != (letter in allowed) or status not in (200, 302, 403):
            wrong.append((name, status))
    assert wrong == []


def rights_on(label, role):
    """Return a role's rights to the rows that a model's page shows, and what else it may there."""
    page = admin.site._registry[model_of(label)]
    return frozenset(
        (app, right)
        for app, right in rights(role)
        for shown in (each.model._meta for each in (page, *page.inlines))
        if app == shown.app_label
        and (
            right.partition("_")[0] not in shown.default_permissions
            or right.endswith(f"_{shown.model_name}")
        )
    )


@pytest.mark.parametrize("letter", EVERYBODY)
def test_each_role_changes_what_it_may_and_nothing_else(as_role, order, letter, rows):
    """A form that may be sent comes back, for it is empty. An order's page has no form."""
    client = as_role(LETTERS[letter])
    wrong = []
    for label in TABLE.keys() - {"orders_order"}:
        status = client.post(address(f"{label}_change", order, rows)).status_code
        if (status != 403) != (letter in TABLE[label][CHANGE]):
            wrong.append((label, status))
    assert wrong == []


@pytest.mark.parametrize("letter", EVERYBODY)
def test_each_role_finds_in_a_forms_fields_what_it_may_see(as_role, letter):
    client = as_role(LETTERS[letter])
    for (app, model, field), allowed in FINDING.items():
        asked = {"app_label": app, "model_name": model, "field_name": field, "term": "x"}
        status = client.get(reverse("admin:autocomplete"), asked).status_code
        assert status == (200 if letter in allowed else 403), (model, field)


def test_every_field_that_finds_is_tested_here():
    finding = {
        (model._meta.app_label, model._meta.model_name, field)
        for model, page in admin.site._registry.items()
        for field in page.autocomplete_fields
    }
    assert finding == FINDING.keys()


@pytest.mark.parametrize("letter", EVERYBODY)
def test_each_role_sees_the_overview_of_the_apps_it_sees_something_of(as_role, letter, drawn):
    client = as_role(LETTERS[letter])
    for label in {model._meta.app_label for model in admin.site._registry}:
        models = [name for name in TABLE if name.rpartition("_")[0] == label]
        sees = any(letter in TABLE[name][SEE] for name in models)
        with not_drawn() if label in drawn else nullcontext():
            status = client.get(reverse("admin:app_list", args=[label])).status_code
        if sees:
            drawn.add(label)
        assert status == (200 if sees else 404), label


@pytest.mark.parametrize("letter", EVERYBODY)
def test_prices_are_imported_by_those_who_may_and_never_by_get(as_role, letter):
    client, address = as_role(LETTERS[letter]), reverse("admin:catalogue_variant_process_import")
    assert client.get(address).status_code == 405
    # Nothing was uploaded, which is found after asking who it is.
    assert client.post(address).status_code == (200 if letter == "c" else 403)


@pytest.mark.parametrize("letter", EVERYBODY)
def test_nothing_is_led_to_on_the_site_but_what_has_a_page_there(as_role, order, letter):
    """The page asks by itself who may see it; others have none."""
    client = as_role(LETTERS[letter])
    for model, leads in ((Mail, True), (Order, False), (User, False)):
        kind, row = ContentType.objects.get_for_model(model), model.objects.first()
        status = client.get(reverse("admin:view_on_site", args=[kind.pk, row.pk])).status_code
        assert status == (302 if leads else 404), model


def test_who_is_no_staff_is_sent_to_the_login(client, order, rows):
    for name in {*NAMES} - ELSEWHERE | {"autocomplete", "catalogue_variant_process_import"}:
        answer = client.get(address(name, order, rows))
        assert (answer.status_code, "login" in answer.url) == (302, True)


@pytest.mark.parametrize("role", ROLES)
def test_a_group_has_just_the_rights_of_its_role(role):
    held = Group.objects.get(name=role).permissions.values_list(
        "content_type__app_label", "codename"
    )
    assert set(held) == rights(role)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gives_back_as_much_as_its_limit_says(as_role, role):
    as_role(role)
    expected = REFUND_LIMITS.get(role, 0)
    assert refund_limit(User.objects.get(username=role)) == expected


def test_the_demo_has_a_login_for_each_role(client, rf):
    call_command("load_demo", verbosity=0)
    for role in ROLES:
        assert client.login(request=rf.post("/"), username=role, password=role)
        assert client.get(reverse("admin:index")).status_code == 200


def address(name, order, rows):
    """Of a row of the model where there is one."""
    if name in PAGES:
        somebody = rows["auth_user"]
        args = {"order": order.id, "customer": somebody, "auth_user_password_change": somebody}
        path = reverse(f"admin:{name}", args=[args[name]] if name in args else [])
        return f"{path}?sku=CUP" if name == "stock" else path
    label, _, kind = name.rpartition("_")
    if label not in TABLE or kind in ("changelist", "add"):
        return reverse(f"admin:{name}")
    return reverse(f"admin:{name}", args=[rows.get(label, "0")])


def model_of(label):
    return next(m for m in admin.site._registry if m._meta.label_lower.replace(".", "_") == label)
