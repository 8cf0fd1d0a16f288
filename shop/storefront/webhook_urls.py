"""Addresses of the pages about webhooks, which are there where the bridge is on."""

from django.urls import include, path

from shop.ratelimit.limits import rate_limited
from shop.storefront.views.account import webhooks

limited = rate_limited("webhook")

of_one = [
    path("", webhooks.detail, name="webhook"),
    path("change/", limited(webhooks.edit), name="webhook-change"),
    path("enable/", limited(webhooks.enable), name="webhook-enable"),
    path("disable/", limited(webhooks.disable), name="webhook-disable"),
    path("secret/", limited(webhooks.new_secret), name="webhook-secret"),
    path("test/", limited(webhooks.send_test), name="webhook-test"),
    path("delete/", limited(webhooks.delete), name="webhook-delete"),
    path("messages/<uuid:message_id>/send/", limited(webhooks.send_again), name="webhook-send"),
]

urlpatterns = [
    path("account/webhooks/", webhooks.show, name="webhooks"),
    path("account/webhooks/add/", limited(webhooks.add), name="webhook-add"),
    path("account/webhooks/<uuid:webhook_id>/", include(of_one)),
]
