from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm import access
from crm.errors import IdTaken
from crm.kinds import LISTS
from crm.models import Case, Contact
from crm.record_access import for_change, may_change, seen
from crm.screens import bin as screens
from crm.services import bin as services
from crm.views.answers import back, go, page
from members.access import everyone
from members.http import MemberRequest
from tenants import clock


@everyone
@require_GET
def bin_page(request: MemberRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("kind", "after", "before")}
    return page(request, "crm/bin.html", {"screen": screens.bin_screen(request.user, now=clock.now(), **asked)})


@access.writers
@require_http_methods(["GET", "POST"])
def record_bin(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """Asks, saying what goes along; the POST does it."""
    found = for_change(request.user, kind, pk)
    screen = screens.ask_screen(request.user, found)
    if request.method == "POST" and screen.is_allowed:
        services.throw_away(screen.kind, [found.pk], by=request.user, today=request.today)
        to = found.customer if isinstance(found, Contact | Case) else LISTS[screen.kind]
        return go(request, to, _("“%(name)s” is in the bin. It can be brought back for 30 days.") % {"name": found})
    template = "crm/bin_ask.html#dialog" if request.htmx else "crm/bin_ask.html"
    response = page(request, template, {"screen": screen})
    response.status_code = 422 if request.method == "POST" else 200
    return response


@access.writers
@require_POST
def record_restore(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    found = for_change(request.user, kind, pk, binned=True)
    try:
        services.bring_back(found, by=request.user)
    except IdTaken:
        said = _("Another record has the same external id (%(id)s) by now, so “%(name)s” stays in the bin.")
        messages.error(request, said % {"id": found.external_id, "name": found})
        return go(request, back(request, "crm:bin"))
    return go(request, found, _("“%(name)s” is back.") % {"name": found})


def in_bin(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """What the address of a thrown-away record answers: not found, but here it lies. 404 for any other."""
    found = seen(request.user, kind, pk, binned=True)
    context = {"record": found, "kind": kind, "may_restore": may_change(request.user, found)}
    response = page(request, "crm/in_bin.html", context)
    response.status_code = 404
    return response
