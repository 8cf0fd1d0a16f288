"""Addresses that browsers and search engines ask for by themselves, in no language."""

from django.contrib.sitemaps.views import index, sitemap
from django.urls import path
from django.views.decorators.cache import cache_control

from shop.storefront.sitemaps import SITEMAPS
from shop.storefront.views import pictures, robots

#: Seconds that a list of all pages may be old.
HOUR = 3600
keep = cache_control(public=True, max_age=HOUR)

urlpatterns = [
    path("favicon.ico", keep(robots.icon)),
    path("robots.txt", keep(robots.robots)),
    path(
        "sitemap.xml",
        keep(index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"},
        name="sitemaps",
    ),
    path("sitemap-<section>.xml", keep(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("pictures/<int:width>/<str:stamp>/<path:src>", pictures.picture, name="picture"),
]
