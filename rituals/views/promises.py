from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.views.answers import back, go
from members.access import everyone
from members.http import MemberRequest
from rituals import access
from rituals.errors import AlreadySettled, DayPast, ReasonMissing, Refused
from rituals.forms import AnswerForm
from rituals.models import ActionAppearance, AgendaItem, ItemKind
from rituals.services import action
from rituals.views.room import done, refused, room, step


@everyone
@require_POST
def action_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """What became of a promise, said in the meeting."""
    shown = access.appearance_to_run(request.user, pk)
    form = AnswerForm(request.POST, key=pk)
    if form.is_valid():
        try:
            action.answer(shown, by=request.user, today=request.today, **form.cleaned_data)
        except (DayPast, ReasonMissing) as refusal:
            form.add_error("new_due_on" if isinstance(refusal, DayPast) else "reason", refusal.text)
        except Refused as refusal:
            return refused(request, shown.meeting_id, refusal)
        else:
            return done(request, shown.meeting_id, item=_item_if_left(shown))
    item = _item(shown)
    return room(request, shown.meeting, item=item, bound={f"answer{pk}": form}, status=422)


@everyone
@require_POST
def action_take_back(request: MemberRequest, pk: int) -> HttpResponse:
    shown = access.appearance_to_run(request.user, pk)
    return step(request, shown.meeting_id, lambda: action.take_back(shown), item=_item(shown))


@everyone
@require_POST
def action_done(request: MemberRequest, pk: int) -> HttpResponse:
    """Ticks a promise off outside a meeting."""
    promise = access.action_of(request.user, pk)
    try:
        action.complete(promise, by=request.user)
    except AlreadySettled as settled:
        return go(request, back(request, "crm:today"), settled.text)
    return go(request, back(request, "crm:today"), _("Done. The meeting will see it."))


def _item(shown: ActionAppearance) -> AgendaItem | None:
    return AgendaItem.objects.filter(meeting=shown.meeting_id, kind=ItemKind.ACTIONS).first()


def _item_if_left(shown: ActionAppearance) -> AgendaItem | None:
    """Stays on the promises while one of them waits."""
    item = _item(shown)
    return item if item and item.is_open else None
