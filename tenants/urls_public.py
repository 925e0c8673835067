"""Addresses on the bare host."""

from django.urls import path

from tenants.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("find/", public.find, name="find"),
    path("signup/", public.signup, name="signup"),
    path("signup/address/", public.address_check, name="signup_address"),
    path("signup/<str:token>/", public.signup_progress, name="signup_progress"),
    path("signup/<str:token>/again/", public.signup_retry, name="signup_retry"),
    path("signup/<str:token>/done/", public.signup_done, name="signup_done"),
]
