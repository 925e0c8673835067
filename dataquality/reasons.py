"""What is wrong, in one sentence that names the record, and what it feeds."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.fields import asked, asking
from dataquality.models import Rule
from dataquality.rules import ActiveRule

# With the name, for lists of many records …
NAMED: dict[str, StrOrPromise] = {
    Rule.NO_AMOUNT: _("“{name}” has no amount"),
    Rule.NO_CLOSE_DATE: _("“{name}” has no expected close"),
    Rule.NO_CUSTOMER: _("“{name}” has no customer"),
    Rule.NO_OWNER: _("“{name}” has no owner"),
    Rule.NO_DECIDER: _("We do not know who decides on “{name}”"),
    Rule.CLOSE_PAST: _("The expected close of “{name}” is past"),
    Rule.STALE: _("“{name}” has been quiet for too long"),
    Rule.NO_NEXT_STEP: _("“{name}” has no next step"),
    Rule.STEP_OVERDUE: _("The next step of “{name}” is late"),
    Rule.LEAD_NO_WAY: _("“{name}” cannot be reached: no phone, no e-mail"),
    Rule.LEAD_NO_SOURCE: _("We do not know how “{name}” found us"),
    Rule.LEAD_UNANSWERED: _("“{name}” has had no answer yet"),
    Rule.CUSTOMER_NO_PHONE: _("“{name}” has no phone number"),
}
# … and without it, where the page is the record's own.
PLAIN: dict[str, StrOrPromise] = {
    Rule.NO_AMOUNT: _("There is no amount"),
    Rule.NO_CLOSE_DATE: _("There is no expected close"),
    Rule.NO_CUSTOMER: _("There is no customer"),
    Rule.NO_OWNER: _("There is no owner"),
    Rule.NO_DECIDER: _("We do not know who decides"),
    Rule.CLOSE_PAST: _("The expected close is past"),
    Rule.STALE: _("It has been quiet here for too long"),
    Rule.NO_NEXT_STEP: _("There is no next step"),
    Rule.STEP_OVERDUE: _("The next step is late"),
    Rule.LEAD_NO_WAY: _("No phone and no e-mail: nobody can reach them"),
    Rule.LEAD_NO_SOURCE: _("We do not know how they found us"),
    Rule.LEAD_UNANSWERED: _("Nobody has answered yet"),
    Rule.CUSTOMER_NO_PHONE: _("There is no phone number"),
}


def named(rule: ActiveRule, record: Any) -> SafeString:
    if rule.rows:
        bold = format_html("<bdi>{}</bdi>", str(record))
        return format_html(gettext("“{name}” lacks: {fields}"), name=bold, fields=_lacking(rule, record))
    return format_html(str(NAMED[rule.name]), name=format_html("<bdi>{}</bdi>", str(record)))


def plain(rule: ActiveRule, record: Any) -> str:
    if rule.rows:
        return gettext("Still missing: {fields}").format(fields=_lacking(rule, record))
    return str(PLAIN[rule.name])


def _lacking(rule: ActiveRule, record: Any) -> str:
    names = [row.field for row in rule.rows if asked.counts(row, record) and asked.is_empty(record, row.field)]
    return gettext(", ").join(asking.label(rule.definition.entity, name) for name in names)
