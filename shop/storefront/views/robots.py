"""What browsers and search engines ask for by themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from shop.storefront.seo import absolute

#: Pages for people who work here. What must not be found among the rest says so itself.
NOT_FOR_ROBOTS = ("/admin/", "/mails/")


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    return redirect(static("storefront/icon.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = absolute(reverse("sitemaps"))
    refused = [f"Disallow: {path}" for path in NOT_FOR_ROBOTS]
    lines = ["User-agent: *", *refused, "", f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
