"""After the sale: complaints and requests come in, are talked about, finished, rated, and sometimes opened again."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crm.care import services
from crm.models import CaseKind, CaseState, Customer, Opportunity, StageKind
from crm.services import attachment as attachments
from demo.world import CasePlan, World
from members.models import User

LATELY = 16
SERVED, BY_SOMEBODY_ELSE = 0.75, 0.5
LAST_MINUTE = timedelta(minutes=11)


def give_service_owners(world: World) -> None:
    """Most customers have somebody who looks after them when the sale is made; often not who sold."""
    helpers = [world.people["rep2"], world.people["rep4"]]
    for customer in world.customers:
        if world.aside.random() < SERVED:
            customer.service_owner = (
                world.aside.choice(helpers) if world.aside.random() < BY_SOMEBODY_ELSE else customer.owner
            )
            customer.save(update_fields=["service_owner"])


def working_day(world: World, day: date) -> None:
    """At noon, so that nothing of it falls between what the reps do for their sales."""
    for minute, work in enumerate(_work(world, day)):
        moment = world.at(day, 12) + timedelta(minutes=3 * minute)
        if moment >= world.now:
            return
        with world.moment(moment):
            work()


def arrive_today(world: World) -> None:
    """What a visitor finds: the rep has one complaint that is due today and one that is late."""
    rep = world.people["rep"]
    known = {customer.pk: customer for customer in [*_buyers(), *world.customers] if customer.owner_id == rep.pk}
    for number, (days_ago, customer) in enumerate(zip((1, 4), known.values(), strict=False)):
        came = world.workday(world.today - timedelta(days_ago))
        with world.moment(min(world.at(came, 9, 20), world.now - LAST_MINUTE)):
            subject, _outcome = world.story["care"]["complaints"][number]
            services.take_in(
                customer=customer,
                kind=CaseKind.COMPLAINT,
                subject=subject,
                by=rep,
                today=came,
                owner=rep,
                due_on=world.today - timedelta(number),
            )


def _work(world: World, day: date) -> Iterator[Any]:
    for plan in [plan for plan in world.cases if plan.verbs and plan.on <= day]:
        yield partial(_go_on, world, plan, day)
    if world.aside.random() < world.story["care"]["per_day"]:
        yield partial(_take_in, world, day)


def _take_in(world: World, day: date) -> None:
    told = world.story["care"]
    complains = world.aside.random() < 0.6
    subject, outcome = world.aside.choice(told["complaints" if complains else "requests"])
    customer = world.aside.choice(_buyers() or world.customers)
    customer.refresh_from_db()
    case = services.take_in(
        customer=customer,
        kind=CaseKind.COMPLAINT if complains else CaseKind.REQUEST,
        subject=subject,
        by=customer.owner or world.people["rep"],
        today=day,
    )
    verbs = ["note", *(["wait"] if world.aside.random() < 0.3 else []), "finish"]
    verbs += ["reopen", "finish"] if world.aside.random() < 0.12 else []
    verbs += ["rate"] if world.aside.random() < 0.7 else []
    # Some are forgotten for a while.
    forgotten = world.aside.random() < 0.15 and (world.today - day).days < LATELY
    verbs = verbs[: world.aside.choice((0, 1))] if forgotten else verbs
    world.cases.append(CasePlan(case, outcome, verbs, world.workday(day + timedelta(world.aside.choice((0, 0, 1))))))


def _buyers() -> list[Customer]:
    won = Opportunity.objects.filter(stage__kind=StageKind.WON, customer__isnull=False)
    return list(Customer.objects.filter(pk__in=won.values("customer")).order_by("pk"))


def _go_on(world: World, plan: CasePlan, day: date) -> None:
    plan.case.refresh_from_db()
    by = plan.case.owner or world.people["manager"]
    {"note": _note, "wait": _wait, "finish": _finish, "reopen": _reopen, "rate": _rate}[plan.verbs.pop(0)](
        world, plan, by
    )
    plan.on = world.workday(day + timedelta(world.aside.choice((1, 1, 1, 2))))


def _note(world: World, plan: CasePlan, by: User) -> None:
    services.note(plan.case, by=by, kind="call", sentence=world.aside.choice(world.story["care"]["notes"]))
    if world.aside.random() < 0.25:
        name, text = world.aside.choice(world.story["care"]["files"])
        attachments.attach([SimpleUploadedFile(name, text.encode())], record=plan.case, by=by)


def _wait(world: World, plan: CasePlan, by: User) -> None:
    services.note(plan.case, by=by, kind="message", sentence=world.aside.choice(world.story["care"]["asked"]))
    services.wait(plan.case, by=by)


def _finish(_world: World, plan: CasePlan, by: User) -> None:
    if plan.case.state != CaseState.DONE:
        services.finish(plan.case, outcome=plan.outcome, by=by)


def _reopen(world: World, plan: CasePlan, by: User) -> None:
    services.reopen(plan.case, because=world.story["care"]["again"], by=by)


def _rate(world: World, plan: CasePlan, by: User) -> None:
    services.rate(plan.case, satisfaction=world.aside.choice((5, 5, 4, 4, 4, 3, 2)), by=by)
