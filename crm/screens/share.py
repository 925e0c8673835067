"""What somebody brought about this week, beside the same days of the own last week. Nobody else's figures, no ranks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from crm.models import Change, ChangeField, Lead, Opportunity, StageKind
from l10n import calendars, formats
from members.models import User
from tenants import schema

WEEK = timedelta(7)


@dataclass(frozen=True)
class Span:
    """From the first day of the week up to a moment of it."""

    first: date
    until: datetime

    @property
    def began(self) -> datetime:
        return datetime.combine(self.first, time.min, tzinfo=self.until.tzinfo)


@dataclass(frozen=True)
class Figure:
    label: str
    now: str
    before: str
    tone: str


@dataclass(frozen=True)
class Done:
    answered: int
    moved: int
    won: int
    amount: Decimal


def share_screen(user: User, today: date, now: datetime) -> list[Figure]:
    """Leads answered, deals moved, deals won and their sum; this week so far and last week up to the same hour."""
    local = now.astimezone(schema.current_tenant().zone)
    first = calendars.week_start(today)
    this, last = done(user, Span(first, local)), done(user, Span(first - WEEK, local - WEEK))
    return [
        _figure(_("Leads answered"), this.answered, last.answered),
        _figure(_("Deals moved"), this.moved, last.moved),
        _figure(_("Deals won"), this.won, last.won),
        Figure(
            _("Amount won"),
            formats.money_short(this.amount),
            formats.money_short(last.amount),
            _tone(this.amount, last.amount),
        ),
    ]


def done(user: User, span: Span) -> Done:
    within = (span.began, span.until)
    moves = Change.objects.filter(by=user, field=ChangeField.STAGE, at__range=within).order_by()
    won = Opportunity.objects.filter(
        owner=user, stage__kind=StageKind.WON, closed_on__range=(span.first, span.until.date())
    )
    sums = won.order_by().aggregate(count=Count("pk"), amount=Sum("amount"))
    return Done(
        answered=Lead.objects.filter(Q(owner=user), first_response_at__range=within).count(),
        moved=moves.values("opportunity").distinct().count(),
        won=sums["count"],
        amount=sums["amount"] or Decimal(0),
    )


def _figure(label: str, now: int, before: int) -> Figure:
    return Figure(label, formats.num(now), formats.num(before), _tone(now, before))


def _tone(now: Decimal | int, before: Decimal | int) -> str:
    return "up" if now > before else "down" if now < before else ""
