"""How much of a body the server takes in before anybody has looked at it."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# A file of 10 MB and the form around it. The CMS takes films, from people who may publish.
MOST_BYTES = 12 * 1024 * 1024
EXEMPT = ("/cms/", "/django-admin/")


class CappedHandler(FileUploadHandler):
    """Refuses a form with files by its announced length, before the files are written anywhere."""

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """Raises ``RequestDataTooBig`` where the form is longer than a member's may be."""
        path = self.request.path_info if self.request is not None else ""
        if content_length > MOST_BYTES and not path.startswith(EXEMPT):
            raise RequestDataTooBig("The form is too long.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Passes the data on to the handlers that keep it."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keeps nothing itself."""
