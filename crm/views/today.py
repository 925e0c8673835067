from typing import Any, cast

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm import access, picking
from crm.forms.base import focus
from crm.forms.steps import QuickLogForm
from crm.picking import KINDS, Kind, NotFound, Picked
from crm.screens.share import share_screen
from crm.screens.today import today_screen
from crm.services import quick_log as services
from crm.views.answers import back, go, page
from l10n import formats
from members.access import everyone
from members.http import MemberRequest
from tenants import clock


@everyone
@require_GET
def today(request: MemberRequest) -> HttpResponse:
    screen = today_screen(request.user, request.today, clock.now(), everything="all" in request.GET)
    return page(request, "crm/today.html", {"screen": screen, "form": _empty_form(request)})


@everyone
@require_GET
def today_steps(request: MemberRequest) -> HttpResponse:
    """The steps of Today alone, for after a log."""
    return page(request, "crm/today.html#steps", {"screen": today_screen(request.user, request.today, clock.now())})


@access.writers
@require_GET
def today_share(request: MemberRequest) -> HttpResponse:
    figures = share_screen(request.user, request.today, clock.now())
    return page(request, "crm/parts/share.html", {"figures": figures})


@access.writers
@require_POST
def quick_log(request: MemberRequest) -> HttpResponse:
    """Logs one interaction. From Today the empty form comes back with a word; from a record, its page."""
    form = QuickLogForm(request.POST, user=request.user, today=request.today)
    if not form.is_valid():
        return _form_again(request, form)
    cleaned = form.cleaned_data
    logged = services.log(
        by=request.user,
        who=cleaned["who"],
        kind=cleaned["kind"],
        sentence=cleaned["sentence"],
        next_what=cleaned["what"],
        next_due_on=cleaned["due_on"],
        happened_on=cleaned["happened_on"],
    )
    if "back" in request.POST or not request.htmx:
        return go(request, back(request, "crm:today"), _said(logged))
    context = {"form": _empty_form(request), "said": _said(logged)}
    response = page(request, "crm/today.html#logged", context)
    response.headers["HX-Trigger"] = "record-changed"
    return response


@access.writers
@require_GET
def pick(request: MemberRequest) -> HttpResponse:
    """Options of the picker for ?q= (the kinds in ?kinds=), as list items."""
    asked = request.GET.get("kinds", "").split(",")
    kinds = cast(tuple[Kind, ...], tuple(kind for kind in KINDS if kind in asked) or KINDS)
    return page(request, "crm/pick.html", {"options": picking.options(request.user, request.GET.get("q", ""), kinds)})


def _empty_form(request: MemberRequest) -> QuickLogForm:
    form = QuickLogForm(user=request.user, today=request.today)
    focus(form)
    return form


def _form_again(request: MemberRequest, form: QuickLogForm) -> HttpResponse:
    focus(form)
    context: dict[str, Any] = {"form": form, "about": _fixed(request), "back": request.POST.get("back", "")}
    if request.htmx:
        return page(request, "crm/parts/quick_log.html", context, form=form)
    if context["about"]:
        return page(request, "crm/quick_log.html", context, form=form)
    context["screen"] = today_screen(request.user, request.today, clock.now())
    return page(request, "crm/today.html", context, form=form)


def _fixed(request: MemberRequest) -> Picked | None:
    """The record whose page the form is on."""
    if "fixed" not in request.POST:
        return None
    try:
        return picking.read(request.user, request.POST.get("who", ""), "")
    except NotFound:
        return None


def _said(logged: services.Logged) -> str:
    name = str(logged.record)
    if logged.step:
        return _("Logged for %(name)s. Next: %(what)s, %(day)s") % {
            "name": name,
            "what": logged.step.what,
            "day": formats.day_short(logged.step.due_on),
        }
    return _("Logged for %(name)s.") % {"name": name}
