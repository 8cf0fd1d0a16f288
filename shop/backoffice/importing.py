"""Files that staff import: seen first, then confirmed by who uploaded them, and by nobody else."""

import csv
import io
from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from import_export.admin import ImportExportModelAdmin
from import_export.forms import ConfirmImportForm
from import_export.tmp_storages import CacheStorage
from unfold.contrib.import_export.forms import ExportForm, ImportForm

#: In the session, by model: the file that its page has shown and that was not confirmed yet.
KEY = "uploaded"


def forget_uploads() -> None:
    """Let go of every file that waits to be confirmed: any may tell of somebody, and whoever
    uploaded one is asked to choose it once more."""
    cache: Any = caches["default"]
    name = cache.make_key(CacheStorage.CACHE_PREFIX)
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from ratelimit_cache where starts_with(cache_key, %s)",
            [name],
        )


def _what_is_wrong(file: Any) -> str:
    file.seek(0)
    try:
        reader = csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline=""), strict=True)
        width = len(next(reader, []))
        for row in reader:
            if row and len(row) != width:
                return _(
                    "Line %(line)d has %(cells)d cells, and the first line names %(width)d columns."
                ) % {"line": reader.line_num, "cells": len(row), "width": width}
    except UnicodeDecodeError:
        return _("This is not text in UTF-8. Save the file as CSV in UTF-8.")
    except csv.Error as error:
        return _("Line %(line)d is not CSV: %(error)s.") % {
            "line": reader.line_num,
            "error": error,
        }
    return _("This file cannot be read. Choose the format in which it was saved.")


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


class OwnUploadForm(ConfirmImportForm):
    """Confirms what this person has uploaded; what the browser says of it counts for nothing."""

    def __init__(self, *args: Any, uploaded: dict[str, str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.uploaded = uploaded
        for field in self.fields.values():
            field.required = False

    def clean(self) -> dict[str, str]:
        mine = self.uploaded or {}
        name = self.cleaned_data["import_file_name"]
        if mine.get("import_file_name") != name or CacheStorage(name=name).read() is None:
            raise forms.ValidationError(_("This file is no longer here: choose it once more."))
        return mine


class ImportsOwnFiles(ImportExportModelAdmin):
    """Put by the site before every admin page with files in and out.

    What is uploaded waits in the cache that all web processes share, never as a file. The form
    names it, but the session says which it is: an upload can be confirmed once.
    """

    import_form_class, export_form_class = LimitedImportForm, ExportForm
    confirm_form_class = OwnUploadForm
    tmp_storage_class = CacheStorage

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Say what is wrong with a file that cannot be read as a whole, and where."""
        form.add_error("import_file", _what_is_wrong(form.cleaned_data["import_file"]))

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        """What is to be confirmed, noted as this person's."""
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            # The name somebody gave their file may tell of a person.
            request.session[self._key()] = {**initial, "original_file_name": ""}
        return initial

    def get_confirm_form_kwargs(
        self, request: HttpRequest, import_form: Any = None
    ) -> dict[str, Any]:
        """Pressed once, the upload is noted no longer: a second press finds none."""
        kwargs = super().get_confirm_form_kwargs(request, import_form)
        uploaded = None if import_form else request.session.pop(self._key(), None)
        return {**kwargs, "uploaded": uploaded}

    def _key(self) -> str:
        return f"{KEY}:{self.opts.label_lower}"
