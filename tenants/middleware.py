"""Finds the firm by the host name and opens its schema."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request
from django_tenants.utils import schema_exists

from tenants import memo, schema
from tenants.http import TenantRequest
from tenants.models import Language, Tenant

KEEP_SECONDS = 300
UNKNOWN = "unknown"
LANGUAGE_COOKIE = "lang"


class TenantMiddleware:
    """Sets `request.tenant` and the search path; the bare host gets the public schema and its own URLs.

    A schema that is missing would let queries fall through to the public one without an error,
    so a firm is served only when its schema is there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().rsplit(":", 1)[0].lower()
        schema.enter_public()
        tenant = None if host == settings.BASE_DOMAIN else tenant_of_host(host)
        if tenant:
            schema.enter(tenant)
        else:
            # Sessions live in the firms' schemas only: a stray cookie must not be looked up here.
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            tenant = Tenant.bare_host(chosen_language(request) or language_of_browser(request))
            known = host == settings.BASE_DOMAIN
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF if known else "tenants.urls_unknown"
        cast(TenantRequest, request).tenant = tenant
        with memo.fresh():
            return self.get_response(request)


def chosen_language(request: HttpRequest) -> str:
    """What a visitor without an account picked with the language switch, or ""."""
    chosen = request.GET.get("lang") or request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in Language.values else ""


def language_of_browser(request: HttpRequest) -> str:
    """What the browser asks for, of our two; Persian when it asks for nothing."""
    accepted = request.headers.get("Accept-Language", "")
    return get_language_from_request(request) if accepted else Language.FA.value


def tenant_of_host(host: str) -> Tenant | None:
    """The firm with this host name, remembered for some minutes; None when there is none. Needs the public schema."""
    kept = cache.get(key_of_host(host))
    if kept is None:
        kept = find_tenant(host) or UNKNOWN
        cache.set(key_of_host(host), kept, KEEP_SECONDS if kept != UNKNOWN else 10)
    return None if kept == UNKNOWN else cast(Tenant, kept)


def find_tenant(host: str) -> Tenant | None:
    tenant = Tenant.objects.live().filter(domains__domain=host).first()
    return tenant if tenant and schema_exists(tenant.schema_name) else None


def key_of_host(host: str) -> str:
    return f"tenant-of-host:{host}"
