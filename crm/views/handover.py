from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm import access
from crm.errors import AlreadyUndone
from crm.forms.handover import HandoverForm, givers, takers
from crm.models import Handover, RecordKind
from crm.screens import handover as screens
from crm.services import handover as services
from crm.services import owning
from crm.views.answers import back, go, page
from l10n import formats
from members.access import everyone, roles
from members.http import MemberRequest
from members.models import Role, User

leading = roles(Role.MANAGER, Role.ADMIN)
AT_MOST = 500


@leading
@require_GET
def handovers(request: MemberRequest) -> HttpResponse:
    return page(request, "crm/handovers.html", {"handovers": screens.handovers(request.user)})


@leading
@require_http_methods(["GET", "POST"])
def handover_new(request: MemberRequest) -> HttpResponse:
    """Choose (GET), see what would move (GET with a choice), hand over (POST)."""
    chosen = "parts" in request.GET or "taker" in request.GET
    asked = request.POST if request.method == "POST" else request.GET if chosen else None
    form = HandoverForm(asked, by=request.user, initial={"giver": request.GET.get("giver")})
    context: dict[str, Any] = {"form": form, "preview": None}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        if request.method == "POST":
            return _handed_over(request, form)
        context["preview"] = screens.preview(data["giver"], data["taker"], data["parts"])
    return page(request, "crm/handover.html", context, form=form)


@leading
@require_POST
def handover_undo(request: MemberRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(Handover.objects.filter(giver__in=givers(request.user).order_by().values("pk")), pk=pk)
    try:
        restored, kept = services.undo(made, by=request.user)
    except AlreadyUndone:
        messages.warning(request, _("Somebody has taken this back already."))
        return go(request, "crm:handovers")
    said = ngettext("%(n)s record is back.", "%(n)s records are back.", restored) % {"n": formats.num(restored)}
    if kept:
        stayed = ngettext(
            "%(n)s has another owner by now and stays.", "%(n)s have another owner by now and stay.", kept
        )
        said = f"{said} {stayed % {'n': formats.num(kept)}}"
    return go(request, "crm:handovers", said)


@everyone
@require_GET
def handover_today(request: MemberRequest) -> HttpResponse:
    """The fragment of Today: what was handed to the user, once."""
    return _unread(request)


@everyone
@require_POST
def handover_read(request: MemberRequest, pk: int) -> HttpResponse:
    made = get_object_or_404(Handover, pk=pk)
    if made.taker != request.user:
        raise PermissionDenied
    services.read(made)
    return _unread(request) if request.htmx else go(request, "crm:today")


@everyone
@require_GET
def ownerless(request: MemberRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("kind", "after", "before")}
    return page(request, "crm/ownerless.html", {"screen": screens.queue_screen(request.user, **asked)})


@everyone
@require_GET
def ownerless_count(request: MemberRequest) -> HttpResponse:
    """The fragment of the quality page: how many records nobody owns."""
    total = sum(screens.ownerless_counts(request.user).values())
    return page(request, "crm/ownerless_count.html", {"total": total})


@access.writers
@require_POST
def ownerless_assign(request: MemberRequest) -> HttpResponse:
    """A rep takes for himself; a manager gives to whom is chosen."""
    kind = request.POST.get("kind", "")
    if kind not in screens.QUEUED:
        raise Http404
    ids = [int(pk) for pk in request.POST.getlist("ids")[:AT_MOST] if pk.isascii() and pk.isdecimal()]
    to = _chosen(request)
    seen = screens.ownerless(request.user, RecordKind(kind)).filter(pk__in=ids).values_list("pk", flat=True)
    given = owning.assign(RecordKind(kind), seen, to=to, by=request.user)
    late = len(set(ids)) - len(given)
    if late:
        said = ngettext("%(n)s record had an owner already.", "%(n)s records had an owner already.", late)
        messages.warning(request, said % {"n": formats.num(late)})
    if not given:
        return go(request, back(request, "crm:ownerless"))
    said = ngettext("%(n)s record belongs to %(name)s now.", "%(n)s records belong to %(name)s now.", len(given))
    return go(request, back(request, "crm:ownerless"), said % {"n": formats.num(len(given)), "name": to.name})


def _unread(request: MemberRequest) -> HttpResponse:
    return page(request, "crm/handover_today.html", {"handovers": screens.unread(request.user)})


def _chosen(request: MemberRequest) -> User:
    typed = request.POST.get("to", "")
    leads = request.user.role in (Role.MANAGER, Role.ADMIN)
    if not leads or not (typed.isascii() and typed.isdecimal()):
        return request.user
    return get_object_or_404(takers(), pk=int(typed))


def _handed_over(request: MemberRequest, form: HandoverForm) -> HttpResponse:
    data = form.cleaned_data
    made = services.hand_over(
        giver=data["giver"],
        taker=data["taker"],
        by=request.user,
        parts=data["parts"],
        note=data["note"],
        notes=form.notes(),
    )
    moved = made.batch.records + len(made.steps)
    said = ngettext("%(n)s record was handed over.", "%(n)s records were handed over.", moved)
    return go(request, "crm:handovers", said % {"n": formats.num(moved)})
