"""Headers for browsers, with which what is smuggled into a page does nothing."""

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

#: The pages in the admin's look.
STAFF_ONLY = ("admin:index", "console:now")
#: Their theme evaluates expressions in its pages, and styles elements one by one.
ADMIN = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}


class ContentSecurityPolicy(CSPMiddleware):
    """Sends the policy of the settings, with what the admin's theme needs added on its pages.

    A view that has a policy of its own keeps it.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        staff_only = tuple(reverse(name) for name in STAFF_ONLY)
        if request.path.startswith(staff_only) and parts.update is None:
            parts.update = ADMIN
        return parts
