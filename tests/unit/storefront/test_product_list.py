"""Lists of products: narrowed, sorted, searched, turned over."""

import re

import pytest

from tests.unit.search.goods import category as make_category
from tests.unit.search.goods import goods, in_stock
from tests.walking import only_context

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _shop(shared_db):
    with shared_db():
        kitchen = make_category("Kitchen")
        cups = make_category("Cups", kitchen)
        options = ["Colour", "Size"]
        goods("Mug", "Red/S", "Red/L", price=10, stock=9, option_names=options, category=cups)
        goods("Bowl", "Red/S", "Blue/L", price=20, stock=9, option_names=options, category=kitchen)
        goods("Vase", "Blue/S", price=30, stock=0, option_names=options)
        goods("Lamp", price=40, stock=9)
        in_stock("BOWL-1", 0)


def look(client, query: str = "", path: str = "/products/"):
    with only_context():
        page = client.get(f"{path}?{query}")
    assert page.status_code == 200
    return page.context["product_list"]


def titles(client, query: str = "", path: str = "/products/") -> list[str]:
    return [listing.title for listing in look(client, query, path).page]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=price", ["Mug", "Bowl", "Vase", "Lamp"]),
        ("sort=-price", ["Lamp", "Vase", "Bowl", "Mug"]),
        ("sort=name", ["Bowl", "Lamp", "Mug", "Vase"]),
        ("sort=newest", ["Lamp", "Vase", "Bowl", "Mug"]),
        ("sort=relevance", ["Lamp", "Vase", "Bowl", "Mug"]),
        ("sort=nonsense", ["Lamp", "Vase", "Bowl", "Mug"]),
        ("price_min=20&price_max=30", ["Vase", "Bowl"]),
        ("price_max=10.50", ["Mug"]),
        ("available=1", ["Lamp", "Bowl", "Mug"]),
        ("option=Colour:Red", ["Bowl", "Mug"]),
        ("option=Colour:Red&option=Colour:Blue", ["Vase", "Bowl", "Mug"]),
        ("option=Colour:Blue&option=Size:L", ["Bowl"]),
        ("option=Colour:Blue&available=1", []),
        ("category=cups", ["Mug"]),
        ("category=kitchen", ["Bowl", "Mug"]),
        ("q=mug", ["Mug"]),
        ("q=red&sort=-price", ["Bowl", "Mug"]),
    ],
)
def test_list_holds_what_was_asked_for(client, query, expected):
    assert titles(client, query) == expected


@pytest.mark.parametrize(
    ("query", "note", "expected"),
    [
        ("price_min=-1", "Price from: Enter an amount", 4),
        ("price_max=abc", "Price to: Enter an amount", 4),
        ("price_max=NaN", "Price to: Enter an amount", 4),
        ("price_max=1e400", "Price to: Enter an amount", 4),
        ("price_min=30&price_max=20", "changed places", 2),
        ("category=nothing", "no such category", 4),
        (f"q={'x' * 201}", "Search: This is too long", 4),
        ("q=%00", "Search: This is too long", 4),
    ],
)
def test_what_makes_no_sense_is_left_out_and_told(client, query, note, expected):
    page = client.get(f"/products/?{query}")
    assert note in page.content.decode()
    assert page.context["product_list"].totals.found == expected


@pytest.mark.parametrize(
    "query",
    [
        "option=Nothing:Here",
        "option=",
        "option=%00:x",
        "option=Size",
        "option=:::",
        "available=yes",
        "page=abc",
        "page=-1",
        "page=99999999999999999999",
        "unknown=1",
        "sort=%00",
        "category=%00",
        "price_min=",
        "q=%ff%fe",
        "option=" + "&option=".join(f"Size:{n}" for n in range(300)),
    ],
)
@pytest.mark.parametrize("path", ["/products/", "/categories/kitchen/"])
def test_no_address_breaks_a_list(client, path, query):
    assert client.get(f"{path}?{query}").status_code == 200


def test_each_choice_tells_how_many_there_would_be(client):
    seen = look(client)
    assert (seen.totals.found, seen.totals.buyable) == (4, 3)
    assert (seen.totals.cheapest, seen.totals.dearest) == (10, 40)
    assert [(category.name, count) for category, count, _ in seen.categories] == [("Kitchen", 2)]
    assert {name: {v.option.value: v.count for v in values} for name, values in seen.options} == {
        "Colour": {"Red": 2, "Blue": 2},
        "Size": {"S": 3, "L": 2},
    }


@pytest.mark.parametrize(
    "query",
    ["", "option=Colour:Red", "option=Colour:Red&option=Size:L", "available=1", "price_max=25"],
)
def test_each_count_is_what_the_choice_leads_to(client, query):
    for name, values in look(client, query).options:
        for value in values:
            chosen = [o for o in query.split("&") if o and not o.startswith(f"option={name}:")]
            alone = "&".join([*chosen, f"option={value.option}"])
            assert look(client, alone).totals.found == value.count


def test_chosen_filters_are_taken_back_one_by_one(client):
    query = "q=red&category=kitchen&option=Colour:Red&option=Size:S&price_min=5&available=1&page=2"
    seen = look(client, query)
    chips = {chip.label: chip.address for chip in seen.chips}
    assert set(chips) == {"Kitchen", "In stock", "From 5", "Colour: Red", "Size: S"}
    assert "Size" not in chips["Size: S"]
    assert "Colour%3ARed" in chips["Size: S"]
    assert not any("page=" in address for address in chips.values())
    assert seen.clear == "/products/?q=red"


def test_category_shows_what_stands_within_it(client):
    seen = look(client, "option=Size:S", "/categories/kitchen/")
    assert [(category.name, count) for category, count, _ in seen.categories] == [("Cups", 1)]


def test_pages_are_links_that_keep_what_was_chosen(client):
    for number in range(24):
        goods(f"Mug {number}")
    page = client.get("/products/?q=mug&sort=name&page=2").content.decode()
    assert '<a rel="prev" href="?q=mug&amp;sort=name&amp;page=1">' in page
    page = client.get("/products/?q=mug&sort=name").content.decode()
    assert '<a rel="next" href="?q=mug&amp;sort=name&amp;page=2">' in page


def test_another_language_shows_the_same_choice(client):
    page = client.get("/categories/kitchen/?option=Colour:Red&sort=name").content.decode()
    assert 'href="/de/categories/kitchen/?option=Colour:Red&amp;sort=name"' in page


def test_every_product_is_on_one_page_and_only_one(client):
    for number in range(60):
        goods(f"Mug {number}", price=5)
    for sort in ("price", "-price", "newest", "name"):
        seen = [t for page in (1, 2, 3) for t in titles(client, f"q=mug&sort={sort}&page={page}")]
        assert len(seen) == len(set(seen)) == 61


def test_what_was_meant_is_told(client):
    page = client.get("/products/?q=vasse").content.decode()
    assert "We have nothing called “vasse”" in page
    assert "<strong>vase</strong>" in page


def test_nothing_found_helps_on(client):
    page = client.get("/products/?q=xyzzyq").content.decode()
    assert "We found nothing for “xyzzyq”." in page
    assert "You may like these" in page
    assert "Lamp" in page
    assert "Vase" not in page


def test_nothing_left_by_filters_can_be_undone(client):
    page = client.get("/products/?option=Colour:Red&price_min=500").content.decode()
    assert "Nothing fits all of this." in page
    assert 'href="/products/">Clear all filters' in page
    assert "Colour: Red" in page


def test_what_was_searched_stays_in_the_search_field(client):
    page = client.get('/products/?q="><script>alert(1)</script>').content.decode()
    assert "<script>alert" not in page
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_every_field_of_the_filters_has_a_label(client):
    page = client.get("/products/?option=Colour:Red").content.decode()
    form = page[page.index('<form class="list"') : page.index("</form>", page.index("list"))]
    fields = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', form)
    for field in fields:
        labelled = f'for="{field}"' in form or re.search(f'<label[^>]*><input[^>]*{field}"', form)
        assert labelled, field
