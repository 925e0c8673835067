"""A firm where reps see only their own: nothing of another's records is anywhere, by whatever address.

Each address with an id is asked for a record of Reza's by Sara: it is not found, unless it is named in `OPEN` with the
reason. Each address without one is asked in many ways, and Reza's words and sums are nowhere in the answer. Both lists
are read from the URLs, so a new one is covered without a line here.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import URLPattern, reverse

from api.models import Scope
from crm.models import (
    Attachment,
    BulkEdit,
    Case,
    Contact,
    Customer,
    ImportJob,
    Interaction,
    Lead,
    NextStep,
    Opportunity,
    StageKind,
)
from crm.services import opportunity as opportunities
from members.models import Role, Team, User
from rituals.models import AgendaItem, Decision
from tenants import clock
from tenants.models import Tenant, Visibility
from tests.api.caller import caller
from tests.cast import ClientOf
from tests.factories import crm, rituals
from tests.isolation_objects import OBJECTS
from tests.test_isolation import ADDRESSES, factory_of
from tests.test_urls import path_of, patterns

pytestmark = pytest.mark.django_db

# Typed nowhere by the tests themselves: they search for its beginning.
SECRET, BEGINNING = "Zqxwvkj", "zqxw"
AMOUNT = 98_765_432_109_870
SUMS = ("۹٬۸۷۶٬۵۴۳", "9,876,543", "98765432109870", "9876543210987", "۹٫۹ هزار میلیارد", "۹٫۸۸")
PHONE = "+989127654321"
# What is not anybody's record: seen by all, or its own people decide (then the answer is 403 or 404 anyway).
OPEN = {
    "members:": "people, teams and invitations are the firm's",
    "okr:": "objectives are everybody's",
    "charter:": "key decisions are everybody's",
    "pipeline:column": "a stage is the firm's; its cards are asked for below",
    "crm:field": "fields and their rules are the firm's",
    "crm:own_field": "fields and their rules are the firm's",
    "crm:stage": "stages are the firm's",
    "crm:lost_reason": "reasons are the firm's",
    "crm:category": "categories of leads are the firm's",
    "crm:lead_category": "categories of leads are the firm's",
    "crm:playbook": "playbooks are the firm's",
    "crm:handover": "a hand-over is for who takes it, and the notes with it",
}
VARIANTS: list[dict[str, str]] = [
    {},
    {"q": BEGINNING},
    {"q": BEGINNING, "owner": "all", "state": "all", "status": "all", "kinds": "customer,deal,lead"},
    {"owner": "all", "days": "90", "kind": "lead", "list": "deals"},
    {"owner": "REZA", "kind": "customer", "kinds": "customer"},
]


@pytest.fixture
def own_only(acme: Tenant) -> None:
    acme.visibility = Visibility.OWN
    acme.save(update_fields=["visibility"])


def give_all_to(reza: User) -> None:
    """Whatever there is becomes Reza's and says the secret word."""
    if Decision.objects.filter(opportunity=None).exists():
        Decision.objects.filter(opportunity=None).update(opportunity=crm.make_opportunity())
    for model in (Lead, Customer, Opportunity, Case):
        model.with_binned.update(owner=reza)
    Customer.with_binned.update(name=f"{SECRET} customer", service_owner=None)
    Lead.with_binned.update(name=f"{SECRET} lead", company=f"{SECRET} firm")
    Opportunity.with_binned.update(title=f"{SECRET} deal", amount=AMOUNT)
    Contact.with_binned.update(name=f"{SECRET} contact")
    Case.with_binned.update(subject=f"{SECRET} case")
    NextStep.objects.update(owner=reza, what=f"{SECRET} step")
    Interaction.objects.update(by=reza, sentence=f"{SECRET} sentence")
    Attachment.objects.update(by=reza, name=f"{SECRET}.pdf")
    ImportJob.objects.update(created_by=reza, file_name=f"{SECRET}.csv")
    BulkEdit.objects.update(refused=[[1, f"{SECRET} deal", "no_right", []]])
    Decision.objects.update(owner=reza, decider=reza, recorded_by=reza, text=f"{SECRET} decision")


def leaks(answer: Any, *words: str) -> list[str]:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode(errors="replace")
    return [word for word in (SECRET, PHONE[3:], *SUMS, *words) if word.lower() in text.lower()]


# --- With an id ---------------------------------------------------------------------------------------------------
def is_open(name: str) -> bool:
    return any(name.startswith(start) for start in OPEN)


def rep_may_use(pattern: URLPattern) -> bool:
    return Role.REP in getattr(pattern.callback, "allowed_roles", ())


RECORDS = {name: pattern for name, pattern in ADDRESSES.items() if rep_may_use(pattern)}


@pytest.mark.parametrize("name", RECORDS)
def test_the_record_of_another_is_not_found(
    name: str, own_only: None, client_of: ClientOf, sara: User, reza: User, admin: User
) -> None:
    pattern = RECORDS[name]
    made = OBJECTS[factory_of(name)]()
    give_all_to(reza)
    address = reverse(name, kwargs={key: made[key] for key in pattern.pattern.converters})
    answers = [client_of(sara).get(address), client_of(sara).post(address, made.get("posted", {}))]
    known = [answer for answer in answers if answer.status_code != 405]
    assert [leaks(answer) for answer in known] == [[]] * len(known)
    assert is_open(name) or {answer.status_code for answer in known} == {404}
    # It is there: it is the owner that makes the difference.
    asker = made.get("asker") or admin
    seen = [client_of(asker).get(address), client_of(asker).post(address, made.get("posted", {}))]
    assert next(answer.status_code for answer in seen if answer.status_code != 405) != 404
    for answer in (*answers, *seen):
        answer.close()


# --- Without one --------------------------------------------------------------------------------------------------
def a_world_of(reza: User) -> None:
    """One of each of what a rep works with, with all that hangs on it."""
    crm.make_stages()
    customer = crm.make_customer(owner=reza, phone=PHONE, email="zqxwvkj@example.com")
    contact = crm.make_contact(customer, phone=PHONE)
    today = clock.now().date()
    deal = opportunities.create(title="x", by=reza, today=today, customer=customer, amount=Decimal(AMOUNT), owner=reza)
    won = crm.make_opportunity(customer=customer, stage=crm.a_stage(StageKind.WON))
    lead = crm.make_lead(owner=reza, phone=PHONE, source="site")
    for due in (-3, 0, 2):
        crm.make_next_step(reza, opportunity=deal, due_in=due)
    crm.make_next_step(reza, lead=lead)
    crm.make_interaction(reza, opportunity=deal, customer=customer, contact=contact)
    crm.make_interaction(reza, lead=lead)
    Case.objects.create(
        customer=customer, kind="complaint", subject="x", opened_at=clock.now(), due_on=today, owner=reza
    )
    for made in (crm.make_lead(), crm.make_customer(), crm.make_opportunity(customer=customer)):
        type(made).with_binned.filter(pk=made.pk).update(deleted_at=clock.now(), deleted_by=reza)
    Attachment.objects.create(
        file=ContentFile(b"x", name="x.txt"), name="x", size=1, content_type="text/plain", customer=customer, by=reza
    )
    item = rituals.make_item(opportunity=deal, title=f"{SECRET} item")
    AgendaItem.objects.filter(pk=item.pk).update(facts={"stage": f"{SECRET} stage", "customer": f"{SECRET} c"})
    OBJECTS["crm:import"]()
    rituals.make_decision(reza, opportunity=deal)
    rituals.make_decision(reza, opportunity=won, meeting=item.meeting)
    give_all_to(reza)


def pages() -> Iterator[tuple[str, str]]:
    for name, pattern in patterns(settings.ROOT_URLCONF):
        if not pattern.pattern.converters and rep_may_use(pattern):
            yield name, reverse(name)
    # A stage and the kind of a list are no records, so what they show is asked for like a page without an id.
    for kind in ("leads", "customers", "deals", "cases"):
        for name, pattern in patterns(settings.ROOT_URLCONF):
            if rep_may_use(pattern) and set(pattern.pattern.converters) == {"kind"}:
                yield name, reverse(name, kwargs={"kind": kind})


@pytest.fixture
def rezas_world(own_only: None, sara: User, reza: User) -> User:
    a_world_of(reza)
    return reza


def test_no_page_list_sum_search_export_or_picker_tells_of_it(
    rezas_world: User, client_of: ClientOf, sara: User, admin: User
) -> None:
    told, broken, seen_by_admin = [], [], 0
    client, boss = client_of(sara), client_of(admin)
    for name, address in dict.fromkeys(pages()):
        for variant in VARIANTS:
            asked = {key: value.replace("REZA", str(rezas_world.pk)) for key, value in variant.items()}
            answer = client.get(address, asked)
            if answer.status_code == 405:
                break
            if answer.status_code >= 500:
                broken.append((name, asked, answer.status_code))
            if found := leaks(answer):
                told.append((name, asked, found))
        seen_by_admin += bool(leaks(boss.get(address, {"owner": "all"})))
    assert (told, broken) == ([], [])
    # The words are there to be found: the same addresses tell an admin of them.
    assert seen_by_admin >= 8


def test_the_board_counts_and_adds_up_only_what_one_sees(
    rezas_world: User, client_of: ClientOf, sara: User, admin: User
) -> None:
    crm.make_opportunity("own", owner=sara, customer=None, amount=1000, stage=crm.a_stage())
    for user, expected in ((sara, (1, 1000)), (admin, (2, AMOUNT + 1000))):
        column = client_of(user).get("/pipeline/", {"owner": "all"}).context["board"].columns[0]
        assert (column.count, column.amount) == expected
    for stage in (crm.a_stage(), crm.a_stage(StageKind.WON)):
        address = reverse("pipeline:column", args=[stage.pk])
        assert leaks(client_of(sara).get(address, {"owner": "all"})) == []
        assert leaks(client_of(sara).get(address, {"owner": str(rezas_world.pk)})) == []


def test_warnings_of_duplicates_tell_no_names(rezas_world: User, client_of: ClientOf, sara: User) -> None:
    client = client_of(sara)
    mine = crm.make_lead("mine", owner=sara, phone=PHONE)
    asked = [
        client.post("/customers/new/", {"name": "new one", "phone": PHONE}),
        client.post("/leads/new/", {"name": "new one", "phone": PHONE}),
        client.get(f"/leads/{mine.pk}/convert/"),
        client.post("/log/", {"who_text": f"{BEGINNING}", "kind": "call", "sentence": "x"}),
    ]
    assert [answer.status_code < 500 for answer in asked] == [True] * 4
    assert [[word for word in leaks(answer) if word == SECRET] for answer in asked] == [[]] * 4


def test_a_picker_takes_no_id_of_another(rezas_world: User, client_of: ClientOf, sara: User) -> None:
    """Nor does a form that was changed by hand."""
    customer = Customer.objects.get()
    client = client_of(sara)
    forged = {"title": "mine", "customer": f"customer:{customer.pk}", "customer_text": ""}
    assert leaks(client.post("/deals/new/", forged)) == []
    said = {"who": f"customer:{customer.pk}", "who_text": "", "kind": "call", "sentence": "forged"}
    assert leaks(client.post("/log/", said)) == []
    assert not Interaction.objects.filter(sentence="forged").exists()
    assert not Opportunity.objects.filter(title="mine", customer=customer).exists()


def test_no_answer_of_the_api_tells_of_it(rezas_world: User, sara: User, admin: User) -> None:
    found = [(name, pattern) for name, pattern in patterns(settings.ROOT_URLCONF) if name.startswith("api_v1:")]
    mine, theirs = caller(sara, Scope.WRITE), caller(admin, Scope.WRITE)
    kinds: dict[str, Any] = {"leads": Lead, "customers": Customer, "contacts": Contact, "deals": Opportunity}
    told, seen_by_admin = [], 0
    for name, pattern in found:
        first = str(pattern.pattern).split("/")[0]
        ids = kinds[first].objects.values_list("pk", flat=True) if first in kinds else [1]
        for pk in ids if "pk" in pattern.pattern.converters else [0]:
            known = {"pk": pk, "entity": "lead"}
            values = {key: known.get(key, value) for key, value in path_of(pattern).items()}
            path = reverse(name, kwargs=values).removeprefix("/api/v1/")
            answers = [mine.get(path), mine.patch(path, {}), mine.post(path, {})]
            told += [(path, leaks(answer)) for answer in answers if leaks(answer)]
            if pk:
                assert {answer.status_code for answer in answers} <= {404, 405, 422}
            seen_by_admin += bool(leaks(theirs.get(path)))
    assert told == []
    assert seen_by_admin >= 8


def test_of_a_shared_customer_one_sees_ones_own_part(
    own_only: None, client_of: ClientOf, sara: User, reza: User
) -> None:
    """Sara's customer; the deal, lead, steps, talks and files of Reza there are his."""
    a_world_of(reza)
    customer = Customer.objects.get()
    Customer.objects.update(owner=sara, name="shared", phone="", email="")
    Contact.objects.update(name="shared contact", phone="")
    Attachment.objects.update(name="shared.pdf")
    Case.objects.update(subject="shared")
    deal = Opportunity.objects.filter(is_open=True).get()
    Lead.objects.update(customer=customer, phone="")
    crm.make_interaction(reza, opportunity=deal, customer=customer, sentence=f"{SECRET} again")
    mine = crm.make_opportunity("mine", owner=sara, customer=customer)
    asked = [
        (name, reverse(name, kwargs={"pk": pk}))
        for start, pk in (("crm:customer", customer.pk), ("crm:deal", mine.pk), ("dataquality:customer", customer.pk))
        for name, pattern in RECORDS.items()
        if factory_of(name) == start and set(pattern.pattern.converters) == {"pk"}
    ]
    assert len(asked) >= 8
    answers = {name: client_of(sara).get(address) for name, address in asked}
    assert {name: leaks(answer) for name, answer in answers.items() if leaks(answer)} == {}
    assert [name for name, answer in answers.items() if answer.status_code >= 400 and answer.status_code != 405] == []


# --- Who else -----------------------------------------------------------------------------------------------------
def test_a_meeting_is_read_by_the_people_in_its_room(
    rezas_world: User, client_of: ClientOf, sara: User, nader: User, leila: User
) -> None:
    meeting = AgendaItem.objects.earliest("pk").meeting
    address = meeting.get_absolute_url()
    codes = [client_of(user).get(address).status_code for user in (sara, rezas_world, nader, leila)]
    assert codes == [404, 404, 200, 200]
    meeting.ritual.members.add(sara)
    assert SECRET in client_of(sara).get(address).text
    # Now that people are named, a manager who is not named is outside.
    nader.team = crm_team()
    nader.save()
    assert client_of(nader).get(address).status_code == 404


def crm_team() -> Team:
    return Team.objects.create(name="South")


def test_a_manager_reads_the_quality_of_the_team_only(
    rezas_world: User, client_of: ClientOf, sara: User, nader: User
) -> None:
    team = crm_team()
    User.objects.filter(pk__in=(sara.pk, nader.pk)).update(team=team)
    nader.refresh_from_db()
    for path in ("/quality/", "/quality/fixes/"):
        answer = client_of(nader).get(path)
        assert answer.status_code in (200, 404)
        assert leaks(answer) == []
