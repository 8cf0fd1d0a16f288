"""What makes a walk over many pages cheaper, and changes nothing of what they answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.template import loader
from django.template.response import SimpleTemplateResponse


@contextmanager
def read_once() -> Iterator[None]:
    """Read who asks, and their rights, once for each session: no page of a walk changes them."""
    read, people = auth.get_user, {}

    def known(request: HttpRequest) -> Any:
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if session not in people:
            people[session] = read(request)
        request.session.accessed = True  # As it is by reading it.
        return people[session]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "get_user", known)
        yield


@contextmanager
def not_drawn() -> Iterator[None]:
    """Answer with empty pages: whether there is one is decided before it is drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimpleTemplateResponse, "rendered_content", "")
        patch.setattr(loader, "render_to_string", lambda *args, **kwargs: "")
        yield
