"""A whole import taken back: what goes, what comes back, what somebody has worked on, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from crm.importing import plan, running, undoing, working
from crm.models import Change, Contact, Customer, Edit, ImportJob, Interaction, Lead, Opportunity
from crm.services import lead as leads
from members.models import User
from tenants import clock
from tests.cast import NOW, ClientOf
from tests.crm.importing.flow import Upload, counts
from tests.factories.crm import make_customer, make_interaction, make_lead, make_next_step, make_opportunity

pytestmark = pytest.mark.django_db
LEADS = "name,phone,company\nA,09121110001,x\nB,09121110002,x\nC,09121110003,x\n"


def test_what_it_made_goes_to_the_bin_and_what_it_changed_comes_back(
    bring_in: Upload, client_of: ClientOf, admin: User, sara: User
) -> None:
    known = make_lead("B", phone="+989121110002", company="before", owner=sara)
    job = bring_in(LEADS, "leads")
    assert counts(job) == (2, 1, 0, 0)

    response = client_of(admin).post(reverse("crm:import_undo", args=[job.pk]))

    assert response.status_code == 303
    known.refresh_from_db()
    assert (known.company, known.version) == ("before", 3)
    assert list(Lead.objects.values_list("name", flat=True)) == ["B"]
    assert set(Lead.with_binned.exclude(deleted_at=None).values_list("name", "deleted_by")) == {
        ("A", admin.pk),
        ("C", admin.pk),
    }
    job.refresh_from_db()
    assert job.batch is not None
    assert (job.batch.undone_at, job.batch.undone_by) == (NOW, admin)
    undo = Edit.objects.latest("pk")
    assert (undo.via, undo.values) == ("undo", {"company": ["x", "before"]})


def test_a_second_undo_is_refused(bring_in: Upload, admin: User, today: date, client_of: ClientOf) -> None:
    job = bring_in(LEADS, "leads")
    undoing.take_back(job, by=admin, today=today, all_of_it=False)

    with pytest.raises(undoing.NotNow):
        undoing.work(job.pk, by_id=admin.pk, today=today, all_of_it=True)
    assert "import_undo" not in client_of(admin).get(job.get_absolute_url()).content.decode()


def test_what_was_worked_on_since_is_listed_and_stays(
    bring_in: Upload, client_of: ClientOf, admin: User, sara: User
) -> None:
    job = bring_in(LEADS, "leads")
    first, second, _third = Lead.objects.order_by("pk")
    leads.change(first, values={"company": "by hand"}, by=sara)
    make_interaction(sara, lead=second)
    client, url = client_of(admin), reverse("crm:import_undo", args=[job.pk])

    page = client.get(url).context["page"]
    assert (page.made, page.edited_count, {lead.name for lead in page.edited}) == (3, 2, {"A", "B"})

    client.post(url)
    assert set(Lead.objects.values_list("name", flat=True)) == {"A", "B"}


def test_or_is_taken_back_too(bring_in: Upload, client_of: ClientOf, admin: User, sara: User) -> None:
    job = bring_in(LEADS, "leads")
    leads.change(Lead.objects.earliest("pk"), values={"company": "by hand"}, by=sara)

    client_of(admin).post(reverse("crm:import_undo", args=[job.pk]), {"all": "1"})

    assert not Lead.objects.exists()


def test_values_that_somebody_edited_since_stay(bring_in: Upload, admin: User, sara: User, today: date) -> None:
    known = make_lead("A", phone="+989121110001", company="before")
    job = bring_in(LEADS, "leads")
    leads.change(known, values={"company": "by hand"}, by=sara)

    undone = undoing.take_back(job, by=admin, today=today, all_of_it=False)

    known.refresh_from_db()
    assert (known.company, undone.restored, undone.kept) == ("by hand", 0, 1)


def test_deals_get_stage_and_history_back(bring_in: Upload, admin: User, today: date) -> None:
    head = "id,deal,customer,stage,amount,close date\n"
    bring_in(f"{head}A1,Pump,Acme,Engaging,100,\n")
    deal = Opportunity.objects.get()
    job = bring_in(f"{head}A1,Pump,Acme,Won,250,2026-11-20\nA2,Valve,New,Engaging,1,\n")
    assert counts(job) == (1, 1, 0, 0)

    undone = undoing.take_back(job, by=admin, today=today, all_of_it=False)

    kept = Opportunity.objects.get()
    assert (kept.pk, kept.stage, kept.amount, kept.is_open, kept.closed_on) == (
        deal.pk,
        deal.stage,
        Decimal(1000),
        True,
        None,
    )
    assert (undone.made, undone.restored, undone.kept) == (2, 1, 0)
    assert list(Customer.objects.values_list("name", flat=True)) == ["Acme"]
    assert Change.objects.filter(opportunity=deal, field="amount").order_by("-pk").values_list("old", "new")[0] == (
        "2500.00",
        "1000.00",
    )


def test_a_customer_that_others_build_on_stays(bring_in: Upload, admin: User, sara: User, today: date) -> None:
    job = bring_in("name,customer\nAli,Acme\nMina,Globe\n", "contacts")
    make_opportunity("Pump", customer=Customer.objects.get(name="Acme"))

    undoing.take_back(job, by=admin, today=today, all_of_it=False)

    assert list(Customer.objects.values_list("name", flat=True)) == ["Acme"]
    assert not Contact.objects.exists()


def test_interactions_are_removed_and_the_deal_forgets_them(
    bring_in: Upload, admin: User, sara: User, today: date
) -> None:
    deal = make_opportunity("پمپ", external_id="D1")
    make_interaction(sara, opportunity=deal, happened_at=NOW - timedelta(30))
    job = bring_in("subject,date,deal\nحرف زدیم,2026-11-20,D1\n", "interactions")
    deal.refresh_from_db()
    assert deal.last_interaction_on == date(2026, 11, 20)

    undone = undoing.take_back(job, by=admin, today=today, all_of_it=False)

    deal.refresh_from_db()
    assert (undone.interactions, Interaction.objects.count(), deal.last_interaction_on) == (1, 1, date(2026, 10, 22))


@pytest.mark.parametrize(("days", "offered"), [(30, True), (31, False)])
def test_it_is_offered_for_thirty_days(bring_in: Upload, today: date, days: int, offered: bool) -> None:
    job = bring_in(LEADS, "leads")

    assert bool(undoing.offer(job, today=today + timedelta(days))) is offered


def test_people_are_not_taken_back(bring_in: Upload, today: date) -> None:
    job = bring_in("name,manager,team\nAnna,Dustin,Central\n", "people")

    assert undoing.offer(job, today=today) is None


def test_a_cancelled_import_keeps_what_is_in_goes_on_or_goes_back(
    admin: User, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan.in_chunks, "__defaults__", (2,))
    job = running.accept(content=LEADS.encode(), name="l.csv", kind="leads", by=admin)
    running.start(job)
    ImportJob.objects.filter(pk=job.pk).update(cancel_asked_at=NOW)

    working.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.processed, Lead.objects.count()) == ("cancelled", 2, 2)
    assert undoing.offer(job, today=today)

    running.start(job)
    working.run(job.pk)
    job.refresh_from_db()
    assert (job.state, counts(job), Lead.objects.count()) == ("done", (3, 0, 0, 0), 3)


def test_a_dead_worker_is_followed_by_one_that_goes_on(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan.in_chunks, "__defaults__", (1,))
    double = LEADS + "D,09121110001,y\n"
    job = running.accept(content=double.encode(), name="l.csv", kind="leads", by=admin)
    running.start(job)
    inserted = working._bring_chunk_in

    def dies(*args: object) -> None:
        if Lead.objects.count() == 2:
            raise SystemExit
        inserted(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(working, "_bring_chunk_in", dies)
        with pytest.raises(SystemExit):
            working.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.processed, Lead.objects.count()) == ("running", 2, 2)

    working.run(job.pk)

    job.refresh_from_db()
    assert (job.state, counts(job), Lead.objects.count()) == ("done", (3, 0, 0, 1), 3)
    assert job.batch is not None
    assert (job.batch.records, Lead.objects.filter(imported_in=job.batch).count()) == (3, 3)


def test_one_that_waits_for_a_worker_is_cancelled_at_once(client_of: ClientOf, admin: User) -> None:
    job = running.accept(content=LEADS.encode(), name="l.csv", kind="leads", by=admin)
    running.start(job)

    client_of(admin).post(reverse("crm:import_cancel", args=[job.pk]))

    job.refresh_from_db()
    assert (job.state, job.finished_at) == ("cancelled", NOW)


def test_the_page_of_an_undo_asks_as_often_for_three_rows_as_for_one(
    bring_in: Upload, client_of: ClientOf, admin: User, sara: User, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(names: str) -> int:
        job = bring_in("name,phone\n" + "".join(f"{n},0912111{ord(n):04}\n" for n in names), "leads")
        for lead in Lead.objects.filter(imported_in=job.batch):
            make_next_step(sara, lead=lead)
        with CaptureQueriesContext(connection) as captured:
            assert client_of(admin).get(reverse("crm:import_undo", args=[job.pk])).status_code == 200
        return len(captured)

    queries("A")
    assert queries("B") == queries("CDE")


def test_the_clock_of_the_undo_is_the_firms(bring_in: Upload, admin: User, today: date) -> None:
    job = bring_in(LEADS, "leads")
    make_customer("x")

    with clock.stopped_at(NOW + timedelta(hours=1)):
        undoing.take_back(job, by=admin, today=today, all_of_it=False)

    assert set(Lead.with_binned.values_list("deleted_at", flat=True)) == {NOW + timedelta(hours=1)}
