"""Accounts: signing up, logging in and out, one's orders and points."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login, views
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from orders import services
from shop.storefront import accounts, cart, session
from shop.storefront.forms import LoginForm, SignUpForm
from shop.storefront.models import Points
from shop.storefront.views import UNPROCESSABLE

ORDERS_PER_PAGE = 20


class Login(views.LoginView):
    """Logging in by e-mail; what is in the cart comes along."""

    template_name = "storefront/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return reverse("storefront:account")

    def form_valid(self, form: Any) -> HttpResponse:
        held = session.cart_of(self.request)
        response = super().form_valid(form)
        _bring_cart(self.request, held)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class Logout(views.LogoutView):
    def get_default_redirect_url(self) -> str:
        return reverse("storefront:home")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("storefront:account")
    form = SignUpForm(request.POST if request.method == "POST" else None)
    user = form.open_account() if form.is_valid() else None
    if user is None:
        status = UNPROCESSABLE if form.errors else 200
        return render(request, "storefront/signup.html", {"form": form}, status=status)
    held = session.cart_of(request)
    login(request, user)
    _bring_cart(request, held)
    return redirect("storefront:account")


@never_cache
@require_GET
@login_required(login_url=reverse_lazy("storefront:login"))
def show(request: HttpRequest) -> HttpResponse:
    """My orders and my points."""
    customer_id = accounts.customer_id(request.user)
    orders = Paginator(services.orders_of(customer_id), ORDERS_PER_PAGE)
    points = Points.objects.filter(pk=customer_id).first()
    context = {
        "page": orders.get_page(request.GET.get("page")),
        "points": points.balance if points else 0,
    }
    return render(request, "storefront/account.html", context)


def _bring_cart(request: HttpRequest, held: Any) -> None:
    """Go on with the cart left open earlier, and with what was put into this browser's."""
    user = request.user
    theirs = cart.claim(
        held, accounts.customer_id(user), getattr(user, "email", ""), settings.DEFAULT_CURRENCY
    )
    if theirs:
        session.hold(request, theirs)
