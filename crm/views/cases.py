from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm import access, picking
from crm.care import due, screens, services
from crm.errors import AlreadyClosed, Stale
from crm.forms.base import focus
from crm.forms.cases import CaseForm, FinishForm, NewCaseForm, NoteForm, RateForm, ReopenForm
from crm.models import Case, CaseKind
from crm.services import customer as customers
from crm.views.answers import go, page, typed
from members.access import everyone
from members.http import MemberRequest


@everyone
@require_GET
def cases(request: MemberRequest) -> HttpResponse:
    return page(request, "crm/cases.html", {"list": screens.case_list(request.user, request.GET, request.today)})


@access.writers
@require_http_methods(["GET", "POST"])
def case_new(request: MemberRequest) -> HttpResponse:
    form = NewCaseForm(typed(request), user=request.user, today=request.today, initial=_asked(request))
    if form.is_bound and form.is_valid():
        cleaned = dict(form.cleaned_data)
        if isinstance(cleaned["customer"], picking.NewRecord):
            name = cleaned["customer"].name
            cleaned["customer"] = customers.create(name=name, by=request.user, owner=request.user)
        made = services.take_in(by=request.user, today=request.today, **cleaned)
        owner = made.owner.name if made.owner else ""
        return go(request, made, _("Written down for %(name)s.") % {"name": owner})
    if not form.is_bound:
        focus(form)
    return page(request, "crm/case_form.html", {"form": form}, form=form)


@everyone
@require_GET
def case(request: MemberRequest, pk: int) -> HttpResponse:
    return _case_page(request, access.case(request.user, pk), NoteForm(today=request.today))


@access.writers
@require_http_methods(["GET", "POST"])
def case_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.case_for_change(request.user, pk)
    deals = access.opportunities(request.user).filter(customer=found.customer_id)
    form = CaseForm(typed(request), user=request.user, record=found, deals=deals)
    if form.is_bound and form.is_valid():
        try:
            services.change(found, values=form.values(), by=request.user, version=form.seen_version)
        except Stale as stale:
            form.show_conflict(stale.record)
        else:
            return go(request, found, _("Saved."))
    return page(request, "crm/case_form.html", {"form": form, "record": found}, form=form)


@access.writers
@require_POST
def case_note(request: MemberRequest, pk: int) -> HttpResponse:
    """Logs what happened about the case. Like the quick log, it is open to whoever sees the case."""
    found = access.case(request.user, pk)
    form = NoteForm(request.POST, today=request.today)
    if not form.is_valid():
        focus(form)
        if request.htmx:
            return page(request, "crm/case.html#note", {"form": form, "case": found}, form=form)
        return _case_page(request, found, form)
    cleaned = form.cleaned_data
    services.note(
        found,
        by=request.user,
        kind=cleaned["kind"],
        sentence=cleaned["sentence"],
        next_what=cleaned["what"],
        next_due_on=cleaned["due_on"],
    )
    return go(request, found, _("Logged."))


@access.writers
@require_POST
def case_wait(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.case_for_change(request.user, pk)
    return _progress(
        request, found, partial(services.wait, found, by=request.user), _("Now it waits for the customer.")
    )


@access.writers
@require_POST
def case_resume(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.case_for_change(request.user, pk)
    return _progress(request, found, partial(services.resume, found, by=request.user), _("Taken up again."))


@access.writers
@require_http_methods(["GET", "POST"])
def case_finish(request: MemberRequest, pk: int) -> HttpResponse:
    """Asks what came of it and proposes a follow-up, in one form."""
    found = access.case_for_change(request.user, pk)
    follow_up = due.follow_up_day(request.today, request.tenant)
    form = FinishForm(typed(request), today=request.today, follow_up=follow_up)
    if not (form.is_bound and form.is_valid()):
        return _dialog(request, "crm/case_finish.html", found, form)
    cleaned = form.cleaned_data
    finish = partial(
        services.finish,
        found,
        outcome=cleaned["outcome"],
        by=request.user,
        next_what=cleaned["what"],
        next_due_on=cleaned["due_on"],
    )
    return _progress(request, found, finish, _("Finished."))


@access.writers
@require_http_methods(["GET", "POST"])
def case_reopen(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.case_for_change(request.user, pk)
    form = ReopenForm(typed(request))
    if not (form.is_bound and form.is_valid()):
        return _dialog(request, "crm/case_reopen.html", found, form)
    reopen = partial(services.reopen, found, because=form.cleaned_data["because"], by=request.user)
    return _progress(request, found, reopen, _("Open again."))


@access.writers
@require_POST
def case_rate(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.case_for_change(request.user, pk)
    form = RateForm(request.POST)
    if not form.is_valid():
        return _case_page(request, found, NoteForm(today=request.today), rate=form)
    rate = partial(services.rate, found, satisfaction=form.cleaned_data["satisfaction"], by=request.user)
    return _progress(request, found, rate, _("Thank you, noted."))


# --- On other pages -----------------------------------------------------------------------------------------------
@everyone
@require_GET
def cases_today(request: MemberRequest) -> HttpResponse:
    """The card of Today: nothing when nothing is due."""
    return page(request, "crm/parts/cases_today.html", {"cases": screens.due_cases(request.user, request.today)})


@everyone
@require_GET
def customer_cases(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.customer(request.user, pk)
    context = {"panel": screens.customer_panel(request.user, found), "may_write": access.may_write(request.user)}
    return page(request, "crm/parts/cases_customer.html", context)


@everyone
@require_GET
def deal_cases(request: MemberRequest, pk: int) -> HttpResponse:
    """A warning on the deal's page: the customer has a complaint that is not finished."""
    found = access.opportunity(request.user, pk)
    complaints = screens.open_complaints(request.user, found.customer) if found.customer else []
    return page(request, "crm/parts/cases_deal.html", {"complaints": complaints})


def _case_page(request: MemberRequest, found: Case, form: NoteForm, rate: RateForm | None = None) -> HttpResponse:
    screen = screens.case_screen(request.user, found)
    wrong = rate if rate is not None else form
    context = {"screen": screen, "case": found, "form": form, "rate_form": rate or RateForm()}
    return page(request, "crm/case.html", context, form=wrong)


def _dialog(request: MemberRequest, template: str, found: Case, form: FinishForm | ReopenForm) -> HttpResponse:
    focus(form)
    name = f"{template}#dialog" if request.htmx else template
    return page(request, name, {"form": form, "case": found}, form=form)


def _progress(request: MemberRequest, found: Case, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except AlreadyClosed:
        messages.warning(request, _("Somebody else was faster. This is how it stands now."))
        return go(request, found)
    return go(request, found, said)


def _asked(request: MemberRequest) -> dict[str, object]:
    """What the address proposes: ?customer=5&kind=request."""
    asked: dict[str, object] = {}
    number = request.GET.get("customer", "")
    if number.isascii() and number.isdecimal():
        asked["customer"] = access.customer(request.user, int(number))
    if request.GET.get("kind") in CaseKind.values:
        asked["kind"] = request.GET["kind"]
    return asked
