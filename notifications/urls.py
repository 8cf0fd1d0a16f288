"""Addresses of the mails' pages."""

from django.urls import path

from notifications import views

urlpatterns = [
    path("", views.mail_list, name="mail_list"),
    path("<uuid:id>/", views.mail, name="mail"),
    path("<uuid:id>/html/", views.mail_html, name="mail_html"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
