"""Addresses on a tenant's host."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config.counts import counts

urlpatterns: list[URLPattern | URLResolver] = [
    path("counts/", counts, name="counts"),
    path("accounts/", include("members.urls_accounts")),
    path("people/", include("members.urls")),
    path("l10n/", include("l10n.urls")),
    path("", include("crm.urls")),
    path("pipeline/", include("pipeline.urls")),
    path("quality/", include("dataquality.urls")),
    path("objectives/", include("okr.urls")),
    path("", include("rituals.urls")),
    path("", include("api.urls")),
    path("settings/", include("tenants.urls")),
    path("settings/key-decisions/", include("charter.urls")),
]

if settings.DEBUG:
    from config.styleguide import styleguide, styleguide_move

    urlpatterns += [
        path("styleguide/", styleguide, name="styleguide"),
        path("styleguide/move/", styleguide_move, name="styleguide_move"),
        path("styleguide/<slug:page>/", styleguide, name="styleguide_page"),
    ]
