"""Meetings as they were held: promises answered, items settled, decisions applied to the deals, closed; one skipped."""

from datetime import date, timedelta

from demo.world import World
from members.models import User
from rituals import queries
from rituals.models import ActionAnswer, ActionAppearance, AgendaItem, DecisionKind, ItemKind, Meeting, MeetingState
from rituals.services import action as actions
from rituals.services import decision as decisions
from rituals.services import meeting as meetings
from rituals.services import outcome
from rituals.services.gate import AT_MOST_CORRECTIVES

# How the items of a weekly review end, out of a hundred.
OUTCOMES = {
    "new_plan": 40, "change_forecast": 18, "help": 8, "change_owner": 6, "drop": 10, "defer": 6, "delegate": 5,
    "no_decision": 7,
}  # fmt: skip
SKIPPED_BEFORE = timedelta(days=38)


def hold_due(world: World, day: date) -> None:
    """Holds the meetings of a past day. Those of the present day wait for the visitor."""
    if day >= world.today:
        return
    for meeting in Meeting.objects.filter(original_day=day, state__in=MeetingState.before()).order_by("starts_at"):
        if not meeting.ritual.monthly and _is_the_skipped_one(world, day):
            with world.moment(meeting.starts_at - timedelta(hours=20)):
                meetings.skip(meeting, reason=world.story["decisions"]["skipped"], by=world.people["manager"])
        else:
            _hold(world, meeting, day)


def _is_the_skipped_one(world: World, day: date) -> bool:
    back = world.today - day
    return SKIPPED_BEFORE <= back < SKIPPED_BEFORE + timedelta(days=7)


def _hold(world: World, meeting: Meeting, day: date) -> None:
    leader = meeting.facilitator
    begin = meeting.starts_at + timedelta(minutes=world.chance.choice((0, 2, 3, 7)))
    with world.moment(begin):
        present = [person for person in world.people.values() if world.chance.random() < 0.85 or person == leader]
        meetings.start(meeting, present=present, by=leader, today=day)
    minute = 1
    for appearance in queries.unanswered(meeting).select_related("action"):
        minute += 1
        with world.moment(begin + timedelta(minutes=minute)):
            _answer(world, appearance, leader, day)
    for item in list(meeting.items.filter(outcome="").exclude(kind=ItemKind.REST).order_by("position")):
        minute += world.chance.randint(2, 5)
        with world.moment(begin + timedelta(minutes=minute)):
            _settle(world, item, leader, day)
    with world.moment(begin + timedelta(minutes=minute + 2)):
        meetings.end(meeting, by=leader)
        _close(world, meeting, leader)


def _answer(world: World, appearance: ActionAppearance, by: User, day: date) -> None:
    told = world.story["decisions"]
    chance = world.chance.random()
    if chance < 0.68:
        actions.answer(appearance, answer=ActionAnswer.DONE, by=by, today=day)
    elif chance < 0.9:
        later = world.workday(day + timedelta(days=world.chance.randint(4, 8)))
        reason = world.chance.choice(told["still_open"])
        actions.answer(appearance, answer=ActionAnswer.STILL_OPEN, by=by, today=day, new_due_on=later, reason=reason)
    else:
        reason = world.chance.choice(told["dropped_action"])
        actions.answer(appearance, answer=ActionAnswer.DROPPED, by=by, today=day, reason=reason)


def _settle(world: World, item: AgendaItem, by: User, day: date) -> None:
    if not item.needs_decision:
        if item.kind != ItemKind.ACTIONS:
            outcome.mark_seen(item, by=by)
    elif item.kind == ItemKind.KEY_RESULT:
        _correct(world, item, by, day)
    elif item.opportunity is None or not item.opportunity.is_open:
        _no_decision(world, item, by)
    else:
        _settle_deal(world, item, by, day)


def _settle_deal(world: World, item: AgendaItem, by: User, day: date) -> None:
    told = world.story["decisions"]
    way = world.chance.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]
    following = world.workday(day + timedelta(days=world.chance.randint(3, 9)))
    if way == "defer" and item.times_deferred < outcome.AT_MOST_DEFERRED:
        outcome.defer(item, reason=world.chance.choice(told["defer"]), by=by, today=day)
    elif way == "delegate":
        reason = world.chance.choice(told["delegate"])
        outcome.delegate(item, to=world.chance.choice(world.reps), until=following, by=by, today=day, reason=reason)
    elif way in ("no_decision", "defer"):
        _no_decision(world, item, by)
    else:
        _decide(world, item, DecisionKind(way), by, day, following)


def _decide(world: World, item: AgendaItem, kind: DecisionKind, by: User, day: date, due_on: date) -> None:
    deal = item.opportunity
    assert deal is not None
    told = world.story["decisions"]
    text, expected = world.chance.choice(told[kind.value])
    others = [rep for rep in world.reps if rep.pk != deal.owner_id]
    later = world.workday(max(deal.expected_close or day, day) + timedelta(days=world.chance.randint(12, 30)))
    decisions.decide_on_deal(
        item=item,
        kind=kind,
        text=text,
        by=by,
        today=day,
        expected=expected,
        due_on=due_on if kind in (DecisionKind.NEW_PLAN, DecisionKind.HELP) else None,
        new_owner=world.chance.choice(others) if kind == DecisionKind.CHANGE_OWNER else None,
        new_close=later if kind == DecisionKind.CHANGE_FORECAST else None,
        lost_reason=world.chance.choice(world.story["deals"]["lost"]) if kind == DecisionKind.DROP else "",
        review_on=due_on + timedelta(days=world.chance.choice((7, 10, 14, 21))),
    )
    _wake(world, deal.pk, kind, due_on)


def _wake(world: World, deal_id: int, kind: DecisionKind, due_on: date) -> None:
    """A plan brings a sleeping deal back to its owner's desk, and now and then to a good end."""
    plan = next((plan for plan in world.deals if plan.deal.pk == deal_id), None)
    if plan is None or kind == DecisionKind.DROP:
        return
    plan.touch_on = due_on
    if world.chance.random() < 0.5:
        plan.fate = world.chance.choice(("won", "won", "steady", "lost"))


def _no_decision(world: World, item: AgendaItem, by: User) -> None:
    code, reason = world.chance.choice(world.story["decisions"]["no_decision"])
    outcome.no_decision(item, code=code, reason=reason, by=by)


def _correct(world: World, item: AgendaItem, by: User, day: date) -> None:
    told = world.story["okr"]["corrective"]
    if queries.correctives(item.meeting).count() >= min(1, AT_MOST_CORRECTIVES) or item.key_result is None:
        _no_decision(world, item, by)
        return
    decisions.decide_corrective(
        item=item,
        cause=told["cause"],
        text=told["text"],
        expected=told["expected"],
        owner=item.key_result.owner,
        due_on=world.workday(day + timedelta(days=14)),
        by=by,
        today=day,
    )


def _close(world: World, meeting: Meeting, by: User) -> None:
    code, reason = world.story["decisions"]["no_decision"][0]
    if meeting.decisions.exists():
        code = reason = ""
    meetings.close(meeting, by=by, no_decision_code=code, no_decision_reason=reason)
