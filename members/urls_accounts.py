"""Those of allauth's addresses that we use, under allauth's names."""

from django.urls import path, re_path

from members.views import account

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.inactive, name="account_inactive"),
    # allauth reverses this name on the log-in page; the adapter keeps it closed.
    path("signup/", account.signup_closed, name="account_signup"),
    path("password/change/", account.change_password, name="account_change_password"),
    path("password/reset/", account.reset_password, name="account_reset_password"),
    path("password/reset/done/", account.reset_password_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.reset_password_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.reset_password_from_key_done, name="account_reset_password_from_key_done"),
]
