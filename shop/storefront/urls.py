"""Addresses of the storefront."""

from django.apps import apps
from django.urls import path

from shop.ratelimit.limits import rate_limited
from shop.storefront import converters as converters
from shop.storefront.views import (
    back_in_stock,
    browse,
    cart,
    checkout,
    invoices,
    live,
    orders,
    paying,
    returns,
)
from shop.storefront.views.account import addresses, login, overview, privacy, profile, tokens

app_name = "storefront"

#: Nobody finds an order by trying: its pages together are asked for so often by one visitor. Its
#: stream counts by itself, as it holds no thread.
looked_up = rate_limited("order", methods=("GET", "HEAD", "POST"))

urlpatterns = [
    path("", browse.home, name="home"),
    path("products/", browse.products, name="products"),
    path("products/<name:handle>/", rate_limited("cart")(browse.product), name="product"),
    path("products/<name:handle>/<sku:sku>/", rate_limited("cart")(browse.product), name="variant"),
    path("categories/<name:slug>/", browse.category, name="category"),
    path(
        "back-in-stock/<sku:sku>/",
        rate_limited("wish")(back_in_stock.request_alert),
        name="back-in-stock",
    ),
    path("cart/", cart.show, name="cart"),
    path("cart/change/", rate_limited("cart")(cart.change), name="cart-change"),
    path("cart/remove/", rate_limited("cart")(cart.remove), name="cart-remove"),
    path("cart/undo/", rate_limited("cart")(cart.undo), name="cart-undo"),
    path("checkout/", checkout.show, name="checkout"),
    path("orders/<uuid:order_id>/", looked_up(orders.show), name="order"),
    path("orders/<uuid:order_id>/cancel/", looked_up(orders.cancel), name="order-cancel"),
    path("orders/<uuid:order_id>/events/", live.events, name="order-events"),
    path("orders/<uuid:order_id>/challenge/", looked_up(paying.challenge), name="order-challenge"),
    path("orders/<uuid:order_id>/pay/", looked_up(paying.pay), name="order-pay"),
    path("orders/<uuid:order_id>/return/", looked_up(returns.send_back), name="order-return"),
    path("orders/<uuid:order_id>/invoice.pdf", looked_up(invoices.show), name="order-invoice"),
    path("account/", overview.show, name="account"),
    path("account/orders/", overview.orders, name="account-orders"),
    path("account/points/", overview.ledger, name="points"),
    path("account/addresses/", addresses.show, name="addresses"),
    path("account/addresses/add/", addresses.add, name="address-add"),
    path("account/addresses/<int:pk>/", addresses.edit, name="address"),
    path("account/addresses/<int:pk>/delete/", addresses.delete, name="address-delete"),
    path("account/profile/", profile.show, name="profile"),
    path("account/tokens/", tokens.show, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("account/data/", privacy.show, name="privacy"),
    path("account/data/export/", privacy.export, name="data-export"),
    path("account/delete/", privacy.delete, name="account-delete"),
    # Allauth's pages under the storefront's names.
    path("login/", login.Login.as_view(), name="login"),
    path("logout/", login.Logout.as_view(), name="logout"),
    path("signup/", login.SignUp.as_view(), name="signup"),
]

if apps.is_installed("shop.webhooks"):
    from shop.storefront import webhook_urls

    urlpatterns += webhook_urls.urlpatterns
