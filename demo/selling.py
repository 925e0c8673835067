"""A working day of the reps: answer leads, open deals, talk, plan, move stages, push dates, win, lose, or forget."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from crm.intake import clocks, conversion
from crm.models import Customer, Lead, LeadStatus, NextStep, Opportunity, Stage, StageKind
from crm.services import interaction as interactions
from crm.services import lead as leads
from crm.services import next_step as next_steps
from crm.services import opportunity as opportunities
from demo import shaping
from demo.world import DealPlan, LeadPlan, World

FATES = ("won", "won", "won", "lost", "lost", "drags", "drags", "stalls", "stalls", "steady")
KINDS = ("call", "call", "call", "message", "message", "meeting", "visit", "email")
BASE = {"IRR": 10_000_000, "USD": 1_000}
ROUND = {"IRR": 50_000_000, "USD": 100}
MOST_PUSHES = 5
PATIENCE = timedelta(days=7)
Work = Callable[[], None]


def working_day(world: World, day: date) -> None:
    """Everything the reps do on `day`, minutes apart; on the present day only what lies before now."""
    minute = 0
    for work in _work(world, day):
        minute += world.chance.randint(2, 9)
        moment = world.at(day, 8, 30) + timedelta(minutes=minute)
        if moment >= world.now:
            return
        with world.moment(moment):
            work()


def _work(world: World, day: date) -> Iterator[Work]:
    backlog = (day - world.first_day).days < 7
    for _n in range(_count(world, backlog, early=4, later=0.45) if world.story.long_cycle else int(backlog) * 3):
        yield partial(_open_deal, world, day)
    for _n in range(_count(world, backlog=False, early=0, later=0.45 if world.story.long_cycle else 2.2)):
        yield partial(_receive_lead, world, day)
    for lead in [plan for plan in world.leads if plan.answer_on and plan.answer_on <= day]:
        yield partial(_answer, world, lead, day)
    for deal in [plan for plan in world.deals if plan.touch_on <= day]:
        yield partial(_touch, world, deal, day)


def _count(world: World, backlog: bool, *, early: int, later: float) -> int:
    """How many of something happen on a day, `later` on average once the backlog is in."""
    if backlog:
        return early
    return int(later) + (world.chance.random() < later % 1)


def _open_deal(world: World, day: date, customer: Customer | None = None) -> None:
    customer = customer or world.chance.choice(world.customers)
    owner = customer.owner or world.chance.choice(world.reps)
    product, low, high = world.chance.choice(world.story["deals"]["products"])
    deal = opportunities.create(
        title=product,
        by=owner,
        today=day,
        customer=customer if world.chance.random() < 0.97 else None,
        amount=_amount(world, low, high) if world.chance.random() < 0.85 else None,
        expected_close=_close_day(world, day) if world.chance.random() < 0.85 else None,
        owner=owner,
    )
    _follow(world, deal, product, day)


def _follow(world: World, deal: Opportunity, product: str, day: date) -> None:
    assert deal.owner is not None
    shaping.fill(world, "opportunity", deal, day)
    pace = world.chance.randint(6, 12) if world.story.long_cycle else world.chance.randint(2, 6)
    people = world.contacts.get(deal.customer_id or 0)
    contact = world.chance.choice(people) if people else None
    world.deals.append(DealPlan(deal, deal.owner, contact, product, world.chance.choice(FATES), pace, day))


def _receive_lead(world: World, day: date) -> None:
    told, names = world.story["leads"], world.story["contacts"]
    owner = world.chance.choice(world.reps)
    reachable = world.chance.random() < 0.93
    lead = leads.create(
        name=f"{world.chance.choice(names['first'])} {world.chance.choice(names['last'])}",
        by=None,
        owner=owner,
        company=world.chance.choice(told["firms"]) if told["firms"] else "",
        phone=_lead_phone(world) if reachable else "",
        source=world.chance.choice(told["sources"]) if world.chance.random() < 0.85 else "",
    )
    shaping.fill(world, "lead", lead, day)
    chance = world.chance.random()
    answered = chance < world.diligence[owner.pk] + 0.1
    product = world.chance.choice(world.story["deals"]["products"])[0]
    answer_on = day + timedelta(days=world.chance.choice((0, 0, 1, 1, 2, 4))) if answered else None
    world.leads.append(LeadPlan(lead, owner, answer_on, chance < 0.42, product))


def let_clocks_run(world: World) -> None:
    """Leads nobody answered for a week were given up one by one; those that are late today are passed on."""
    for lead in Lead.objects.filter(status=LeadStatus.NEW, captured_at__lt=world.now - PATIENCE):
        with world.moment(lead.captured_at + PATIENCE):
            leads.drop(lead, because="")
    with world.moment(world.now):
        clocks.escalate(now=world.now)


def ring_now(world: World) -> None:
    """Three leads of the last hour that nobody has called yet: their clocks run when a visitor arrives."""
    told, names = world.story["leads"], world.story["contacts"]
    for minutes, source in zip((4, 18, 47), told["sources"], strict=False):
        with world.moment(world.now - timedelta(minutes=minutes)):
            leads.create(
                name=f"{world.aside.choice(names['first'])} {world.aside.choice(names['last'])}",
                by=None,
                phone=_lead_phone(world),
                source=source,
            )


def _lead_phone(world: World) -> str:
    if world.story.firm["language"] == "fa":
        return f"+98935{world.chance.randrange(10**6, 10**7)}"
    return f"+1914555{world.chance.randrange(1000, 10_000)}"


def _answer(world: World, plan: LeadPlan, day: date) -> None:
    plan.answer_on = None
    place = world.story["sentences"]["lead"]
    kind = world.chance.choice(list(place))
    following = world.workday(day + timedelta(days=world.chance.randint(1, 4)))
    interactions.log(
        by=plan.owner,
        kind=kind,
        sentence=_fill(world, world.chance.choice(place[kind]), plan.lead.name, plan.product, following),
        lead=plan.lead,
        next_what=world.chance.choice(world.story["steps"]["lead"]) if plan.converts else "",
        next_due_on=following,
    )
    if not plan.converts:
        if world.chance.random() < 0.4:
            leads.drop(plan.lead, because=world.chance.choice(world.story["deals"]["lost"]))
        return
    _convert(world, plan.lead, plan.product, day)


def _convert(world: World, lead: Lead, product: str, day: date) -> None:
    low, high = next((low, high) for name, low, high in world.story["deals"]["products"] if name == product)
    converted = conversion.convert(
        lead,
        by=lead.owner or world.reps[0],
        today=day,
        title=product,
        amount=_amount(world, low, high) if world.chance.random() < 0.8 else None,
        expected_close=_close_day(world, day),
    )
    if converted.contact:
        world.contacts.setdefault(converted.customer.pk, []).append(converted.contact)
    _follow(world, converted.opportunity, product, day + timedelta(days=1))


def _touch(world: World, plan: DealPlan, day: date) -> None:
    """The owner deals with the deal once: talks, ticks off, plans, and moves it along or puts it off."""
    deal = plan.deal
    deal.refresh_from_db()
    if not deal.is_open or deal.owner is None:
        plan.touch_on = date.max
        return
    plan.owner, plan.touches = deal.owner, plan.touches + 1
    careful = world.chance.random() < world.diligence.get(plan.owner.pk, 1.0)
    following = world.workday(day + timedelta(days=plan.pace))
    place = _place(world, deal)
    _tick_off(world, plan)
    quiet = plan.fate == "stalls" and plan.touches > 1
    _log(world, plan, day, "quiet" if quiet else place)
    if careful:
        what = world.chance.choice(world.story["steps"][place])
        next_steps.plan(what=what, due_on=following, owner=plan.owner, by=plan.owner, opportunity=deal)
    _put_off(world, plan, day, careful)
    _move_along(world, plan, day)
    plan.touch_on = date.max if quiet and plan.touches > 3 else following


def _tick_off(world: World, plan: DealPlan) -> None:
    waiting = NextStep.objects.filter(opportunity=plan.deal, done_at=None, dropped_at=None, action=None)
    if (step := waiting.order_by("due_on").first()) and world.chance.random() < 0.9:
        next_steps.complete(step, by=plan.owner)


def _log(world: World, plan: DealPlan, day: date, place: str) -> None:
    told = world.story["sentences"][place]
    kind = world.chance.choice([kind for kind in KINDS if kind in told])
    contact = plan.contact
    name = contact.name if contact else str(plan.deal.customer or plan.deal.title)
    weekday = world.workday(day + timedelta(days=world.chance.randint(1, 5)))
    interactions.log(
        by=plan.owner,
        kind=kind,
        sentence=_fill(world, world.chance.choice(told[kind]), name, plan.product, weekday),
        opportunity=plan.deal,
        contact=contact,
    )


def _put_off(world: World, plan: DealPlan, day: date, careful: bool) -> None:
    """Moves a close date that comes too near. A careless owner lets it pass."""
    deal = plan.deal
    due = deal.expected_close
    drags = plan.fate == "drags" and plan.touches >= 3
    if due is None or deal.push_count >= MOST_PUSHES or not (careful or drags):
        return
    if drags or due <= day + timedelta(days=2):
        later = world.workday(max(due, day) + timedelta(days=world.chance.randint(10, 21)))
        opportunities.change(deal, by=plan.owner, values={"expected_close": later})


def _move_along(world: World, plan: DealPlan, day: date) -> None:
    stops = {"stalls": 1, "drags": 3, "steady": 2}
    open_stages = [stage for stage in world.stages if stage.is_open]
    position = [stage.pk for stage in open_stages].index(plan.deal.stage_id)
    if plan.touches < 2 * (position + 1):
        return
    if position + 1 < len(open_stages):
        if position < stops.get(plan.fate, len(open_stages)):
            _enter(world, plan, open_stages[position + 1], day)
    elif plan.fate in ("won", "lost"):
        kind = StageKind.WON if plan.fate == "won" else StageKind.LOST
        _enter(world, plan, next(stage for stage in world.stages if stage.kind == kind), day)


def _enter(world: World, plan: DealPlan, stage: Stage, day: date) -> None:
    low, high = next((low, high) for name, low, high in world.story["deals"]["products"] if name == plan.product)
    answers: dict[str, Callable[[], object]] = {
        "amount": lambda: _amount(world, low, high),
        "expected_close": lambda: _close_day(world, day),
    }
    opportunities.move(
        plan.deal,
        to=stage,
        by=plan.owner,
        today=day,
        values={name: answers[name]() for name in opportunities.missing_for(plan.deal, stage)},
        lost_reason=world.chance.choice(world.story["deals"]["lost"]) if stage.kind == StageKind.LOST else "",
    )


def _place(world: World, deal: Opportunity) -> str:
    """Where the deal is on its way: the sentences and steps of a story are told by these three."""
    open_stages = [stage.pk for stage in world.stages if stage.is_open]
    from_end = len(open_stages) - open_stages.index(deal.stage_id)
    if from_end == 1:
        return "negotiation"
    return "proposal" if from_end == 2 else "early"


def _fill(world: World, sentence: str, contact: str, product: str, weekday: date) -> str:
    return sentence.format(contact=contact, product=product, week=world.weekday_name(weekday))


def _amount(world: World, low: int, high: int) -> Decimal:
    currency = world.tenant.currency
    exact = world.chance.uniform(low, high) * BASE[currency]
    return Decimal(round(exact / ROUND[currency]) * ROUND[currency])


def _close_day(world: World, day: date) -> date:
    days = world.chance.randint(35, 75) if world.story.long_cycle else world.chance.randint(12, 32)
    return world.workday(day + timedelta(days=days))
