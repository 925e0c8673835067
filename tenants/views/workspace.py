from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tenants.access import Role, roles
from tenants.forms import WorkspaceForm
from tenants.http import TenantRequest
from tenants.services.workspace import change_workspace


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def workspace(request: TenantRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST if request.method == "POST" else None, tenant=request.tenant)
    if request.method == "POST" and form.is_valid():
        change_workspace(tenant=request.tenant, settings=form.settings())
        messages.success(request, _("The workspace is changed."))
        return redirect("tenants:workspace")
    status = 422 if form.is_bound else 200
    return render(request, "tenants/workspace.html", {"form": form}, status=status)
