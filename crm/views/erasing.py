from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm import access
from crm.models import Contact, Customer, Lead
from crm.services import erasing
from l10n.forms import TextField
from members.access import Role, roles
from members.http import MemberRequest


class ErasureForm(forms.Form):
    request = TextField(
        label=gettext_lazy("Reference of the request"),
        help_text=gettext_lazy("Number or date of the letter or mail in which the person asked for it."),
    )
    sure = forms.BooleanField(label=gettext_lazy("I know that this cannot be undone."))


@require_http_methods(["GET", "POST"])
@roles(Role.ADMIN)
def lead_erase(request: MemberRequest, pk: int) -> HttpResponse:
    return _erase(request, access.lead_for_change(request.user, pk), reverse("crm:leads"))


@require_http_methods(["GET", "POST"])
@roles(Role.ADMIN)
def contact_erase(request: MemberRequest, pk: int) -> HttpResponse:
    return _erase(request, access.contact_for_change(request.user, pk), reverse("crm:customers"))


@require_http_methods(["GET", "POST"])
@roles(Role.ADMIN)
def customer_erase(request: MemberRequest, pk: int) -> HttpResponse:
    """For a customer who is a person; the people of a firm are its contacts."""
    return _erase(request, access.customer_for_change(request.user, pk), reverse("crm:customers"))


def _erase(request: MemberRequest, person: Lead | Contact | Customer, back: str) -> HttpResponse:
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        erasing.erase(person, by=request.user, request=form.cleaned_data["request"])
        messages.success(request, _("The person was erased. Numbers and sums stay."))
        return HttpResponseRedirect(back, status=303)
    context = {
        "person": person,
        "look": erasing.look(person),
        "form": form,
        "is_customer": isinstance(person, Customer),
    }
    return render(request, "crm/erase.html", context, status=422 if form.errors else 200)
