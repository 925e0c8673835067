"""The bare host: what Tasmim is, signing up, and the way to one's own workspace."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from tenants import clock
from tenants.forms import PROBLEMS, AddressField, FindForm, SignUpForm
from tenants.http import TenantRequest
from tenants.limits import too_many
from tenants.marks import open_to_all
from tenants.middleware import tenant_of_host
from tenants.models import Provisioning
from tenants.models.tenant import absolute_url
from tenants.services import signup as service
from tenants.services.addresses import AddressRefused, Problem, host_of, problem_of

SIGNUPS_AN_HOUR = 20
DOING = {
    "waiting": gettext_lazy("In the queue…"),
    "schema": gettext_lazy("Laying the tables…"),
    "playbook": gettext_lazy("Setting up stages and meetings…"),
    "done": gettext_lazy("Ready."),
}


@open_to_all("the product's front door")
@require_GET
def home(request: TenantRequest) -> HttpResponse:
    return render(request, "tenants/home.html", {"form": FindForm()})


@open_to_all("leads to the log-in page of one's own workspace")
@require_POST
def find(request: TenantRequest) -> HttpResponse:
    form = FindForm(request.POST)
    if form.is_valid():
        host = host_of(form.cleaned_data["address"])
        if tenant_of_host(host):
            return HttpResponseRedirect(absolute_url(host))
        form.add_error("address", _("There is no workspace at %(host)s.") % {"host": host})
    return render(request, "tenants/home.html", {"form": form}, status=422)


@open_to_all("a firm signs up before it has members")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def signup(request: TenantRequest) -> HttpResponse:
    if request.method == "GET":
        return sign_up_page(request, SignUpForm(initial=first_answers(request)))
    form = SignUpForm(request.POST)
    if too_many(request, "signup", limit=SIGNUPS_AN_HOUR, window=timedelta(hours=1)):
        return render(request, "429.html", status=429)
    if not form.is_valid():
        return sign_up_page(request, form, status=422)
    try:
        asked = service.ask_for_workspace(form.wish(), password=form.cleaned_data["password"], now=clock.now())
    except AddressRefused as refusal:
        form.add_error("address", PROBLEMS[refusal.problem])
        return sign_up_page(request, form, status=422)
    return redirect(asked)


def sign_up_page(request: TenantRequest, form: SignUpForm, status: int = 200) -> HttpResponse:
    address = form.cleaned_data.get("address", "") if form.is_bound else ""
    context = {"form": form, "base_domain": settings.BASE_DOMAIN, "address": address, "host": host_of(address)}
    return render(request, "tenants/signup.html", context, status=status)


def first_answers(request: TenantRequest) -> dict[str, str]:
    language = request.tenant.language
    return {
        "language": language,
        "calendar": request.tenant.calendar,
        "currency": request.tenant.currency,
        "timezone": "Asia/Tehran" if language == "fa" else "UTC",
        "playbook": "b2b",
    }


@open_to_all("tells while typing whether an address is free")
@require_GET
def address_check(request: TenantRequest) -> HttpResponse:
    address = AddressField().to_python(request.GET.get("address", ""))
    problem = problem_of(address, now=clock.now()) if address else None
    context = {
        "address": address,
        "host": host_of(address),
        "problem": PROBLEMS[problem] if problem else "",
    }
    return render(request, "tenants/signup.html#address_state", context)


@open_to_all("the unguessable token stands for the one who signed up")
@never_cache
@require_GET
def signup_progress(request: TenantRequest, token: str) -> HttpResponse:
    signup = get_object_or_404(Provisioning, token=token)
    service.help_waiting(signup, now=clock.now())
    if signup.state == Provisioning.State.DONE:
        return done(request, signup)
    step = service.step_of(signup)
    context = {
        "signup": signup,
        "problem": problem_text(signup),
        "place": service.STEPS.index(step) + 1,
        "doing": DOING[step],
    }
    return render(request, "tenants/signup_progress.html" + ("#progress" if request.htmx else ""), context)


def done(request: TenantRequest, signup: Provisioning) -> HttpResponse:
    response = redirect("signup_done", token=signup.token)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def problem_text(signup: Provisioning) -> str:
    if signup.state != Provisioning.State.FAILED:
        return ""
    if signup.error in list(Problem):
        return str(PROBLEMS[Problem(signup.error)])
    return _("Something went wrong on our side, and nothing was left half-made. Please try again.")


@open_to_all("the unguessable token stands for the one who signed up")
@require_POST
def signup_retry(_request: TenantRequest, token: str) -> HttpResponse:
    signup = get_object_or_404(Provisioning, token=token, state=Provisioning.State.FAILED)
    try:
        service.try_again(signup, now=clock.now())
    except AddressRefused as refusal:
        Provisioning.objects.filter(pk=signup.pk).update(error=refusal.problem.value)
    return redirect(signup)


@open_to_all("the unguessable token stands for the one who signed up")
@never_cache
@require_GET
def signup_done(request: TenantRequest, token: str) -> HttpResponse:
    signup = get_object_or_404(
        Provisioning.objects.select_related("tenant"), token=token, state=Provisioning.State.DONE
    )
    enter = "" if signup.entered_at else service.welcome_url(signup)
    assert signup.tenant
    context = {"signup": signup, "enter": enter, "address": signup.tenant.url(), "host": signup.tenant.host}
    return render(request, "tenants/signup_done.html", context)
