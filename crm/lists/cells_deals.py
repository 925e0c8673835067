"""Columns of the list of deals that are more than a field."""

from typing import Any

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import queries
from crm.lists.columns import NOTHING, Column, Reading, Row, Writing, day, due_day, joined, link, next_step, tag
from crm.models import Opportunity, StageKind
from l10n import formats

TONES = {StageKind.OPEN: "act", StageKind.WON: "ok", StageKind.LOST: "bad"}


def _with_next_step(rows: QuerySet[Any], _reading: Reading) -> QuerySet[Any]:
    return queries.with_next_step(rows)


def _with_quiet_days(rows: QuerySet[Opportunity], reading: Reading) -> QuerySet[Opportunity]:
    return queries.with_quiet_days(rows.select_related("stage"), reading.today)


def _title(deal: Row, _writing: Writing) -> str:
    return link(deal, deal.title, deal.customer.name if deal.customer else "")


def _close(deal: Row, writing: Writing) -> str:
    return due_day(deal.expected_close, writing) if deal.is_open else day(deal.closed_on, writing)


def _next_step(deal: Row, writing: Writing) -> str:
    if deal.is_open and not deal.next_what:
        none = writing.words.get("none") or writing.words.setdefault("none", escape(_("none")))
        return f'<span class="tag">{none}</span>'
    return next_step(deal, writing)


def _quiet(deal: Row, _writing: Writing) -> str:
    if deal.quiet_days is None:
        return NOTHING
    shown = formats.days(deal.quiet_days)
    is_stale = deal.is_open and deal.quiet_days > deal.stage.stale_after
    return f'<span class="tag bad">{shown}</span>' if is_stale else shown


COLUMNS = (
    Column(
        "title",
        gettext_lazy("Deal"),
        value=lambda deal: deal.title,
        cell=_title,
        sort="title",
        prepare=joined("customer"),
    ),
    Column(
        "stage",
        gettext_lazy("Stage"),
        value=lambda deal: deal.stage.name,
        cell=lambda deal, _writing: tag(deal.stage.name, TONES[deal.stage.kind]),
        prepare=joined("stage"),
    ),
    Column(
        "amount",
        gettext_lazy("Amount"),
        value=lambda deal: deal.amount,
        cell=lambda deal, _writing: NOTHING if deal.amount is None else formats.money_short(deal.amount),
        sort="amount",
        end=True,
    ),
    Column(
        "expected_close",
        gettext_lazy("Expected close"),
        value=lambda deal: deal.expected_close,
        cell=_close,
        sort="close",
    ),
    Column(
        "next_step",
        gettext_lazy("Next step"),
        value=lambda deal: deal.next_what,
        cell=_next_step,
        prepare=_with_next_step,
    ),
    Column(
        "quiet",
        gettext_lazy("Quiet for"),
        value=lambda deal: deal.quiet_days,
        cell=_quiet,
        end=True,
        prepare=_with_quiet_days,
    ),
    Column(
        "closed_on",
        gettext_lazy("Closed"),
        value=lambda deal: deal.closed_on,
        cell=lambda deal, writing: day(deal.closed_on, writing),
    ),
    Column(
        "lost_reason",
        gettext_lazy("Reason for losing"),
        value=lambda deal: deal.lost_reason,
        cell=lambda deal, _writing: f"<bdi>{escape(deal.lost_reason)}</bdi>" if deal.lost_reason else NOTHING,
    ),
)
