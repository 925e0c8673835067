"""How templates write working time, and where a deal came from."""

from django import template

from crm.intake import conversion, screens
from crm.models import Conversion, Lead, LeadStatus, Opportunity
from tenants import clock

register = template.Library()
register.filter("work_span", screens.span)
register.filter("time_left", screens.left_words)


@register.simple_tag
def conversion_of(deal: Opportunity) -> Conversion | None:
    """The conversion that made a deal, while it can be taken back; no question is asked about an older deal."""
    if deal.created_at + conversion.UNDO_WITHIN <= clock.now():
        return None
    return conversion.standing(opportunity=deal)


@register.simple_tag(takes_context=True)
def waiting_of(context: template.Context, lead: Lead) -> screens.Waiting | None:
    """The clock of a lead that nobody has answered. Costs no query."""
    if lead.status != LeadStatus.NEW:
        return None
    return screens.waiting_rows([lead], context["user"], clock.now())[0]
