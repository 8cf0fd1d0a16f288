"""Pictures: our own photographs in the width a screen needs, all others as they are."""

from io import BytesIO

import pytest
from PIL import Image

from catalogue.models import Image as ProductImage
from catalogue.pictures import Picture, photograph
from tests.unit.storefront.conftest import listed


@pytest.fixture
def photographs(tmp_path, settings):
    """A folder of static files with a photograph 1000 pixels wide, one that is none, and an SVG."""
    folder = tmp_path / "static"
    folder.mkdir()
    Image.new("RGB", (1000, 500), "teal").save(folder / "pot.jpg")
    Image.new("RGBA", (300, 300)).save(folder / "clear.png")
    (folder / "broken.jpg").write_bytes(b"no picture at all")
    (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.STATICFILES_DIRS = [folder]
    settings.MEDIA_ROOT = tmp_path / "media"
    forget()
    yield folder
    forget()


def forget() -> None:
    from django.contrib.staticfiles import finders

    photograph.cache_clear()
    finders.get_finder.cache_clear()


@pytest.mark.usefixtures("photographs")
def test_photograph_is_offered_in_every_width_it_has():
    widths = [each.split()[1] for each in Picture("pot.jpg").srcset.split(", ")]
    assert widths == ["240w", "480w", "800w"]
    assert (Picture("pot.jpg").width, Picture("pot.jpg").height) == (1000, 500)


@pytest.mark.usefixtures("photographs")
@pytest.mark.parametrize(
    "src", ["https://cdn.example/pot.jpg", "drawing.svg", "broken.jpg", "gone.jpg", "../../x.jpg"]
)
def test_anything_else_is_shown_as_it_is(src):
    assert Picture(src).srcset == ""
    assert Picture(src).url


def first_address(src: str) -> str:
    return Picture(src).srcset.split()[0]


@pytest.mark.usefixtures("photographs")
def test_a_width_is_made_when_it_is_wanted_and_kept_for_good(client, settings):
    for _ in range(2):
        answer = client.get(first_address("pot.jpg"))
        assert answer["Content-Type"] == "image/webp"
        assert "immutable" in answer["Cache-Control"]
        assert Image.open(BytesIO(answer.content)).size == (240, 120)
    assert len(list((settings.MEDIA_ROOT / "pictures").iterdir())) == 1


@pytest.mark.usefixtures("photographs")
def test_a_photograph_taken_upright_stands_upright(client, photographs):
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (1000, 500)).save(photographs / "tall.jpg", exif=turned)
    assert (Picture("tall.jpg").width, Picture("tall.jpg").height) == (500, 1000)
    answer = client.get(first_address("tall.jpg"))
    assert Image.open(BytesIO(answer.content)).size == (240, 480)


@pytest.mark.usefixtures("photographs")
def test_what_is_see_through_stays_so(client):
    picture = Image.open(BytesIO(client.get(first_address("clear.png")).content))
    assert picture.mode == "RGBA"


@pytest.mark.django_db
def test_another_photograph_of_the_same_name_has_another_address(client, photographs):
    before = first_address("pot.jpg")
    Image.new("RGB", (900, 500), "red").save(photographs / "pot.jpg")
    photograph.cache_clear()
    assert first_address("pot.jpg") != before
    assert client.get(before).status_code == 404


@pytest.mark.django_db
def test_a_photograph_that_ends_early_is_a_404(client, photographs):
    whole = (photographs / "pot.jpg").read_bytes()
    (photographs / "pot.jpg").write_bytes(whole[: len(whole) // 2])
    assert client.get(first_address("pot.jpg")).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("photographs")
@pytest.mark.parametrize("address", ["/pictures/77/{}/pot.jpg", "/pictures/1200/{}/pot.jpg"])
def test_no_other_width_is_made(client, settings, address):
    stamp = photograph("pot.jpg").stamp
    assert client.get(address.format(stamp)).status_code == 404
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("photographs")
def test_first_picture_of_a_page_comes_first_and_the_others_when_they_are_seen(client):
    for name in ("MUG", "POT"):
        listed(name)
        ProductImage.objects.filter(product__handle=name.lower()).update(src="pot.jpg")
    for image in ProductImage.objects.all():
        image.save()
    page = client.get("/products/").content.decode()
    pictures = [part.partition(">")[0] for part in page.split("<img ")[1:]]
    assert ['fetchpriority="high"' in each for each in pictures] == [True, False]
    assert ['loading="lazy"' in each for each in pictures] == [False, True]
    assert all('width="1000" height="500"' in each for each in pictures)


@pytest.mark.django_db
def test_no_name_of_a_picture_breaks_a_page(client):
    for number, src in enumerate(["../../etc/passwd", "", "a b?.jpg", "//x.jpg", "%00.png"]):
        listed(f"MUG{number}")
        image = ProductImage.objects.get(product__handle=f"mug{number}")
        image.src = src
        image.save()
        assert client.get(f"/products/mug{number}/").status_code == 200
    assert client.get("/products/").status_code == 200
