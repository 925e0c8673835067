from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm import access, queries
from crm.forms.records import ContactForm, CustomerForm
from crm.models import Customer
from crm.screens import lists, records
from crm.services import contact as contacts
from crm.services import customer as services
from crm.views.answers import go, page, typed
from crm.views.bin import in_bin
from crm.views.records import asked_timeline, writer
from crm.views.saving import save
from crm.views.shown import record_forms
from members.access import everyone
from members.http import MemberRequest
from members.models import User


@everyone
@require_GET
def customers(request: MemberRequest) -> HttpResponse:
    shown = lists.record_list("customers", request.user, request.GET, request.today)
    return page(request, "crm/customers.html", {"list": shown})


@everyone
@require_GET
def customer(request: MemberRequest, pk: int) -> HttpResponse:
    try:
        found = access.customer(request.user, pk)
    except Http404:
        return in_bin(request, "customer", pk)
    screen = records.customer_screen(request.user, found, request.today, asked_timeline(request, found))
    return page(request, "crm/customer.html", {"screen": screen, **record_forms(request)})


@access.writers
@require_http_methods(["GET", "POST"])
def customer_new(request: MemberRequest) -> HttpResponse:
    form = CustomerForm(typed(request), user=request.user, initial={"name": request.GET.get("name", "")})
    similar: list[Customer] = []
    if form.is_bound and form.is_valid():
        values = form.values()
        similar = [] if "anyway" in request.POST else _similar(request.user, values)
        if not similar:
            return go(request, services.create(by=request.user, **values), _("Customer saved."))
    context = {"form": form, "similar": similar}
    response = page(request, "crm/customer_form.html", context, form=form)
    response.status_code = 422 if similar else response.status_code
    return response


@access.writers
@require_http_methods(["GET", "POST"])
def customer_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.customer_for_change(request.user, pk)
    form = CustomerForm(typed(request), user=request.user, record=found)
    context: dict[str, Any] = {"form": form, "record": found}
    if form.is_bound and form.is_valid():
        outcome = save(request, form, found, writer(found, by=request.user))
        if outcome.is_saved:
            return go(request, found, outcome.said)
        context["conflict"] = outcome.conflict
    return page(request, "crm/customer_form.html", context, form=form)


@access.writers
@require_http_methods(["GET", "POST"])
def contact_new(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.customer_for_change(request.user, pk)
    form = ContactForm(typed(request), user=request.user)
    if form.is_bound and form.is_valid():
        contacts.create(customer=found, **form.values())
        return go(request, found, _("Contact saved."))
    return page(request, "crm/contact_form.html", {"form": form, "customer": found}, form=form)


@access.writers
@require_http_methods(["GET", "POST"])
def contact_edit(request: MemberRequest, pk: int) -> HttpResponse:
    contact = access.contact_for_change(request.user, pk)
    form = ContactForm(typed(request), user=request.user, record=contact)
    context: dict[str, Any] = {"form": form, "customer": contact.customer, "record": contact}
    if form.is_bound and form.is_valid():
        outcome = save(request, form, contact, writer(contact, by=request.user))
        if outcome.is_saved:
            return go(request, contact, outcome.said)
        context["conflict"] = outcome.conflict
    return page(request, "crm/contact_form.html", context, form=form)


def _similar(user: User, values: dict[str, str]) -> list[Customer]:
    like = queries.like_customer(name=values["name"], phone=values["phone"], email=values["email"])
    return list(access.customers(user).filter(like)[:5])
