from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.exporting import running
from crm.models import ExportJob, ExportState
from members.access import Role, roles
from members.http import MemberRequest

LISTED = 10


@require_http_methods(["GET", "POST"])
@roles(Role.ADMIN)
def exports(request: MemberRequest) -> HttpResponse:
    """Everything of the firm as one file: ask for it, see how far it is, fetch it."""
    if request.method == "POST":
        running.ask(by=request.user)
        messages.success(request, _("It is being made. You can leave this page."))
        return redirect("crm:exports")
    return render(request, "crm/exports.html", _context())


@require_GET
@roles(Role.ADMIN)
def exports_list(_request: MemberRequest) -> HttpResponse:
    """Asked for while one is on its way."""
    return render(_request, "crm/exports.html#jobs", _context())


def _context() -> dict[str, object]:
    jobs = list(ExportJob.objects.select_related("created_by")[:LISTED])
    on_its_way = next((job for job in jobs if job.state in running.ON_ITS_WAY), None)
    left_behind = on_its_way is not None and running.is_left_behind(on_its_way)
    return {
        "jobs": jobs,
        "waiting": on_its_way is not None and not left_behind,
        "percent": running.percent(on_its_way) if on_its_way else 0,
        "kept_days": running.KEPT.days,
    }


@require_GET
@roles(Role.ADMIN)
def export_file(request: MemberRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(ExportJob, pk=pk, state=ExportState.DONE)
    try:
        file = job.file.open("rb")
    except (ValueError, FileNotFoundError):
        messages.error(request, _("This file was deleted. Ask for a new one."))
        return redirect("crm:exports")
    name = running.file_name(job)
    # A streamed answer is no HttpResponse by type, but all that a view has to give.
    return cast(HttpResponse, FileResponse(file, as_attachment=True, filename=name, content_type="application/zip"))
