"""Addresses of the storefront."""

from django.urls import path

from shop.storefront.views import account, browse, cart, checkout, orders

app_name = "storefront"

urlpatterns = [
    path("", browse.home, name="home"),
    path("products/", browse.products, name="products"),
    path("products/<str:handle>/", browse.product, name="product"),
    path("products/<str:handle>/<path:sku>/", browse.product, name="variant"),
    path("categories/<str:slug>/", browse.category, name="category"),
    path("cart/", cart.show, name="cart"),
    path("cart/change/", cart.change, name="cart-change"),
    path("cart/remove/", cart.remove, name="cart-remove"),
    path("checkout/", checkout.show, name="checkout"),
    path("orders/<uuid:order_id>/", orders.show, name="order"),
    path("orders/<uuid:order_id>/cancel/", orders.cancel, name="order-cancel"),
    path("orders/<uuid:order_id>/return/", orders.send_back, name="order-return"),
    path("orders/<uuid:order_id>/challenge/", orders.challenge, name="order-challenge"),
    path("account/", account.show, name="account"),
    path("login/", account.Login.as_view(), name="login"),
    path("logout/", account.Logout.as_view(), name="logout"),
    path("signup/", account.sign_up, name="signup"),
]
