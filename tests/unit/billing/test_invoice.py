"""The invoice of a billed order: what was ordered and paid, on paper, in the order's language."""

from decimal import Decimal

import pytest
from django.utils import timezone

from billing.errors import NoInvoice
from billing.models import Invoice
from billing.services import invoice_pdf
from eventbus.testing import given
from orders.events import Address, OrderLine, Tax
from tests.unit.billing import facts
from tests.unit.billing.pdf_reader import place_of, text_of

pytestmark = pytest.mark.django_db

LINES = (
    OrderLine(
        line=1,
        sku="MUG",
        title="Große Tasse „Ğöksu“ – €",
        quantity=2,
        unit_price=Decimal("1250.00"),
        discount=Decimal("250.00"),
        tax_rate=Decimal("19"),
        tax=Decimal("359.24"),
    ),
    OrderLine(
        line=2,
        sku="BOOK",
        title="Книга",
        quantity=1,
        unit_price=Decimal("10.70"),
        tax_rate=Decimal("7"),
        tax=Decimal("0.70"),
    ),
)
TAXES = (
    Tax(rate=Decimal("19"), net=Decimal("1894.87"), amount=Decimal("360.03")),
    Tax(rate=Decimal("7"), net=Decimal("10.00"), amount=Decimal("0.70")),
)
POLAND = Address(
    name="Łukasz Żółć", line1="ul. Główna 1", city="Kraków", postcode="30-001", country="PL"
)
WHOLE = {
    "lines": LINES,
    "shipping_cost": Decimal("4.90"),
    "discount": Decimal("250.00"),
    "promotion": "AUTUMN",
    "tax": Decimal("360.73"),
    "taxes": TAXES,
    "points": 1500,
    "points_value": Decimal("15.00"),
    "total": Decimal("2250.60"),
    "ship_to": POLAND,
}
#: What stands on the invoice of it.
SAID = (
    "Łukasz Żółć",
    "30-001 Kraków",
    "Poland",
    "Große Tasse „Ğöksu“ – €",
    "Книга",
    "€1,250.00",
    "€2,500.00",
    "19%",
    "Discount (AUTUMN)",
    "-€250.00",
    "€4.90",
    "€2,265.60",
    "Paid with 1,500 points",
    "-€15.00",
    "€2,250.60",
    "Tax included",
    "€1,894.87",
    "€360.03",
    "S-1001",
)


def billed(order_id, **order):
    given(
        facts.placed(order_id, **order),
        facts.reserved(order_id),
        facts.cleared(order_id),
        facts.redeemed(order_id),
        to="billing",
    )
    return order_id


def words_of(order_id) -> str:
    return text_of(invoice_pdf(order_id)[1]).replace("\N{NO-BREAK SPACE}", " ")


def test_invoice_has_the_number_that_was_emitted(order_id):
    number, pdf = invoice_pdf(billed(order_id, **WHOLE))
    assert number == Invoice.objects.get().number
    assert pdf.startswith(b"%PDF-")
    assert number in text_of(pdf)


def test_invoice_says_who_bought_what_and_what_was_paid(order_id):
    words = words_of(billed(order_id, **WHOLE))
    assert [each for each in SAID if each not in words] == []


def test_seller_stands_on_it(order_id, settings):
    settings.SELLER = ["Teapots & Söhne", "VAT ID DE123"]
    words = words_of(billed(order_id))
    assert "Teapots & Söhne" in words
    assert "VAT ID DE123" in words


def test_amounts_and_dates_are_written_as_the_orders_language_does(order_id):
    words = words_of(billed(order_id, **WHOLE, language="de"))
    assert "1.250,00 €" in words
    assert "Polen" in words
    for german in ("Rechnungsnummer", "Rabatt (AUTUMN)", "Enthaltene Steuer", "Vollständig"):
        assert german in words
    assert str(timezone.now().year) in words


def test_tax_that_came_on_top_is_among_the_sums(order_id):
    words = words_of(billed(order_id, **WHOLE | {"tax_included": False}))
    assert "Tax added" in words
    assert "€360.73" in words


def test_order_without_tax_discount_and_points_has_nothing_of_them(order_id):
    words = words_of(billed(order_id))
    assert "Discount" not in words
    assert "points" not in words
    assert "Net" not in words


def test_order_paid_wholly_with_points_has_an_invoice_too(order_id):
    order = {"total": Decimal(0), "points": 490, "points_value": Decimal("4.90"), "card": None}
    words = words_of(billed(order_id, **order))
    assert "Paid with money" in words
    assert "€0.00" in words


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("JP", "山田 太郎 さくら"),
        ("DE", "花瓶の山田"),
        ("SG", "王小明 北京们"),
        ("KR", "김철수"),
        ("GR", "Ελένη"),
        ("FR", "Nguyễn Văn Ấ"),
        ("AT", "ქართული"),
        ("AT", "Հայ"),
        ("AT", "Zoë 😀 ✓"),
    ],
)
def test_a_name_is_printed_in_its_own_letters(order_id, country, name):
    to = POLAND.model_copy(update={"country": country, "name": name})
    words = words_of(billed(order_id, ship_to=to))
    assert name in words
    assert "?" not in words


@pytest.mark.parametrize(
    "name", ["שלום כהן", "محمد الأحمد", "สมชาย ใจดี", "अमित क्षत्रिय", "বাংলা", "தமிழ்"]
)
def test_letters_that_join_are_printed_and_none_is_missing(order_id, name):
    """As it is drawn, a letter may be another sign: what counts is that each has one."""
    to = POLAND.model_copy(update={"name": name})
    words = words_of(billed(order_id, ship_to=to))
    assert "?" not in words
    assert {name[0], name[-1]} & set(words)


def test_hebrew_runs_from_right_to_left(order_id):
    """Later text stands further to the left."""
    to = POLAND.model_copy(update={"name": "שלום כהן"})
    _number, pdf = invoice_pdf(billed(order_id, ship_to=to))
    first, last = (place_of(pdf, letter) for letter in "שן")
    assert last < first


def test_letters_no_font_has_are_question_marks_not_an_error(order_id):
    lines = (LINES[0].model_copy(update={"title": "\U00012000\U00012001 vase \U00012002"}),)
    assert "?? vase ?" in words_of(billed(order_id, lines=lines))


def test_an_invoice_in_europes_letters_needs_no_other_font(order_id):
    _number, pdf = invoice_pdf(billed(order_id, **WHOLE))
    assert b"Noto" not in pdf


def test_the_day_on_an_invoice_is_that_of_the_shop(order_id, settings):
    settings.TIME_ZONE = "Pacific/Kiritimati"
    billed(order_id)
    Invoice.objects.update(issued_at="2026-03-31T12:00Z")
    assert "April 1, 2026" in words_of(order_id)


def test_hundreds_of_lines_go_over_pages_with_the_headings_on_each(order_id):
    lines = tuple(LINES[1].model_copy(update={"line": number}) for number in range(1, 101))
    words = words_of(billed(order_id, lines=lines))
    assert words.count("Книга") == 100
    assert words.count("Unit price") == words.count(" / ") > 1


def test_order_that_is_not_billed_has_no_invoice_yet(order_id):
    given(facts.placed(order_id), to="billing")
    with pytest.raises(NoInvoice):
        invoice_pdf(order_id)
