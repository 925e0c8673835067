"""The bottom floor alone: its tests need no other room's addresses."""

from django.urls import include, path

urlpatterns = [path("l10n/", include("l10n.urls"))]
