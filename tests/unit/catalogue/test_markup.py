"""What somebody writes as a product's description can do nothing to who looks at it."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from catalogue.markup import clean
from catalogue.models import Product
from catalogue.shopify.importing import import_products
from tests.unit.catalogue.files import COLUMNS
from tests.unit.storefront.conftest import listed

pytestmark = pytest.mark.django_db

#: Each acts where it is shown as it is: by itself, through htmx, or through the admin's Alpine.
HARMFUL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<div hx-post="/admin/auth/user/add/" hx-trigger="load">a</div>',
    '<div data-hx-post="/cart/" data-hx-trigger="load">a</div>',
    '<a hx-boost="true" data-hx-get="/logout/" href="javascript:alert(1)">a</a>',
    '<p x-data="{}" x-init="alert(1)" @click="alert(1)" :href="alert(1)">a</p>',
    '<form action="/logout/" method="post"><button formaction="/cart/">a</button></form>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe><object data="x"></object><embed src="x">',
    '<svg><a xlink:href="javascript:alert(1)"><set attributeName="onmouseover" to="a"/></a></svg>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img onerror=a&gt;">',
    '<meta http-equiv="refresh" content="0;url=/"><base href="//evil.example/"><link rel="x">',
    '<p style="position:fixed" class="top" id="content">a</p><style>p{}</style>',
    '<a href="data:text/html,x">a</a><a href="vbscript:x">a</a><img src="data:image/svg+xml,x">',
    '<template hx-get="/"><b>a</b></template><input name="q" autofocus><textarea>',
)
#: What none of it may have once it is clean.
FORBIDDEN = (
    "<script", "<form", "<button", "<iframe", "<object", "<embed", "<svg", "<math", "<style",
    "<meta", "<base", "<link", "<template", "<input", "<textarea", " on", " hx-", " data-", " x-",
    " @", " :", " style=", " class=", " id=", "javascript:", "vbscript:", "data:",
)  # fmt: skip
GOOD = (
    '<p>Made of <b>clay</b>: <a href="https://clay.example" rel="noopener noreferrer">how</a></p>'
)


def harmless(html: str) -> bool:
    return not any(part in html for part in FORBIDDEN)


@pytest.mark.parametrize("markup", HARMFUL)
def test_nothing_of_it_acts_once_it_is_clean(markup):
    assert harmless(clean(markup))
    assert clean(clean(markup)) == clean(markup)


def test_what_describes_the_product_stays():
    assert clean(GOOD) == GOOD


def saved(body):
    return Product.objects.create(handle="mug", title="Mug", body=body)


def made_in_bulk(body):
    return Product.objects.bulk_create([Product(handle="mug", title="Mug", body=body)])


def updated(body):
    saved("")
    Product.objects.update(body=body)


def updated_in_bulk(body):
    product = saved("")
    product.body = body
    Product.objects.bulk_update([product], ["body"])


def made_or_updated(body):
    Product.objects.update_or_create(handle="mug", defaults={"title": "Mug", "body": body})


@pytest.mark.parametrize("write", [saved, made_in_bulk, updated, updated_in_bulk, made_or_updated])
def test_it_is_clean_whoever_writes_it(write):
    for markup in HARMFUL:
        Product.objects.all().delete()
        write(GOOD + markup)
        body = Product.objects.get().body
        assert harmless(body)
        assert body.startswith(GOOD)


def test_the_row_in_hand_is_clean_too():
    assert harmless(saved(HARMFUL[0]).body)


def test_it_is_clean_when_staff_type_it(admin_client):
    product = listed("MUG").product
    form = admin_client.get(reverse("admin:catalogue_product_change", args=[product.pk]))
    fields = form.context["adminform"].form.initial | {"body": "".join(HARMFUL)}
    sent = {name: value for name, value in fields.items() if value is not None}
    sent |= {"tags": "", "option_names": ""}
    for formset in form.context["inline_admin_formsets"]:
        rows = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
        sent |= {f"{formset.formset.prefix}-{name}": value for name, value in rows.items()}
    address = reverse("admin:catalogue_product_change", args=[product.pk])
    assert admin_client.post(address, sent).status_code == 302
    product.refresh_from_db()
    assert product.body
    assert harmless(product.body)


def test_it_is_clean_when_a_file_brings_it(tmp_path):
    file = tmp_path / "products.csv"
    cells = {"Handle": "mug", "Title": "Mug", "Variant SKU": "MUG", "Variant Price": "1.00"}
    cells["Body (HTML)"] = HARMFUL[2]
    row = ",".join('"' + cells.get(name, "").replace('"', '""') + '"' for name in COLUMNS)
    file.write_text(",".join(COLUMNS) + "\n" + row + "\n")
    import_products(file)
    assert Product.objects.get().body == "<div>a</div>"


def test_it_is_shown_clean_and_without_htmx_whatever_the_database_holds():
    product = listed("MUG").product
    for markup in HARMFUL:
        with connection.cursor() as cursor:
            cursor.execute("update catalogue_product set body = %s", [GOOD + markup])
        page = Client().get(f"/products/{product.handle}/").content.decode()
        prose = page.partition('<div class="prose" hx-disable>')[2].partition('<p class="muted')[0]
        assert GOOD in prose
        assert harmless(prose.replace(GOOD, "").rpartition("</div>")[0])
        description = Client().get(f"/api/products/{product.handle}").json()["description"]
        assert description.startswith(GOOD)
        assert harmless(description)
