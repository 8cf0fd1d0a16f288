"""No list of the admin answers what it does not offer: every page, every column, every relation."""

from functools import cache
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import date_hierarchy
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db.models import UUIDField
from django.test import Client
from django.urls import NoReverseMatch, reverse

import shop.urls  # noqa: F401 registers every model's pages
from notifications.models import Mail
from shop.backoffice import lookups
from shop.backoffice.lookups import MOST_WORDS, allowed_lookups
from tests.walking import not_drawn, read_once

pytestmark = pytest.mark.django_db

PAGES = sorted(admin.site._registry.values(), key=lambda page: page.opts.label_lower)
#: Ways to compare a column; any other is refused by the same rule.
WAYS = ("", "__exact", "__regex", "__gt", "__link__startswith")
MIDNIGHT = "2026-01-01 00:00:00+00:00"
#: Relations followed one after the other.
DEEP = 2


@pytest.fixture
def request_(rf, admin_user):
    """A request by somebody who may see everything."""
    request = rf.get("/")
    request.user = admin_user
    return request


def columns(model, deep=DEEP, before=""):
    """Every path to a column, of the model and of what it leads to, in either direction."""
    for field in model._meta.get_fields(include_hidden=True):
        name = field.name if field.concrete else field.get_accessor_name() and field.name
        if not name or name.endswith("+"):
            continue
        yield before + name
        if getattr(field, "attname", name) != name:
            yield before + field.attname
        if field.is_relation and field.related_model and deep:
            yield from columns(field.related_model, deep - 1, f"{before}{name}__")


def test_nothing_but_what_it_offers_is_answered(request_, monkeypatch):
    """What a list offers is found out once, not for each of the thousands that are asked."""
    monkeypatch.setattr(lookups, "allowed_lookups", cache(allowed_lookups))
    for page in PAGES:
        known = allowed_lookups(page, request_)
        asked = {path + way for path in columns(page.model) for way in WAYS}
        asked |= {f"pk{way}" for way in WAYS} | {f"id{way}" for way in WAYS}
        answered = {lookup for lookup in asked if page.lookup_allowed(lookup, "x", request_)}
        assert answered <= known


def test_what_is_offered_compares_only_for_being_the_same_or_a_day(request_):
    """Choices of a filter, days, and whether there is something: nothing to guess by."""
    for page in PAGES:
        day = tuple(f"{field.name}__{way}" for field in page.opts.fields for way in ("gte", "lt"))
        for lookup in allowed_lookups(page, request_):
            _, _, way = lookup.rpartition("__")
            is_choice = "__" not in lookup or way in ("exact", "isnull", "isempty")
            is_day = way in ("year", "month", "day") or lookup in day
            assert is_choice or is_day, lookup


@read_once()
def test_every_list_and_export_refuses_it_whoever_asks(admin_client):
    for page in PAGES:
        relation = next((path for path in columns(page.model, 1) if "__" in path), "pk")
        for lookup in (
            f"{page.opts.concrete_fields[-1].attname}__regex",
            f"{relation}__startswith",
        ):
            for address in addresses(page):
                asked = f"{address}?{urlencode({lookup: '^a'})}"
                assert admin_client.get(asked).status_code == 400, asked
                assert admin_client.post(asked, {"action": "x"}).status_code == 400, asked


def addresses(page):
    """The pages of this model whose address may have a query that narrows rows down."""
    name = f"admin:{page.opts.app_label}_{page.opts.model_name}"
    yield reverse(f"{name}_changelist")
    try:
        yield reverse(f"{name}_export")
    except NoReverseMatch:
        return


@read_once()
def test_every_list_answers_what_it_offers(request_, admin_client):
    for page in PAGES:
        address = next(addresses(page))
        queries = {query(page, lookup) for lookup in allowed_lookups(page, request_)}
        for asked in queries:
            with not_drawn():
                answer = admin_client.get(f"{address}?{asked}", follow=True)
            assert answer.status_code == 200, f"{page}: {asked}"
            ask_for_choices(answer.context_data["cl"])


def ask_for_choices(changes):
    """Ask what one may choose beside a list, as is done where the list is drawn."""
    date_hierarchy(changes)
    for narrowing in changes.filter_specs:
        list(narrowing.choices(changes))


def query(page, lookup):
    """Return how a list is asked by this lookup; the parts of a day are asked for together."""
    days = {"year": 2026, "month": 1, "day": 1}
    way = lookup.rpartition("__")[2]
    if way in days and page.date_hierarchy:
        return urlencode({f"{page.date_hierarchy}__{part}": days[part] for part in days})
    value = {"isnull": "True", "isempty": "1", "gte": MIDNIGHT, "lt": MIDNIGHT, **days}
    return urlencode({lookup: value.get(way, "")})


@read_once()
def test_no_list_searches_for_more_than_some_words(request_, admin_client):
    asked = " ".join(f"word{number}" for number in range(300))
    for page in PAGES:
        rows = page.model._default_manager.all()
        found, _ = page.get_search_results(request_, rows, asked)
        compared = found.query.sql_with_params()[1] if page.search_fields else ()
        assert len(compared) <= MOST_WORDS * len(page.search_fields), page
        with not_drawn():
            answer = admin_client.get(next(addresses(page)), {"q": asked})
        assert answer.status_code == 200
        warned = [str(each) for each in get_messages(answer.wsgi_request)]
        assert warned == ["Only the first 10 words were searched for."] * bool(page.search_fields)
        admin_client.cookies.pop("messages", None)  # No page has shown it.


def test_a_list_says_that_it_has_searched_for_some_words_only(admin_client):
    asked = {"q": " ".join(f"word{number}" for number in range(MOST_WORDS + 1))}
    shown = admin_client.get(reverse("admin:notifications_mail_changelist"), asked)
    assert "Only the first 10 words" in shown.content.decode()


def test_words_that_count_are_all_searched_for(request_):
    page = admin.site._registry[Mail]
    asked = " ".join(f"word{number}" for number in range(MOST_WORDS))
    found, _ = page.get_search_results(request_, Mail.objects.all(), asked)
    compared = {str(value).strip("%") for value in found.query.sql_with_params()[1]}
    assert set(asked.split()) <= compared


@pytest.mark.parametrize("page", ["x", "0", "99", "-1", "", "1.5"])
def test_search_for_pages_answers_a_page_of_results_that_is_none(admin_client, page):
    assert admin_client.get("/admin/search/", {"s": "mail", "page": "1"}).status_code == 200
    assert admin_client.get("/admin/search/", {"s": "mail", "page": page}).status_code == 404


def test_rows_are_known_by_their_key_alone(request_):
    for page in PAGES:
        allowed = [f.name for f in page.opts.fields if page.to_field_allowed(request_, f.name)]
        assert allowed == [page.opts.pk.name]


def test_what_is_searched_and_sorted_by_is_shown_to_who_searches(rf):
    """Else its search would be asked letter by letter. For who sees least of a page."""
    request = rf.get("/")
    request.user = User.objects.create(username="kim", is_staff=True)
    for page in PAGES:
        for lookup in [*page.get_search_fields(request), *sortable(page, request)]:
            model, name = follow(page.model, lookup.lstrip("=^@-"))
            shown_by = admin.site._registry.get(model)
            assert shown_by, f"{lookup}: {model} has no page"
            is_a_key = lookup[0] == "=" and isinstance(model._meta.get_field(name), UUIDField)
            assert is_a_key or name in shown(shown_by, request), f"{page}: {lookup} is on no page"


def sortable(page, request):
    """Columns of the list by which it can be sorted with `?o=`."""
    for name in page.get_list_display(request):
        attr = getattr(page, name, None) or getattr(page.model, name, None)
        order = getattr(attr, "admin_order_field", None)
        if order and name not in [f.name for f in page.opts.fields] and isinstance(order, str):
            yield order if order not in page.get_list_display(request) else name


def follow(model, path):
    """The model at the end of a path, and its column there."""
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    return model, name


def shown(page, request):
    """The columns that the list or the page of a row shows; its key is in the row's address."""
    fields = flatten_fieldsets(page.get_fieldsets(request, page.model()))
    names = {*page.get_list_display(request), *fields, page.opts.pk.name}
    # An order's own page shows all of it.
    return names | {f.name for f in page.opts.fields if page.opts.label == "orders.Order"}


def test_a_mails_text_is_not_read_letter_by_letter(as_role, order):
    mail = Mail.objects.first()
    support: Client = as_role("support")
    address = reverse("admin:notifications_mail_changelist")
    for query in ("text__regex=%5Ea", "kind=reset_password&text__regex=a", "html__contains=a"):
        assert support.get(f"{address}?{query}").status_code == 400
    page = reverse("admin:notifications_mail_change", args=[mail.pk])
    kept = urlencode({"_changelist_filters": "text__regex=%5Ea"})
    statuses = {support.get(f"{page}?{kept}").status_code, support.get(page).status_code}
    assert statuses == {200}
    assert support.get(f"{address}?state__exact={mail.state}").status_code == 200
