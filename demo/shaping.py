"""How a firm shapes its records: own fields with values, marks on fields, saved views, rest, a hand-over."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from charter.models import KeyDecision
from crm.fields import custom, marks
from crm.lists import saved, specs
from crm.models import Customer, CustomField, Lead, Opportunity
from crm.services import customer as customers
from crm.services import handover, snooze
from crm.services import lead as leads
from crm.services import opportunity as opportunities
from demo.world import World

BASE = {"IRR": 10_000_000, "USD": 1}
CHANGES: dict[str, Any] = {
    "customer": customers.change,
    "lead": leads.change,
    "opportunity": opportunities.change,
}


def lay_fields(world: World) -> None:
    """The fields of the firm's own, by the admin, on the first morning."""
    decisions = {decision.slot: decision for decision in KeyDecision.objects.all()}
    for row in world.story["own_fields"]:
        world.own_fields[row["label"]] = custom.add(
            entity=row["entity"],
            label=row["label"],
            kind=row["kind"],
            serves=decisions[row["serves"]],
            by=world.people["admin"],
            reason=row["reason"],
            choices=row.get("choices", ()),
        )
    for customer in world.customers:
        fill(world, "customer", customer, world.first_day)


def fill(world: World, entity: str, record: Customer | Lead | Opportunity, day: date) -> None:
    """Puts in what the owner happens to know."""
    told = [row for row in world.story["own_fields"] if row["entity"] == entity]
    known = [row for row in told if world.aside.random() < row["share"]]
    live = {label: field for label, field in world.own_fields.items() if field.slot is not None}
    values = {live[row["label"]].name: _value(world, row, day) for row in known if row["label"] in live}
    if values:
        CHANGES[entity](record, by=record.owner or world.people["manager"], values=values)


def _value(world: World, row: dict[str, Any], day: date) -> Any:
    chance = world.aside
    if row["kind"] == "choice":
        return chance.choice(row["choices"])
    if row["kind"] == "text":
        return chance.choice(row["texts"])
    if row["kind"] == "yes_no":
        return chance.random() < 0.8
    number = chance.randint(row["low"], row["high"])
    if row["kind"] == "date":
        return world.workday(day + timedelta(number))
    return Decimal(number) * BASE[world.tenant.currency] if row["kind"] == "money" else Decimal(number // 100 * 100)


def working_day(world: World, day: date) -> None:
    """The day on which somebody marks a field, and the one on which the admin hears it."""
    number = (day - world.first_day).days
    with world.moment(world.at(day, 13, 30)):
        for row in world.story["marks"]:
            if row["after"] <= number and row["field"] not in world.marked:
                _mark(world, row)
        for row in world.story["own_fields"]:
            if "retired_after" in row and number >= row["retired_after"]:
                _retire(world, row)


def _mark(world: World, row: dict[str, Any]) -> None:
    world.marked.add(row["field"])
    field: CustomField = world.own_fields[row["field"]]
    for key in row["by"]:
        marks.toggle(entity=row["entity"], field=field.name, kind=row["kind"], by=world.people[key], note=row["note"])


def _retire(world: World, row: dict[str, Any]) -> None:
    field = world.own_fields[row["label"]]
    if field.slot is not None:
        custom.retire(field, by=world.people["admin"], reason=row["retired_because"])


def hand_over_due(world: World, day: date) -> None:
    """The service of one rep's customers goes to another, with a note."""
    told = world.story["handover"]
    if day != world.workday(world.today - timedelta(told["days_ago"])):
        return
    with world.moment(world.at(day, 14)):
        handover.hand_over(
            giver=world.people[told["giver"]],
            taker=world.people[told["taker"]],
            by=world.people["manager2"],
            parts=[handover.Part(part) for part in told["parts"]],
            note=told["note"],
        )


def last_touches(world: World) -> None:
    """Saved views, and two deals of the rep that rest until a day."""
    with world.moment(world.now):
        for row in world.story["views"]:
            saved.save(
                specs.spec_of(row["list"]),
                name=row["name"],
                query=row["query"],
                shared=row.get("shared", False),
                by=world.people[row["by"]],
            )
        told = world.story["snooze"]
        for deal, days, because in zip(_restful(world), told["days"], told["because"], strict=False):
            until = world.workday(world.today + timedelta(days))
            snooze.snooze(deal, until=until, because=because, by=world.people["rep"], today=world.today)


def _restful(world: World) -> Iterator[Opportunity]:
    yield from Opportunity.objects.filter(owner=world.people["rep"], is_open=True).order_by("last_interaction_on", "pk")
