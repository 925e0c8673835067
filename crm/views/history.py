from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm import access
from crm.errors import ReasonNeeded, StageNeeds
from crm.models import Edit
from crm.record_access import for_change, seen
from crm.screens import history as screens
from crm.services import history as services
from crm.views.answers import go, page
from members.access import everyone
from members.http import MemberRequest


@everyone
@require_GET
def record_history(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    found = seen(request.user, kind, pk)
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() else 0
    screen = screens.history_screen(request.user, found, before=before)
    return page(request, "crm/history.html", {"screen": screen})


@access.writers
@require_POST
def field_restore(request: MemberRequest, kind: str, pk: int, edit_pk: int) -> HttpResponse:
    """Gives one field the value it had before an edit; that is an edit too."""
    found = for_change(request.user, kind, pk)
    edit = get_object_or_404(Edit, pk=edit_pk, entity=kind, record_id=pk)
    field = request.POST.get("field", "")
    if field not in edit.values or not screens.restorable(found, field):
        raise Http404
    try:
        services.restore(found, edit, field, by=request.user, today=request.today)
    except StageNeeds:
        messages.error(request, _("The stage needs fields that are empty now. Fill them in first, then move the deal."))
    except ReasonNeeded:
        messages.error(request, _("A deal is lost with a reason. Move it on its page."))
    except ObjectDoesNotExist:
        messages.error(request, _("What stood there is no longer here."))
    else:
        messages.success(request, _("The old value is back."))
    return go(request, resolve_url("crm:record_history", kind, pk))
