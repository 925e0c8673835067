"""The first morning of a demo firm: workspace, people, teams, customers and the persons there."""

from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from crm.models import Customer, Stage
from crm.services import contact as contacts
from crm.services import customer as customers
from demo.story import PASSWORD, Story
from demo.world import World
from members.models import Role, Team, User
from members.services.people import change_person
from members.services.teams import create_team
from rituals.models import Meeting, Ritual
from rituals.services import schedule
from tenants import clock
from tenants.services.provisioning import create_workspace

DAYS = 90
RIVERSIDE_CUSTOMERS = 45


def found(story: Story, *, now: datetime, days: int = DAYS) -> World:
    """Makes the workspace as it was that many days ago. Call it in the public schema."""
    with clock.stopped_at(now - timedelta(days=days)):
        tenant = create_workspace(
            name=story.firm["name"],
            address=story.address,
            language=story.firm["language"],
            calendar=story.firm["calendar"],
            currency=story.firm["currency"],
            playbook=story.firm["playbook"],
            timezone=story.firm["timezone"],
            admin_name=next(row["name"] for row in story["people"] if row["key"] == "admin"),
            admin_email=story.email("admin"),
            password_hash=make_password(PASSWORD),
        )
    today = now.astimezone(tenant.zone).date()
    # The seed is the story's own: the same firm on every run of the same day.
    world = World(
        story, tenant, Random(story.address), Random(f"{story.address} aside"), now, today - timedelta(days=days)
    )
    with world.moment(world.at(world.first_day, 8)):
        _people(world)
        _rituals(world)
        world.stages = list(Stage.objects.order_by("position"))
        _customers(world)
    return world


def _people(world: World) -> None:
    admin = User.objects.get(email=world.story.email("admin"))
    teams: dict[str, Team] = {}
    for row in world.story["people"]:
        person = admin
        if row["key"] != "admin":
            # The admin's hash for everybody: sixteen times Argon2 would be most of the loading time.
            person = User.objects.create(
                email=world.story.email(row["key"]), name=row["name"], role=row["role"], password=admin.password
            )
        if name := row.get("team"):
            if name not in teams:
                teams[name] = create_team(name=name, lead=person, by=admin)
            change_person(person=person, role=Role(person.role), team=teams[name], by=admin)
        world.people[row["key"]] = person
        world.diligence[person.pk] = row.get("diligence", 1.0)


def _rituals(world: World) -> None:
    """The manager leads; the pipeline review falls on the coming working day, so that a visitor can run one at once."""
    Meeting.objects.all().delete()
    meeting_day = world.workday(world.today).weekday()
    for ritual in Ritual.objects.all():
        ritual.facilitator = world.people["executive" if ritual.monthly else "manager"]
        ritual.weekday = meeting_day if not ritual.monthly else world.workday(world.today + timedelta(1)).weekday()
        ritual.save(update_fields=["facilitator", "weekday"])
        ritual.members.set(world.people.values())
    schedule.ensure_upcoming(today=world.first_day)


def _customers(world: World) -> None:
    for name, sector, city in _customer_rows(world):
        owner = world.chance.choice(world.reps)
        customer = customers.create(
            name=name,
            by=owner,
            owner=owner,
            sector=sector,
            city=city,
            phone=_phone(world) if world.chance.random() < 0.8 else "",
        )
        _contacts(world, customer)
        world.customers.append(customer)


def _customer_rows(world: World) -> list[tuple[str, str, str]]:
    told = world.story["customers"]
    if "rows" in told:
        return [(name, sector, city) for name, sector, city in told["rows"]]
    names = world.story["contacts"]
    pairs = [f"{first} {last}" for first in names["first"] for last in names["last"]]
    chosen = world.chance.sample(pairs, RIVERSIDE_CUSTOMERS)
    return [(name, told["sector"], world.chance.choice(told["towns"])) for name in chosen]


def _contacts(world: World, customer: Customer) -> None:
    told = world.story["contacts"]
    knows_who_decides = world.chance.random() < 0.9
    for number in range(world.chance.choice((1, 1, 2, 2, 3)) if world.story.long_cycle else 1):
        decides = number == 0 and knows_who_decides
        title = world.chance.choice(told["deciding"] if decides else told["titles"])
        name = f"{world.chance.choice(told['first'])} {world.chance.choice(told['last'])}"
        person = contacts.create(
            customer=customer,
            name=name if world.story.long_cycle else customer.name,
            title=title,
            phone=_phone(world),
            decides=decides,
        )
        world.contacts.setdefault(customer.pk, []).append(person)


def _phone(world: World) -> str:
    if world.story.firm["language"] == "fa":
        return f"+98912{world.chance.randrange(10**6, 10**7)}"
    return f"+1914555{world.chance.randrange(100, 10_000):04}"[:12]
