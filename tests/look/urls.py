"""The addresses that the frame of a page names. The rooms behind them are tested in their own folders."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.path)


def room(name: str, *pages: str) -> object:
    return path(f"{name}/", include(([path(f"{one}/", page, name=one) for one in pages], name)))


urlpatterns = [
    room(
        "crm",
        *("today", "bin", "cases", "case_new", "leads", "lead_new", "customers", "customer", "customer_new"),
        *("deals", "deal_new", "fields", "search"),
    ),
    room("pipeline", "board"),
    room("rituals", "meetings", "meeting", "decisions"),
    room("okr", "objectives"),
    room("dataquality", "overview"),
    room("members", "people", "profile"),
    room("charter", "key_decisions"),
    room("tenants", "workspace"),
    path("counts/", page, name="counts"),
    path("accounts/login/", page, name="account_login"),
    path("accounts/logout/", page, name="account_logout"),
    path("l10n/", include("l10n.urls")),
]
