"""Nobody becomes somebody else by an address that only looks, or is compared, like theirs."""

import ast
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

from eventbus import mailbox
from eventbus.testing import emitted
from fraud.models import Blocked
from notifications.models import Mail, Unsubscribed
from notifications.services import mails_of
from orders import services as orders
from orders.models import Order
from pricing.models import Redemption
from pricing.promotions import forget as forget_redemptions
from shop import accounts
from shop.accounts import erasure
from shop.events import AccountMailRequested, CustomerErased
from shop.invisible_characters import without_invisible
from shop.settings import BASE_DIR
from shop.storefront.forms.fields import MailboxField
from shop.storefront.models import Cart
from tests.unit.storefront.conftest import placed
from tests.unit.storefront.people import SECRET, account, also, link, logged_in, prove

pytestmark = pytest.mark.django_db

VICTIM = "ada@github.com"
#: The database's upper() takes the first for the victim's; lower() and folding take others.
LOOKALIKES = ["ada@gıthub.com", "ADA@GİTHUB.COM", "ada@gıTHUB.com"]
#: Before the @ no mail server of ours takes them.
UNREACHABLE = ["adaı@github.com", "adaİ@github.com", "ſam@github.com", "\u212aate@github.com"]
lookalike = pytest.mark.parametrize("address", LOOKALIKES)


@pytest.fixture
def ada():
    return account(VICTIM)


def guest_order() -> Order:
    order = placed()
    Order.objects.filter(pk=order.pk).update(email=VICTIM)
    return order


@lookalike
class TestLookalike:
    def test_claims_no_guest_order(self, address):
        order = guest_order()
        assert orders.claim_orders(address, "user-1") == []
        account(address)
        assert Order.objects.get(pk=order.pk).customer_id == ""

    def test_claims_none_by_adding_the_address(self, client, address):
        order = guest_order()
        client.force_login(account("eve@example.com"))
        prove(client)
        client.post("/account/emails/", {"action_add": "", "email": address})
        mailed = emitted(AccountMailRequested, kind="confirm_address")[-1].email
        assert mailed != VICTIM
        client.post(link("confirm_address", mailed))
        assert Order.objects.get(pk=order.pk).customer_id == ""

    def test_logs_in_nowhere(self, client, ada, address):
        client.post("/login/", {"login": address, "password": SECRET})
        assert not logged_in(client)

    def test_is_sent_no_link_into_the_account(self, client, ada, address):
        client.post("/password-reset/", {"email": address})
        asked = emitted(AccountMailRequested)
        assert [mail.kind for mail in asked] == ["no_account"]
        assert asked[0].email != VICTIM

    def test_is_no_account_of_theirs_when_signing_up(self, client, ada, address):
        assert not accounts.is_taken(address)
        client.post("/signup/", {"name": "Eve", "email": address, "password1": SECRET})
        assert emitted(AccountMailRequested)[-1].kind == "confirm_address"

    def test_reads_and_erases_no_mail(self, address):
        mail = Mail.objects.create(id=uuid4(), event_id=uuid4(), kind="welcome", recipient=VICTIM)
        assert not mails_of(address)
        event = CustomerErased(customer_id="user-9", email=address, order_ids=(), cart_ids=())
        assert event.email != mail.recipient

    def test_erases_no_cart_and_no_redemption(self, address):
        cart = Cart.objects.create(email=VICTIM)
        eve = account("eve@example.com")
        also(eve, address)
        erasure.erase(eve)
        cart.refresh_from_db()
        assert cart.email == VICTIM
        forget_redemptions("", address)
        assert not Redemption.objects.filter(email=address).exists()

    def test_is_not_blocked_or_unsubscribed_with_them(self, address):
        Blocked.objects.create(value=VICTIM)
        Unsubscribed.objects.create(email=VICTIM)
        assert not Blocked.find(address)
        assert not Unsubscribed.has(address)


def test_the_same_mail_box_is_the_same_person_however_it_is_typed(client, ada):
    for typed in ("ADA@GitHub.com", " ada@ｇithub.com"):
        assert accounts.is_taken(typed)
        assert Client().post("/login/", {"login": typed, "password": SECRET}).status_code == 302


def test_a_domain_is_kept_as_mail_servers_know_it():
    user = account("ada@BÜCHER.example")
    assert user.email == EmailAddress.objects.get().email == "ada@xn--bcher-kva.example"
    Order.objects.filter(pk=placed().pk).update(email=user.email)
    assert len(orders.claim_orders("Ada@bücher.example", "user-1")) == 1


def test_whoever_writes_an_account_writes_its_address_alike(ada):
    ada.email = "Ada@GITHUB.com"
    ada.save()
    assert ada.email == VICTIM
    assert also(ada, "Ada@BÜCHER.example").email == "ada@xn--bcher-kva.example"


#: Addresses that no mail server takes.
BEYOND_REACH = [*UNREACHABLE, "a@" + "ü" * 63 + ".com", "a@\u05d0b.com"]


@pytest.mark.parametrize("address", BEYOND_REACH)
def test_what_no_mail_can_reach_is_no_address(address):
    with pytest.raises(forms.ValidationError):
        MailboxField().clean(address)


def test_a_letter_that_is_another_by_unicode_s_rule_is_that_one_before_it_is_looked_at(client):
    """The sign of Kelvin is a K: the mail goes to that address, and nobody else's account opens."""
    given = {"name": "Eve", "email": "\u212aate@github.com", "password1": SECRET}
    assert client.post("/signup/", given).status_code == 302
    (address,) = EmailAddress.objects.all()
    assert (address.email, address.verified) == ("kate@github.com", False)


@pytest.mark.parametrize(
    "address", [text for text in BEYOND_REACH if without_invisible(text) == text]
)
def test_what_no_mail_can_reach_is_refused_at_the_form(client, address):
    given = {"name": "Eve", "email": address, "password1": SECRET}
    assert client.post("/signup/", given).status_code == 422
    assert not accounts.is_taken(address)


@pytest.mark.parametrize("typed", ["Ada@Shop.EXAMPLE", "ada@ｇithub.com", "a+b@BÜCHER.example"])
def test_forms_keep_an_address_as_all_compare_it(typed):
    assert MailboxField().clean(typed) == mailbox(typed)


@pytest.mark.parametrize("path", settings.ACCOUNT_FORMS.values(), ids=settings.ACCOUNT_FORMS)
def test_every_form_of_an_account_takes_addresses_alike(path):
    form = import_string(path)
    fields = (form(user=None) if "reauth" in path.lower() else form()).fields.values()
    assert all(isinstance(f, MailboxField) for f in fields if isinstance(f, forms.EmailField))


INSENSITIVE = re.compile(r"__i(exact|contains|startswith|endswith|regex)$")
#: What names a person in code.
IDENTITY = re.compile(
    r"email|recipient|username|mailbox|login|shopper|\baddress|matching_text|sender"
)
FOLDING = {"lower", "upper", "casefold", "Lower", "Upper"}


def code() -> Iterator[tuple[str, ast.AST]]:
    """All of the project's code but tests and migrations, node by node."""
    for path in BASE_DIR.glob("[!.]*/**/*.py"):
        place = path.relative_to(BASE_DIR)
        if {"tests", "migrations", "var"}.isdisjoint(place.parts):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield f"{place}:{getattr(node, 'lineno', 0)}", node


def _folds(node: ast.AST) -> bool:
    """Tell whether the code compares an identity without regard to capitals, in a way of its own.

    As a database or Unicode understands them."""
    if isinstance(node, ast.keyword):
        return bool(INSENSITIVE.search(node.arg or "") and IDENTITY.search(node.arg or ""))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(INSENSITIVE.search(node.value) and IDENTITY.search(node.value))
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return called in FOLDING and bool(IDENTITY.search(ast.unparse(node)))
    return False


def test_no_code_compares_who_somebody_is_in_a_way_of_its_own():
    ours = [place for place, node in code() if _folds(node)]
    assert [place for place in ours if not place.startswith("eventbus/mailboxes.py")] == []


@pytest.mark.parametrize(
    "code",
    [
        "f(email__iexact=a)",
        "Lower('email')",
        "user.email.lower()",
        "f(**{'to__email__icontains': a})",
    ],
)
def test_the_walk_sees_what_it_looks_for(code):
    assert any(map(_folds, ast.walk(ast.parse(code))))
