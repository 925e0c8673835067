from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm import access
from crm.errors import AlreadyClosed
from crm.intake.forms import SnoozeForm
from crm.models import Opportunity
from crm.services import snooze as services
from crm.views.answers import back, go, page, typed
from l10n import formats
from members.http import MemberRequest


@access.writers
@require_http_methods(["GET", "POST"])
def deal_snooze(request: MemberRequest, pk: int) -> HttpResponse:
    """A dialog; without JavaScript a page."""
    deal = access.opportunity_for_change(request.user, pk)
    form = SnoozeForm(typed(request), deal=deal, today=request.today)
    if form.is_bound and form.is_valid() and (done := _snoozed(request, deal, form)):
        return done
    template = "crm/snooze.html#dialog" if request.htmx else "crm/snooze.html"
    return page(request, template, {"form": form, "deal": deal, "back": back(request, deal)}, form=form)


@access.writers
@require_POST
def deal_wake(request: MemberRequest, pk: int) -> HttpResponse:
    deal = access.opportunity_for_change(request.user, pk)
    try:
        services.wake(deal, by=request.user)
    except AlreadyClosed:
        return _too_late(request, deal)
    return go(request, back(request, deal), _("The deal is awake again."))


def _snoozed(request: MemberRequest, deal: Opportunity, form: SnoozeForm) -> HttpResponse | None:
    until = form.cleaned_data["until"]
    try:
        services.snooze(deal, until=until, because=form.cleaned_data["because"], by=request.user, today=request.today)
    except services.BadDay:
        form.add_error("until", _("Choose a day from tomorrow on, within a year."))
        return None
    except AlreadyClosed:
        return _too_late(request, deal)
    return go(request, back(request, deal), _("It rests until %(day)s.") % {"day": formats.day(until)})


def _too_late(request: MemberRequest, deal: Opportunity) -> HttpResponse:
    messages.warning(request, _("This deal is closed meanwhile."))
    return go(request, deal)
