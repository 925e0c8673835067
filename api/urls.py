"""What comes in from outside: programs with a token, visitors through a web form; and the pages that manage both."""

from django.urls import URLPattern, URLResolver, include, path

from api import build
from api.views import docs, public_form, tokens, web_forms

pages = [
    path("api/tokens/", tokens.tokens, name="tokens"),
    path("api/tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("api/docs/", docs.docs, name="docs"),
    path("settings/web-forms/", web_forms.web_forms, name="web_forms"),
    path("settings/web-forms/new/", web_forms.web_form_new, name="web_form_new"),
    path("settings/web-forms/<int:pk>/", web_forms.web_form_edit, name="web_form_edit"),
    path("f/<str:key>/", public_form.public_form, name="public_form"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include((build.urls(), "ninja"), namespace="api_v1")),
    path("", include((pages, "api"))),
]
