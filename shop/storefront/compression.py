"""Pages are sent compressed."""

from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Django's own, but not for streams: what is sent bit by bit must not wait for more.

    Secrets in the pages, the CSRF tokens, are masked anew in each, and the length of an answer is
    varied by random bytes, so that its size tells nobody what is in it.
    """

    def process_response(self, request, response: HttpResponseBase) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)
