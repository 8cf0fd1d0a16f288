"""Every address of a shop with the tour."""

from django.urls import include, path

from shop import urls

handler500 = urls.handler500

urlpatterns = [path("console/tour/", include("devtools.tour.urls")), *urls.urlpatterns]
