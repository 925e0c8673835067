"""Makes a demo firm: ninety days of history, lived through the services one day after the other."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from crm.models import NextStep, Opportunity
from crm.services import next_step as next_steps
from dataquality.services.scoring import score_tenant
from demo import caring, meetings, objectives, reviews, selling, shaping
from demo.founding import DAYS, found
from demo.story import read
from demo.world import World
from rituals.models import Meeting, MeetingState, RitualKind
from rituals.services import meeting as meeting_service
from rituals.services import schedule
from tenants import clock
from tenants.context import inside
from tenants.models import NightlyRun, Tenant

# The trend line shows a fortnight of nights; before that one night a week is enough.
EVERY_NIGHT_FOR = 14
JOB = "demo"
Say = Callable[[str], None]


def load(address: str, *, now: datetime, days: int = DAYS, say: Say = lambda _line: None) -> Tenant:
    """Makes one firm. Call it in the public schema. The same `now` gives the same firm.

    The history is one transaction, and a run without an end marks a firm whose making was stopped (see `is_whole`).
    Raises AddressRefused if the firm is there already.
    """
    with transaction.atomic():
        world = found(read(address), now=now, days=days)
        run = NightlyRun.objects.create(tenant=world.tenant, job=JOB, local_day=world.today, sent_at=now)
    with transaction.atomic():
        with inside(world.tenant):
            _live_all(world, say)
        NightlyRun.objects.filter(pk=run.pk).update(finished_at=clock.now())
    return world.tenant


def is_whole(tenant: Tenant) -> bool:
    """False for a demo firm whose making was stopped half-way."""
    return not NightlyRun.objects.filter(tenant=tenant, job=JOB, finished_at=None).exists()


def _live_all(world: World, say: Say) -> None:
    days = [world.first_day + timedelta(days=n) for n in range((world.today - world.first_day).days + 1)]
    opening, _end = objectives.season(world)
    with world.moment(world.at(world.first_day, 8, 15)):
        caring.give_service_owners(world)
        shaping.lay_fields(world)
    for number, day in enumerate(days):
        if day == max(opening, world.first_day):
            objectives.set_up(world)
        live(world, day)
        if number % 15 == 0:
            say(f"{world.story.address}: {number * 100 // len(days)} %")
    _last_touches(world)


def live(world: World, day: date) -> None:
    """One night and one day of the firm."""
    night = world.at(day, 2)
    if night < world.now:
        with world.moment(night):
            if (world.today - day).days <= EVERY_NIGHT_FOR or day.weekday() == 0:
                score_tenant(today=day)
            _rituals_of_the_night(day)
    meetings.hold_due(world, day)
    objectives.check_in_due(world, day)
    if world.works(day):
        reviews.write_due(world, day)
        selling.working_day(world, day)
        caring.working_day(world, day)
        shaping.working_day(world, day)
        shaping.hand_over_due(world, day)


def _rituals_of_the_night(day: date) -> None:
    """What `rituals.services.nightly` does, without bringing each agenda up to date on the two nights that follow."""
    if day.weekday() == 0:
        schedule.ensure_upcoming(today=day)
    if Meeting.objects.filter(original_day=day + timedelta(schedule.DAYS_AHEAD), state=MeetingState.SCHEDULED).exists():
        schedule.prepare_due(now=clock.now())


def _last_touches(world: World) -> None:
    """What a visitor finds on arrival: steps due for the rep, and an agenda for both coming meetings."""
    rep = world.people["rep"]
    open_step = NextStep.objects.filter(opportunity=OuterRef("pk"), done_at=None, dropped_at=None)
    own = Opportunity.objects.filter(owner=rep, is_open=True).annotate(has_step=Exists(open_step))
    texts = world.story["steps"]["proposal"]
    for days_ago, deal in zip((0, 3, 0, 2, 0), own.order_by("has_step", "pk"), strict=False):
        planned = world.workday(world.today - timedelta(days=days_ago + 4))
        with world.moment(world.at(planned, 15)):
            due_on = world.today - timedelta(days=days_ago)
            next_steps.plan(what=world.chance.choice(texts), due_on=due_on, owner=rep, by=rep, opportunity=deal)
    _help_of_the_manager(world)
    caring.arrive_today(world)
    shaping.last_touches(world)
    selling.let_clocks_run(world)
    selling.ring_now(world)
    with world.moment(world.now):
        for kind in RitualKind:
            coming = Meeting.objects.filter(ritual__kind=kind, state__in=MeetingState.before()).order_by("starts_at")
            if meeting := coming.first():
                meeting_service.prepare(meeting, today=world.today)


def _help_of_the_manager(world: World) -> None:
    """The manager stepped in on the largest deals, and has a call or two due for it."""
    manager = world.people["manager"]
    largest = Opportunity.objects.filter(is_open=True, amount__isnull=False).order_by("-amount", "pk")[:3]
    yesterday = world.workday(world.today - timedelta(days=5))
    for days, deal in zip((0, 0, 2), largest, strict=False):
        with world.moment(world.at(yesterday, 16)):
            what = world.chance.choice(world.story["steps"]["negotiation"])
            due_on = world.workday(world.today + timedelta(days=days))
            next_steps.plan(what=what, due_on=due_on, owner=manager, by=manager, opportunity=deal)
