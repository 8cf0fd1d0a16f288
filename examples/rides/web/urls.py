"""The addresses: the town, what its page asks for, and the bus's console beside it."""

from django.contrib import admin
from django.urls import include, path

from web import views

urlpatterns = [
    path("", views.town, name="town"),
    path("live/", views.live, name="live"),
    path("rides/", views.request, name="request"),
    path("rides/<uuid:ride_id>/", views.story, name="story"),
    path("rides/<uuid:ride_id>/cancel/", views.cancel, name="cancel"),
    path("workers/<slug:app>/", views.switch, name="switch"),
    path("bus/", include("eventbus.console.urls")),
    path("admin/", admin.site.urls),
]
