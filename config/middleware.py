"""Addresses for machines: load balancers and the TLS proxy. They stand before the host check and answer on any host."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

View = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger(__name__)


def health(get_response: View) -> View:
    """`/healthz`: the process answers. `/readyz`: it can do its work; 503 names what fails.

    `/tls-allowed?domain=`: 200 for hosts that exist, so that the proxy asks for no certificate of an invented name.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path_info == "/readyz":
            return ready()
        if request.path_info == "/tls-allowed":
            return tls_allowed(request.GET.get("domain", ""))
        return get_response(request)

    return middleware


def ready() -> HttpResponse:
    failing = [name for name, check in CHECKS.items() if not passes(name, check)]
    return JsonResponse({"ready": not failing, "failing": failing}, status=503 if failing else 200)


def tls_allowed(host: str) -> HttpResponse:
    from tenants import schema
    from tenants.middleware import tenant_of_host

    schema.enter_public()
    known = host == settings.BASE_DOMAIN or tenant_of_host(host) is not None
    return HttpResponse(status=200 if known else 404)


def passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:
        log.warning("not_ready", check=name, error=type(error).__name__)
        return False


def database_answers() -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def cache_answers() -> bool:
    from django.core.cache import cache

    return bool(cache._cache.get_client().ping())  # type: ignore[attr-defined]


class Migrations:
    """Remembers a yes: applied migrations stay applied while this process lives."""

    applied = False

    def __call__(self) -> bool:
        from config.schema_state import behind

        self.applied = self.applied or not behind()
        return self.applied


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "cache": cache_answers,
    "migrations": Migrations(),
}
