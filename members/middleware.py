"""Opens the visitor's language, calendar, time zone and today around each request."""

from collections.abc import Callable

from django.http import HttpResponse

from l10n.current import Formats
from tenants.context import writing
from tenants.http import TenantRequest
from tenants.middleware import LANGUAGE_COOKIE, chosen_language

Get = Callable[[TenantRequest], HttpResponse]
COOKIE_SECONDS = 60 * 60 * 24 * 365


def locale_and_clock(get_response: Get) -> Get:
    def middleware(request: TenantRequest) -> HttpResponse:
        formats = formats_of(request)
        request.today = request.tenant.today()
        request.LANGUAGE_CODE = formats.language
        with writing(formats):
            response = get_response(request)
        response.headers.setdefault("Content-Language", formats.language)
        remember_choice(request, response)
        return response

    return middleware


def formats_of(request: TenantRequest) -> Formats:
    """A member's own choice, else what a visitor picked, else the firm's."""
    tenant = request.tenant
    if tenant.is_bare_host:
        return tenant.formats()
    if request.user.is_authenticated:
        return tenant.formats(language=request.user.language, calendar=request.user.calendar)
    return tenant.formats(language=chosen_language(request))


def remember_choice(request: TenantRequest, response: HttpResponse) -> None:
    if "lang" in request.GET and (language := chosen_language(request)):
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True)
