from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.care import report
from crm.views.answers import page
from members.access import Role, roles
from members.http import MemberRequest

leaders = roles(Role.MANAGER, Role.EXECUTIVE, Role.ADMIN)


@leaders
@require_GET
def care(request: MemberRequest) -> HttpResponse:
    """How well customers are kept, in a few numbers; each opens the rows behind it."""
    return page(request, "crm/care.html", {"report": report.report(request.user, request.today)})


@leaders
@require_GET
def care_customers(request: MemberRequest) -> HttpResponse:
    shown = report.customer_page(request.user, request.GET, request.today)
    return page(request, "crm/care_customers.html", {"screen": shown})
