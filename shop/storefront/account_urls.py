"""Addresses of allauth's pages, under the names by which it calls them."""

from allauth.account import views
from django.urls import path, re_path

# allauth finds it by its name in the settings; it emits, so whoever draws the map needs it too.
from shop.accounts import adapter as adapter
from shop.storefront.views.account import confirming, login

urlpatterns = [
    path("login/", login.Login.as_view(), name="account_login"),
    path("logout/", login.Logout.as_view(), name="account_logout"),
    path("signup/", login.SignUp.as_view(), name="account_signup"),
    path("account/closed/", views.account_inactive, name="account_inactive"),
    path("account/password-check/", login.Reauthenticate.as_view(), name="account_reauthenticate"),
    path("account/emails/", login.Emails.as_view(), name="account_email"),
    path("account/password/", login.ChangePassword.as_view(), name="account_change_password"),
    path("account/password/set/", login.SetPassword.as_view(), name="account_set_password"),
    path(
        "account/confirm/",
        views.EmailVerificationSentView.as_view(),
        name="account_email_verification_sent",
    ),
    re_path(
        r"^account/confirm/(?P<key>[-:\w]+)/$",
        confirming.ConfirmAddress.as_view(),
        name="account_confirm_email",
    ),
    path("password-reset/", login.ResetPassword.as_view(), name="account_reset_password"),
    path("password-reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    path(
        "password-reset/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password-reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
]
