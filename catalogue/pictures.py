"""Pictures as browsers get them: our own photographs in several widths, others as they are."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.templatetags.static import static
from django.urls import reverse
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

#: Widths in pixels in which a photograph is offered, and the kinds of file that are photographs.
WIDTHS = (240, 480, 800, 1200)
PHOTOGRAPHS = {".jpg", ".jpeg", ".png", ".webp"}

#: The square that a picture of unknown size is given room for.
ROOM = 600


class Photograph(NamedTuple):
    """A photograph among our static files; `stamp` is another when the file is."""

    file: Path
    stamp: str
    width: int
    height: int

    @property
    def widths(self) -> list[int]:
        """In which it is offered: never larger than it is."""
        return [width for width in WIDTHS if width < self.width] or [WIDTHS[0]]


@lru_cache(maxsize=4096)
def photograph(src: str) -> Photograph | None:
    """Return the static file of that name, if it is a photograph. Read once per process."""
    if Path(src).suffix.lower() not in PHOTOGRAPHS or not (file := _static_file(src)):
        return None
    try:
        with Image.open(file) as picture:
            width, height = _upright_size(picture)
    except UnidentifiedImageError:
        # It calls itself a photograph and is none: browsers may make of it what they can.
        return None
    facts = file.stat()
    stamp = sha256(f"{src} {facts.st_size} {facts.st_mtime_ns}".encode()).hexdigest()[:16]
    return Photograph(file, stamp, width, height)


def _upright_size(picture: Image.Image) -> tuple[int, int]:
    """Return width and height as browsers show it: cameras note how they were held."""
    width, height = picture.size
    lies = picture.getexif().get(ExifTags.Base.Orientation, 1) >= 5
    return (height, width) if lies else (width, height)


def _static_file(src: str) -> Path | None:
    try:
        found = finders.find(src)
    except SuspiciousFileOperation:
        # Outside the static files is nowhere.
        return None
    return Path(found) if found else None


def resized(photo: Photograph, width: int) -> Path:
    """Return the photograph in this width, a file that is made when it is wanted first.

    Raises OSError when the photograph cannot be read to its end.
    """
    folder = Path(settings.MEDIA_ROOT) / "pictures"
    file = folder / f"{photo.stamp}-{width}.webp"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with Image.open(photo.file) as picture:
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((width, upright.height))
            # Made beside its place and moved there: nobody reads half a picture.
            part = file.with_name(f"{file.name}.{id(upright)}")
            upright.convert("RGBA" if _see_through(upright) else "RGB").save(part, "WEBP")
        part.rename(file)
    return file


def _see_through(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


@dataclass(frozen=True)
class Picture:
    """A picture of a product, by its web address or the name of a static file."""

    src: str
    alt: str = ""

    @property
    def url(self) -> str:
        """Return where a browser finds it as it is."""
        return self.src if "://" in self.src else static(self.src)

    @property
    def srcset(self) -> str:
        """Return where a browser finds it in each of its widths; empty where there is one only."""
        photo = photograph(self.src)
        if photo is None:
            return ""
        return ", ".join(f"{self._address(photo, width)} {width}w" for width in photo.widths)

    @property
    def width(self) -> int:
        photo = photograph(self.src)
        return photo.width if photo else ROOM

    @property
    def height(self) -> int:
        photo = photograph(self.src)
        return photo.height if photo else ROOM

    def _address(self, photo: Photograph, width: int) -> str:
        return reverse("picture", args=[width, photo.stamp, self.src])
