"""The redirect of a first visit to the language of the browser."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, get_language_from_request


def localized_url(request: HttpRequest) -> str:
    """Return this page's address in the browser's language, unless one was chosen.

    Who follows a link of the shop has chosen, and so has who asks for a page by its language.
    """
    here = request.get_full_path()
    from_us = urlsplit(request.headers.get("Referer", "")).netloc == request.get_host()
    if from_us or get_language() != settings.LANGUAGE_CODE:
        return here
    return translate_url(here, get_language_from_request(request))
