from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from api import access
from api.forms import WebFormForm
from api.models import WebForm
from api.services import web_form as service
from members.access import Role, roles
from members.http import MemberRequest


@roles(Role.ADMIN)
@require_GET
def web_forms(request: MemberRequest) -> HttpResponse:
    found = [(form, request.build_absolute_uri(form.get_absolute_url())) for form in WebForm.objects.all()]
    return render(request, "api/web_forms.html", {"web_forms": found})


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def web_form_new(request: MemberRequest) -> HttpResponse:
    form = WebFormForm(request.POST if request.method == "POST" else None, language=request.tenant.language)
    if form.is_bound and form.is_valid():
        service.create(by=request.user, **form.cleaned_data)
        messages.success(request, _("The form is ready. Its link stands in the list."))
        return redirect("api:web_forms")
    return render(request, "api/web_form.html", {"form": form}, status=422 if form.is_bound else 200)


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def web_form_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = access.web_form_for_change(request.user, pk)
    form = WebFormForm(request.POST if request.method == "POST" else None, web_form=found)
    if form.is_bound and form.is_valid():
        service.change(found, values=form.cleaned_data)
        messages.success(request, _("The form is changed."))
        return redirect("api:web_forms")
    context = {"form": form, "web_form": found}
    return render(request, "api/web_form.html", context, status=422 if form.is_bound else 200)
