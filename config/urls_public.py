"""Addresses on the bare host: sign-up only."""

from django.urls import include, path

urlpatterns = [
    path("", include("tenants.urls_public")),
    path("l10n/", include("l10n.urls")),
]
