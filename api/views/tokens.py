from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from api import access
from api.forms import TokenForm
from api.models import Scope
from api.services import token as service
from members.access import everyone
from members.http import MemberRequest
from tenants import clock


@everyone
@require_http_methods(["GET", "POST"])
def tokens(request: MemberRequest) -> HttpResponse:
    """One's own tokens. A new one is shown in the answer to its making and never again."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    secret, status = "", 200
    if form.is_bound and form.is_valid():
        scope = Scope(form.cleaned_data["scope"])
        _token, secret = service.issue(by=request.user, name=form.cleaned_data["name"], scope=scope, now=clock.now())
        form = TokenForm()
    elif form.is_bound:
        status = 422
    context = {"form": form, "secret": secret, "tokens": access.tokens(request.user).order_by("revoked_at", "-pk")}
    return render(request, "api/tokens.html", context, status=status)


@everyone
@require_POST
def token_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    service.revoke(access.token_for_change(request.user, pk), now=clock.now())
    messages.success(request, _("The token has ended. Programs that use it are turned away."))
    return redirect("api:tokens")
