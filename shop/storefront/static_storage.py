"""Static files: under names that change with what is in them, and compressed beforehand."""

from django.core.exceptions import SuspiciousFileOperation
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Browsers keep a file for good; one that is not there has its plain name, and is a 404.

    Staff type the names of pictures: one typed wrongly must not take the page with it.
    """

    manifest_strict = False

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except (ValueError, SuspiciousFileOperation):
            return name
