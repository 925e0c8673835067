"""Puts the endpoints together. The documentation page is our own (`api.views.docs`); nothing comes from a CDN."""

from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI

from api import problems
from api.auth import TokenAuth
from api.endpoints import catalog, customers, deals, interactions, leads

DESCRIPTION = """Records of one firm, for its own programs. Amounts are text in the base unit of the currency, days and
times ISO. Lists come by key: pass `next` of one answer as `after` of the next request. A POST with an `external_id` may
be repeated safely. Problems come as RFC 9457 documents."""

api = NinjaAPI(
    title="Tasmim",
    version="1",
    description=DESCRIPTION,
    auth=TokenAuth(),
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api_v1",
)
for router in (catalog.router, leads.router, customers.router, deals.router, interactions.router):
    api.add_router("", router)
problems.teach(api)


def urls() -> list[URLPattern | URLResolver]:
    """Marked for `tests/test_urls.py`: who may come in is decided by the token, not by the session."""
    found: list[URLPattern | URLResolver] = api.urls[0]
    for pattern in found:
        if isinstance(pattern, URLPattern):
            pattern.callback.open_to_all = "programs come in with a token; api.auth checks it"  # type: ignore[attr-defined]
    return found
