"""Settings › Stages: the steps of the pipeline and the short list of reasons for losing."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.errors import DealsInTheWay, ListFull, NameTaken, StageKept
from crm.forms.asking import ReasonNameForm, StageForm, StageRemovalForm
from crm.models import LostReason, Opportunity, Stage
from crm.models.custom_field import MOST_REASONS
from crm.screens import fields as screens
from crm.services import lost_reason as reasons
from crm.services import stage as services
from crm.views.answers import go, page, typed
from crm.views.fields import dialog
from l10n import formats
from members.access import Role, roles
from members.http import MemberRequest

HERE = "crm:stages"


@roles(Role.ADMIN, Role.MANAGER)
@require_GET
def stages(request: MemberRequest) -> HttpResponse:
    context = {"rows": screens.stage_rows(), "reasons": reasons.listed(), "most_reasons": MOST_REASONS}
    return page(request, "crm/stages.html", context)


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def stage_new(request: MemberRequest) -> HttpResponse:
    form = StageForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            services.add(**form.cleaned_data)
        except NameTaken:
            form.add_error("name", _("Another stage has this name."))
        else:
            return go(request, HERE, _("The stage is in the pipeline now."))
    return dialog(request, form, title=_("New stage"), submit=_("Add the stage"), done=HERE)


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def stage_change(request: MemberRequest, pk: int) -> HttpResponse:
    stage = get_object_or_404(Stage, pk=pk)
    start = {name: getattr(stage, name) for name in ("name", "meaning", "probability", "stale_after")}
    form = StageForm(typed(request), initial=start)
    if form.is_bound and form.is_valid():
        try:
            services.change(stage, **form.cleaned_data)
        except NameTaken:
            form.add_error("name", _("Another stage has this name."))
        else:
            return go(request, HERE, _("Saved."))
    intro = _("A new name shows everywhere at once. The history keeps what the stage was called then.")
    return dialog(request, form, title=start["name"], submit=_("Save"), intro=intro, done=HERE)


@roles(Role.ADMIN)
@require_POST
def stage_move(request: MemberRequest, pk: int) -> HttpResponse:
    services.move(get_object_or_404(Stage, pk=pk), up=request.POST.get("way") == "up")
    return go(request, HERE)


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def stage_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Removes an empty stage at once after a yes; one with deals asks where they go."""
    stage = get_object_or_404(Stage, pk=pk)
    deals = Opportunity.objects.filter(stage=stage).count()
    form = StageRemovalForm(typed(request), stage=stage)
    if not deals:
        del form.fields["to"]
    if form.is_bound and form.is_valid():
        try:
            services.remove(stage, by=request.user, today=request.today, to=form.cleaned_data.get("to"))
        except StageKept:
            form.add_error(None, _("This one stays: won, lost and at least one open stage are always there."))
        except DealsInTheWay as way:
            form.add_error(None, _why_not(way))
        else:
            return go(request, HERE, _("The stage is gone."))
    words = {"count": formats.num(deals)}
    intro = (
        ngettext("%(count)s deal stands here.", "%(count)s deals stand here.", deals) % words
        if deals
        else _("No deal stands here.")
    )
    title = _("Remove “%(stage)s”") % {"stage": stage.name}
    return dialog(request, form, title=title, submit=_("Remove the stage"), intro=intro, done=HERE)


def _why_not(way: DealsInTheWay) -> str:
    if way.lacking:
        said = ngettext(
            "%(count)s deal lacks what that stage needs. Choose an earlier one.",
            "%(count)s deals lack what that stage needs. Choose an earlier one.",
            way.lacking,
        )
        return said % {"count": formats.num(way.lacking)}
    if way.deals > services.MOST_MOVED:
        words = {"count": formats.num(way.deals)}
        return _("%(count)s deals are too many for one step. Move them in the list of deals first.") % words
    return _("There are deals here, maybe in the bin. Choose where they go.")


# --- Reasons for losing -------------------------------------------------------------------------------------------
@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def lost_reason_new(request: MemberRequest) -> HttpResponse:
    form = ReasonNameForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            reasons.add(name=form.cleaned_data["name"])
        except NameTaken:
            form.add_error("name", _("It is in the list already."))
        except ListFull:
            form.add_error(None, _("Eight are enough to choose from. Take one out first."))
        else:
            return go(request, HERE, _("It is in the list now."))
    return dialog(request, form, title=_("A reason for losing"), submit=_("Add it"), done=HERE)


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def lost_reason_rename(request: MemberRequest, pk: int) -> HttpResponse:
    reason = _listed(pk)
    form = ReasonNameForm(typed(request), initial={"name": reason.name})
    if form.is_bound and form.is_valid():
        try:
            reasons.rename(reason, name=form.cleaned_data["name"])
        except NameTaken:
            form.add_error("name", _("It is in the list already."))
        else:
            return go(request, HERE, _("Saved."))
    intro = _("Deals that were lost for it keep the words of that day.")
    return dialog(request, form, title=_("A reason for losing"), submit=_("Save"), intro=intro, done=HERE)


@roles(Role.ADMIN)
@require_POST
def lost_reason_move(request: MemberRequest, pk: int) -> HttpResponse:
    reasons.move(_listed(pk), up=request.POST.get("way") == "up")
    return go(request, HERE)


@roles(Role.ADMIN)
@require_POST
def lost_reason_retire(request: MemberRequest, pk: int) -> HttpResponse:
    reasons.retire(_listed(pk))
    return go(request, HERE, _("It is out of the list. Deals keep it."))


def _listed(pk: int) -> LostReason:
    found: LostReason = get_object_or_404(LostReason.objects.filter(position__isnull=False), pk=pk)
    return found
