from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from l10n import formats
from l10n.text import isolate_ltr
from members.access import everyone
from members.http import MemberRequest
from members.models import User
from rituals import access
from rituals.errors import DealGone
from rituals.forms import CorrectiveForm, DecideForm, DeferForm, DelegateForm, NoDecisionForm, TopicForm, WordingForm
from rituals.models import AgendaItem, Decision, ItemKind
from rituals.services import decision as decisions
from rituals.services import outcome
from rituals.views.room import refused, settle, step


@everyone
@require_POST
def item_decide(request: MemberRequest, pk: int) -> HttpResponse:
    item = access.item_to_run(request.user, pk)
    form = _decision_form(request, item)
    if form is None:
        return refused(request, item.meeting_id, DealGone(), item=item)

    def decide() -> str:
        made = _decide(request, item, form)
        return _("Decision %(code)s is recorded and applied.") % {"code": isolate_ltr(formats.digits(made.code))}

    return settle(request, item, "decide", form, decide)


@everyone
@require_POST
def item_defer(request: MemberRequest, pk: int) -> HttpResponse:
    item = access.item_to_run(request.user, pk)
    form = DeferForm(request.POST, key=pk)

    def defer() -> str:
        outcome.defer(item, by=request.user, today=request.today, **form.cleaned_data)
        return _("It comes first in the next meeting.")

    return settle(request, item, "defer", form, defer)


@everyone
@require_POST
def item_delegate(request: MemberRequest, pk: int) -> HttpResponse:
    item = access.item_to_run(request.user, pk)
    form = DelegateForm(request.POST, people=list(User.objects.active()), key=pk)

    def delegate() -> str:
        promise = outcome.delegate(item, by=request.user, today=request.today, **form.cleaned_data)
        return _("%(name)s takes care of it.") % {"name": promise.owner.name}

    return settle(request, item, "delegate", form, delegate)


@everyone
@require_POST
def item_no_decision(request: MemberRequest, pk: int) -> HttpResponse:
    item = access.item_to_run(request.user, pk)
    form = NoDecisionForm(request.POST, key=pk)

    def leave() -> str:
        outcome.no_decision(item, by=request.user, **form.cleaned_data)
        return _("Noted, with its reason.")

    return settle(request, item, "no_decision", form, leave)


@everyone
@require_POST
def item_seen(request: MemberRequest, pk: int) -> HttpResponse:
    item = access.item_to_run(request.user, pk)
    return step(request, item.meeting_id, lambda: outcome.mark_seen(item, by=request.user))


@everyone
@require_POST
def item_undo(request: MemberRequest, pk: int) -> HttpResponse:
    item = access.item_to_run(request.user, pk)
    return step(request, item.meeting_id, lambda: outcome.undo_outcome(item), _("The item is open again."), item=item)


def _decision_form(request: MemberRequest, item: AgendaItem) -> WordingForm | None:
    """The form that fits the item; None when its deal or key result is gone."""
    people = list(User.objects.active())
    match item.kind:
        case ItemKind.DEAL:
            deal = item.opportunity
            return DecideForm(request.POST, deal=deal, by=request.user, people=people, key=item.pk) if deal else None
        case ItemKind.KEY_RESULT:
            return CorrectiveForm(request.POST, people=people, key=item.pk) if item.key_result else None
        case _:
            return TopicForm(request.POST, people=people, key=item.pk)


def _decide(request: MemberRequest, item: AgendaItem, form: WordingForm) -> Decision:
    decide: dict[str, Callable[..., Decision]] = {
        ItemKind.DEAL: decisions.decide_on_deal,
        ItemKind.KEY_RESULT: decisions.decide_corrective,
    }
    return decide.get(item.kind, decisions.decide_topic)(
        item=item, by=request.user, today=request.today, **form.arguments()
    )
