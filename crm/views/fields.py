"""Settings › Fields: what is asked, for which decision, and whether it earns its place; and the card behind a field."""

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm import record_access
from crm.fields import asked, asking, custom, marks, rules
from crm.fields.catalog import FieldInfo
from crm.fields.errors import AlreadyAsked, BudgetSpent, CannotGuard, LabelTaken, SlotsTaken
from crm.forms.asking import AskForm, OwnFieldForm, RuleForm, WhyForm
from crm.models import CustomField, Entity, FieldRule, MarkKind
from crm.models.custom_field import CUSTOM_SLOTS
from crm.screens import fields as screens
from crm.services import playbook as playbooks
from crm.views.answers import back, go, page, typed
from members.access import Role, everyone, roles
from members.http import MemberRequest


@roles(Role.ADMIN, Role.MANAGER)
@require_GET
def fields(request: MemberRequest) -> HttpResponse:
    return page(request, "crm/fields.html", {"cards": screens.cards()})


@roles(Role.ADMIN, Role.MANAGER)
@require_GET
def field_report(request: MemberRequest) -> HttpResponse:
    return page(request, "crm/fields_report.html", {"screen": screens.report_screen(request.today)})


@roles(Role.ADMIN, Role.MANAGER)
@require_GET
def playbook(request: MemberRequest) -> HttpResponse:
    """What the firm started from, readable. Changes since then are on the other pages."""
    plan = playbooks.read(request.tenant.playbook, request.tenant.language)
    return page(request, "crm/fields_playbook.html", {"plan": playbooks.readable(plan), "tenant": request.tenant})


# --- What is asked ------------------------------------------------------------------------------------------------
@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def field_ask(request: MemberRequest, entity: str) -> HttpResponse:
    """Asks for a field; when seven are asked the form wants to know which of them makes room."""
    kind = _entity(entity)
    full = not rules.free_slots(kind)
    form = AskForm(typed(request), entity=kind, full=full, initial={"field": request.GET.get("field", "")})
    if form.is_bound and form.is_valid():
        try:
            rules.ask(entity=kind, by=request.user, **form.values())
        except BudgetSpent:
            full = True
            form = AskForm(request.POST, entity=kind, full=True)
            form.is_valid()
        except AlreadyAsked:
            form.add_error("field", _("Somebody else just asked for it."))
        except CannotGuard:
            form.add_error("mode", _("This field can be asked, but no stage can wait for it."))
        else:
            return go(request, "crm:fields", _("The field is asked from now on."))
    name = {"entity": screens.PLURALS[kind]}
    banner = _("Seven fields are asked already, and seven is the most that people fill in with care.") if full else ""
    return dialog(request, form, title=_("%(entity)s: ask for a field") % name, submit=_("Ask for it"), banner=banner)


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def field_rule_change(request: MemberRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(FieldRule.objects.select_related("serves", "from_stage"), pk=pk)
    start = {"mode": rule.mode, "from_stage": rule.from_stage_id, "serves": rule.serves_id}
    form = RuleForm(typed(request), entity=Entity(rule.entity), field=rule.field, initial=start)
    if form.is_bound and form.is_valid():
        rules.change(rule, by=request.user, **form.values())
        return go(request, "crm:fields", _("Saved."))
    return dialog(request, form, title=asking.label(rule.entity, rule.field), submit=_("Save"))


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def field_rule_stop(request: MemberRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(FieldRule, pk=pk)
    form = WhyForm(typed(request))
    if form.is_bound and form.is_valid():
        rules.stop(rule, by=request.user, reason=form.cleaned_data["reason"])
        return go(request, "crm:fields", _("It is not asked any more. What was entered stays."))
    title = _("Stop asking for “%(field)s”") % {"field": asking.label(rule.entity, rule.field)}
    intro = _("The field stays in the form as an optional one, with all that was entered. It leaves the score.")
    return dialog(request, form, title=title, submit=_("Stop asking"), intro=intro)


# --- Own fields ---------------------------------------------------------------------------------------------------
@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def own_field_new(request: MemberRequest, entity: str) -> HttpResponse:
    """Adds a field of the firm's own; when there are five the form wants to know which of them goes."""
    kind = _entity(entity)
    full = len(custom.live(kind)) >= CUSTOM_SLOTS
    form = OwnFieldForm(typed(request), entity=kind, full=full)
    if form.is_bound and form.is_valid():
        try:
            custom.add(entity=kind, by=request.user, **form.cleaned_data)
        except SlotsTaken:
            full = True
            form = OwnFieldForm(request.POST, entity=kind, full=True)
            form.is_valid()
        except LabelTaken:
            form.add_error("label", _("There is a field of this name already."))
        else:
            return go(request, "crm:fields", _("The field is in the forms now."))
    banner = _("There are five own fields already, and five is the most. The one that goes keeps its values.")
    title = _("%(entity)s: a field of your own") % {"entity": screens.PLURALS[kind]}
    return dialog(request, form, title=title, submit=_("Add the field"), banner=banner if full else "")


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def own_field_change(request: MemberRequest, pk: int) -> HttpResponse:
    field = _own_field(pk)
    form = OwnFieldForm(typed(request), entity=Entity(field.entity), field=field)
    if form.is_bound and form.is_valid():
        try:
            custom.change(field, by=request.user, **form.cleaned_data)
        except LabelTaken:
            form.add_error("label", _("There is a field of this name already."))
        else:
            return go(request, "crm:fields", _("Saved."))
    return dialog(request, form, title=field.label, submit=_("Save"))


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def own_field_retire(request: MemberRequest, pk: int) -> HttpResponse:
    field = _own_field(pk)
    form = WhyForm(typed(request))
    if form.is_bound and form.is_valid():
        custom.retire(field, by=request.user, reason=form.cleaned_data["reason"])
        return go(request, "crm:fields", _("The field is gone from the forms. Its values stay in the records."))
    title = _("Retire “%(field)s”") % {"field": field.label}
    intro = _("It leaves forms, lists and files, and its place is free for another. Its values stay in the records.")
    return dialog(request, form, title=title, submit=_("Retire it"), intro=intro)


# --- What stands behind a field -----------------------------------------------------------------------------------
@everyone
@require_GET
def field_why(request: MemberRequest, entity: str, field: str) -> HttpResponse:
    return _card(request, _info(entity, field))


@everyone
@require_POST
def field_mark(request: MemberRequest, entity: str, field: str) -> HttpResponse:
    """Marks a field as useless, unclear or slow, or takes the mark back."""
    info = _info(entity, field)
    kind = request.POST.get("kind", "")
    if kind not in MarkKind.values:
        raise Http404
    marks.toggle(entity=info.entity, field=info.name, kind=kind, by=request.user)
    if request.htmx:
        return _card(request, info)
    return go(request, back(request, "crm:today"), _("Thank you: the admin sees it in the field report."))


@everyone
@require_GET
def record_asked(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """What a record still lacks, after an edit in its place."""
    _entity(kind)
    return page(request, "crm/parts/asked.html", asked.panel(record_access.seen(request.user, kind, pk)))


def dialog(
    request: MemberRequest,
    form: Form,
    *,
    title: str,
    submit: str,
    intro: str = "",
    banner: str = "",
    done: str = "crm:fields",
) -> HttpResponse:
    """A small form in the page's dialog, or as a page of its own; 422 when something is wrong with it."""
    context = {"form": form, "title": title, "submit": submit, "intro": intro, "banner": banner, "done": done}
    return page(request, _template(request, "crm/fields_dialog.html"), context, form=form)


def _card(request: MemberRequest, info: FieldInfo) -> HttpResponse:
    context = {"screen": screens.why_screen(request.user, info), "back": back(request, "crm:today")}
    return page(request, _template(request, "crm/fields_why.html"), context)


def _template(request: MemberRequest, name: str) -> str:
    return f"{name}#dialog" if request.htmx else name


def _entity(word: str) -> Entity:
    if word not in Entity.values:
        raise Http404
    return Entity(word)


def _info(entity: str, field: str) -> FieldInfo:
    info = asking.info(_entity(entity), field)
    if info is None:
        raise Http404
    return info


def _own_field(pk: int) -> CustomField:
    found: CustomField = get_object_or_404(CustomField.objects.filter(slot__isnull=False), pk=pk)
    return found
