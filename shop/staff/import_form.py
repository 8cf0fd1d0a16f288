"""Files that staff import."""

from typing import Any

from django import forms
from django.conf import settings
from unfold.contrib.import_export.forms import ImportForm


class LimitedImportForm(ImportForm):
    """Refuses a file that would keep the page busy for too long."""

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > settings.LARGEST_UPLOAD:
            raise forms.ValidationError(f"has more than {settings.LARGEST_UPLOAD:,} bytes")
        rows = sum(chunk.count(b"\n") for chunk in file.chunks())
        file.seek(0)
        if rows > settings.MOST_IMPORTED_ROWS:
            raise forms.ValidationError(
                f"has more than {settings.MOST_IMPORTED_ROWS:,} rows; import it in parts"
            )
        return file
