"""Addresses on a tenant's host."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("members.urls_accounts")),
    path("people/", include("members.urls")),
    path("l10n/", include("l10n.urls")),
    path("", include("crm.urls")),
    path("pipeline/", include("pipeline.urls")),
    path("quality/", include("dataquality.urls")),
    path("objectives/", include("okr.urls")),
    path("", include("rituals.urls")),
    path("settings/", include("tenants.urls")),
    path("settings/key-decisions/", include("charter.urls")),
]
