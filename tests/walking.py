"""What makes a walk over many pages cheaper: who asks is read once, and pages are not drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.template import Context, Template, loader
from django.template.response import SimpleTemplateResponse
from django.test.signals import template_rendered


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
    """Answer with empty pages: whether there is one is decided before it is drawn.

    Without what a page is drawn of, which `only_context` makes: a walk over the admin takes a sixth
    longer with it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimpleTemplateResponse, "rendered_content", "")
        patch.setattr(loader, "render_to_string", lambda *args, **kwargs: "")
        yield


@contextmanager
def only_context() -> Iterator[None]:
    """Answer with empty pages that have their `context`: who reads that needs no HTML."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", _empty)
        yield


def _empty(template: Template, context: Context) -> str:
    template_rendered.send(sender=template, template=template, context=context)
    return ""
