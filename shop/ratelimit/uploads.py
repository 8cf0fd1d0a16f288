"""The size limit of uploads."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class LimitedUpload(FileUploadHandler):
    """Refuses a request that is larger than any upload the shop takes, before it is stored."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any
    ) -> None:
        """Raise `RequestDataTooBig`, which Django answers with 400."""
        if content_length > settings.LARGEST_UPLOAD:
            raise RequestDataTooBig(f"more than {settings.LARGEST_UPLOAD:,} bytes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
