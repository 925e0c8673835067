"""The two ways in that need no password yet: an invitation, and the first admin's link after sign-up."""

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from members.forms import JoinForm
from members.http import MemberRequest
from members.models import Invitation, User
from members.services import invitations as service
from tenants import clock
from tenants.marks import open_to_all
from tenants.services.signup import redeem_welcome

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@open_to_all("the mailed link stands for the invited")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: MemberRequest, token: str) -> HttpResponse:
    try:
        invitation = service.read_token(token, now=clock.now())
        return join_form(request, invitation)
    except service.NotOpen:
        return render(request, "members/join_closed.html", status=410)


def join_form(request: MemberRequest, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"name": invitation.name})
    if form.is_bound and form.is_valid():
        try:
            user = service.accept(invitation=invitation, now=clock.now(), **form.cleaned_data)
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            login(request, user, backend=BACKEND)
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "invitation": invitation}
    return render(request, "members/join.html", context, status=422 if form.is_bound else 200)


@open_to_all("the link works once, for the one who signed up")
@never_cache
@require_GET
def welcome(request: MemberRequest, key: str) -> HttpResponse:
    signup = redeem_welcome(key, tenant=request.tenant, now=clock.now())
    if signup is None:
        return redirect("account_login")
    login(request, User.objects.get(email=signup.admin_email.lower()), backend=BACKEND)
    return redirect(settings.LOGIN_REDIRECT_URL)
