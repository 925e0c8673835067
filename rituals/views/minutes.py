from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.views.answers import page
from members.access import everyone
from members.http import MemberRequest
from rituals import access, printing
from rituals.services.minutes import store_pdf
from tenants.context import writing
from tenants.schema import current_tenant


@everyone
@require_GET
def minutes(request: MemberRequest, pk: int, version: int = 0) -> HttpResponse:
    """One version, the latest if none is named."""
    found = access.minutes(request.user, pk, version)
    context = {**printing.minutes_context(found), "versions": found.meeting.minutes.order_by("-version")}
    return page(request, "rituals/minutes.html", context)


@everyone
@require_GET
def minutes_pdf(request: MemberRequest, pk: int, version: int) -> HttpResponse:
    """The printed version; printed on the spot when the worker has not been there yet."""
    found = access.minutes(request.user, pk, version)
    if found.pdf is None:
        # In the firm's language, whoever downloads first: one version has one printed form.
        with writing(current_tenant().formats()):
            store_pdf(found, printing.minutes_pdf(found))
    response = HttpResponse(bytes(found.pdf or b""), content_type="application/pdf")
    name = f"minutes-{found.meeting.original_day:%Y%m%d}-v{found.version}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
