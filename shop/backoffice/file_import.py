"""Files that staff import: previewed, then confirmed by the person who uploaded them."""

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

#: Session key, by model: the upload that was previewed and not confirmed yet.
KEY = "uploaded"


def discard_uploads() -> None:
    """Delete every upload that waits to be confirmed, because any may hold personal data.

    Whoever uploaded one is asked to choose the file again.
    """
    cache: Any = caches["default"]
    name = cache.make_key(CacheStorage.CACHE_PREFIX)
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from ratelimit_cache where starts_with(cache_key, %s)",
            [name],
        )


def _read_error(file: Any) -> str:
    """Say why a file cannot be read as CSV, and where."""
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
    """Confirms the upload noted in this person's session; the browser's fields are not trusted."""

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
    """Mixin of every admin page with import and export.

    An upload waits in the cache that all web processes share, never on disk. The session, not
    the form, says which upload it is, and it can be confirmed once.
    """

    import_form_class, export_form_class = LimitedImportForm, ExportForm
    confirm_form_class = OwnUploadForm
    tmp_storage_class = CacheStorage

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Say what is wrong with a file that cannot be read at all, and where."""
        form.add_error("import_file", _read_error(form.cleaned_data["import_file"]))

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        """Note the upload in this person's session."""
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            # A file's name may hold personal data.
            request.session[self._key()] = {**initial, "original_file_name": ""}
        return initial

    def get_confirm_form_kwargs(
        self, request: HttpRequest, import_form: Any = None
    ) -> dict[str, Any]:
        """Take the upload out of the session, so that a second confirmation finds none."""
        kwargs = super().get_confirm_form_kwargs(request, import_form)
        uploaded = None if import_form else request.session.pop(self._key(), None)
        return {**kwargs, "uploaded": uploaded}

    def _key(self) -> str:
        return f"{KEY}:{self.opts.label_lower}"
