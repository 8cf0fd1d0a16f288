"""The addresses of the tour."""

from django.urls import path

from devtools.tour import views

app_name = "tour"
urlpatterns = [
    path("", views.page, name="page"),
    path("status/", views.status, name="status"),
    path("begin/", views.begin, name="begin"),
    path("end/", views.end, name="end"),
]
