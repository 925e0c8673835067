from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.views.answers import go, page, typed
from members.access import Role, roles
from members.http import MemberRequest
from members.models import User
from rituals import access
from rituals.forms import RitualForm
from rituals.services import schedule


@roles(Role.MANAGER, Role.ADMIN)
@require_http_methods(["GET", "POST"])
def ritual_edit(request: MemberRequest, pk: int) -> HttpResponse:
    ritual = access.ritual_for_change(request.user, pk)
    form = RitualForm(typed(request), ritual=ritual, people=list(User.objects.active()))
    if form.is_bound and form.is_valid():
        schedule.change(ritual, today=request.today, **form.cleaned_data)
        return go(request, "rituals:meetings", _("Saved. Meetings whose agenda is ready keep their day."))
    return page(request, "rituals/ritual.html", {"ritual": ritual, "form": form}, form=form)
