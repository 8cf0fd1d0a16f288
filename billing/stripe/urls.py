"""Addresses that Stripe is told of."""

from django.urls import path

from billing.stripe import views

urlpatterns = [
    path("webhook/", views.webhook, name="stripe-webhook"),
    path("return/<uuid:order_id>/", views.come_back, name="stripe-return"),
]
