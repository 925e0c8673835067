"""Columns of the list of leads that are more than a field."""

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.translation import gettext_lazy

from crm import queries
from crm.lists.columns import Column, Reading, Row, Writing, bdi, day, link, next_step
from crm.models import Lead, LeadStatus
from crm.templatetags.crm import waiting

TONES = {LeadStatus.NEW: "wait", LeadStatus.CONTACTED: "act", LeadStatus.CONVERTED: "ok"}


def _with_next_step(rows: QuerySet[Lead], _reading: Reading) -> QuerySet[Lead]:
    found: QuerySet[Lead] = queries.with_earliest_step(rows, "lead")
    return found


def _status(lead: Row, writing: Writing) -> str:
    label = writing.words.get(lead.status) or writing.words.setdefault(lead.status, escape(lead.get_status_display()))
    since = f' <small class="nowrap">{waiting(lead.captured_at)}</small>' if lead.status == LeadStatus.NEW else ""
    return f'<span class="tag {TONES.get(lead.status, "")}">{label}</span>{since}'


COLUMNS = (
    Column(
        "name",
        gettext_lazy("Lead"),
        value=lambda lead: lead.name,
        cell=lambda lead, _writing: link(lead, lead.name, lead.company),
        sort="name",
    ),
    Column("status", gettext_lazy("Status"), lambda lead: lead.get_status_display(), _status),
    Column("source", gettext_lazy("Source"), lambda lead: lead.source, lambda lead, _writing: bdi(lead.source)),
    Column(
        "captured_at",
        gettext_lazy("Came in"),
        value=lambda lead: lead.captured_at,
        cell=lambda lead, writing: day(lead.captured_at, writing),
        sort="recent",
    ),
    Column(
        "next_step",
        gettext_lazy("Next step"),
        value=lambda lead: lead.next_what,
        cell=next_step,
        prepare=_with_next_step,
    ),
)
