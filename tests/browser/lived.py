"""A firm with rows on every page: meetings in each state, decisions, minutes, objectives and imports on each step."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.urls import reverse

from crm.fields import catalog
from crm.importing import running
from crm.lists import bulk
from crm.lists.bulk import Wish
from crm.lists.specs import SPECS
from crm.models import Customer, ImportJob, ImportKind, ImportState, ListKind, RecordKind
from crm.services import bin as bins
from crm.services import customer as customers
from crm.services import handover
from rituals.models import Decision, DecisionKind, ItemKind, Meeting, Minutes, RitualKind
from rituals.services import action as actions
from rituals.services import decision as decisions
from rituals.services import meeting as meetings
from rituals.services import outcome
from tenants import clock
from tests.browser.firms import Firm
from tests.browser.week import Week, make_week
from tests.factories.crm import (
    TODAY,
    make_attachment,
    make_case,
    make_customer,
    make_lead,
    make_next_step,
    make_opportunity,
)
from tests.factories.okr import make_objective

TABLE = (
    "id,customer,title,owner,amount,stage\nE-1,{name} 2,Support,{owner},25000,?\nE-2,{name} 3,Renewal,Nobody,many,?\n"
)
Until = Callable[[Callable[[], Any]], Any]
# Who looks at which page; the address is `reverse(name, args=ids[key])`.
PAGES: dict[str, tuple[str, str, str]] = {
    "today": ("rep", "crm:today", ""),
    "leads": ("rep", "crm:leads", ""),
    "lead": ("rep", "crm:lead", "lead"),
    "lead new": ("rep", "crm:lead_new", ""),
    "lead convert": ("rep", "crm:lead_convert", "lead"),
    "lead queue": ("manager", "crm:lead_queue", ""),
    "lead answers": ("manager", "crm:lead_response", ""),
    "lead categories": ("manager", "crm:lead_categories", ""),
    "lead category new": ("manager", "crm:lead_category_new", ""),
    "deal snooze": ("rep", "crm:deal_snooze", "deal"),
    "customers": ("rep", "crm:customers", ""),
    "customer": ("rep", "crm:customer", "customer"),
    "customer edit": ("rep", "crm:customer_edit", "customer"),
    "contact new": ("rep", "crm:contact_new", "customer"),
    "deals": ("rep", "crm:deals", ""),
    "deal": ("rep", "crm:deal", "deal"),
    "deal new": ("rep", "crm:deal_new", ""),
    "deal edit": ("rep", "crm:deal_edit", "deal"),
    "record history": ("rep", "crm:record_history", "record"),
    "record cell": ("rep", "crm:record_cell", "cell"),
    "bin": ("manager", "crm:bin", ""),
    "into the bin": ("manager", "crm:record_bin", "record"),
    "hand-overs": ("manager", "crm:handovers", ""),
    "hand over": ("manager", "crm:handover_new", ""),
    "ownerless": ("manager", "crm:ownerless", ""),
    "requests": ("rep", "crm:cases", ""),
    "request": ("rep", "crm:case", "case"),
    "request new": ("rep", "crm:case_new", ""),
    "request finish": ("rep", "crm:case_finish", "case"),
    "customers kept": ("manager", "crm:care", ""),
    "customers who may leave": ("manager", "crm:care_customers", ""),
    "list filter": ("rep", "crm:list_filter", "list"),
    "list columns": ("rep", "crm:list_columns", "list"),
    "list view": ("manager", "crm:list_view_new", "list"),
    "bulk edit": ("manager", "crm:bulk_edit", "bulk"),
    "search": ("rep", "crm:search", ""),
    "board": ("rep", "pipeline:board", ""),
    "board move": ("rep", "pipeline:move", "deal"),
    "what changed": ("manager", "pipeline:review", ""),
    "quality": ("manager", "dataquality:overview", ""),
    "all fixes": ("rep", "dataquality:all_fixes", ""),
    "meetings": ("manager", "rituals:meetings", ""),
    "agenda ready": ("manager", "rituals:meeting", "ready"),
    "deal in the meeting": ("manager", "rituals:meeting", "running"),
    "promises in the meeting": ("manager", "rituals:meeting_item", "promises"),
    "meeting read along": ("executive", "rituals:meeting", "running"),
    "wrap-up": ("manager", "rituals:meeting", "wrap_up"),
    "closed meeting": ("manager", "rituals:meeting", "closed"),
    "minutes": ("manager", "rituals:minutes", "closed"),
    "ritual": ("manager", "rituals:ritual_edit", "ritual"),
    "decision log": ("executive", "rituals:decisions", ""),
    "decision": ("executive", "rituals:decision", "decision"),
    "decision new": ("manager", "rituals:decision_new", ""),
    "objectives": ("manager", "okr:objectives", ""),
    "objective": ("manager", "okr:objective", "objective"),
    "objective new": ("manager", "okr:objective_new", ""),
    "key result new": ("manager", "okr:key_result_new", "objective"),
    "check-in": ("manager", "okr:check_in", "key_result"),
    "imports": ("manager", "crm:imports", ""),
    "import columns": ("manager", "crm:import", "mapping"),
    "import preview": ("manager", "crm:import", "ready_import"),
    "import result": ("manager", "crm:import", "done"),
    "import undo": ("manager", "crm:import_undo", "done"),
    "exports": ("admin", "crm:exports", ""),
    "erase": ("admin", "crm:customer_erase", "customer"),
    "people": ("admin", "members:people", ""),
    "invite": ("admin", "members:invite", ""),
    "profile": ("rep", "members:profile", ""),
    "key decisions": ("admin", "charter:key_decisions", ""),
    "key decision new": ("admin", "charter:key_decision_new", ""),
    "fields": ("admin", "crm:fields", ""),
    "field report": ("manager", "crm:field_report", ""),
    "stages": ("admin", "crm:stages", ""),
    "stage new": ("admin", "crm:stage_new", ""),
    "playbook": ("manager", "crm:playbook", ""),
    "workspace": ("admin", "tenants:workspace", ""),
    "tokens": ("rep", "api:tokens", ""),
    "api docs": ("rep", "api:docs", ""),
    "web forms": ("admin", "api:web_forms", ""),
    "web form new": ("admin", "api:web_form_new", ""),
    "working time": ("admin", "tenants:hours", ""),
}


class Lived:
    """Lives the weeks on making; then `path(page)` and `reader(page)` say where to go, and as whom."""

    def __init__(self, firm: Firm, until: Until) -> None:
        self.firm, self.until = firm, until
        self.week: Week = make_week(firm)
        self.ids: dict[str, list[int | str]] = {}
        with firm.open():
            self.records()
            self.bulk_edit()
            self.hold_meetings()
            self.objectives()
        self.imports()

    def path(self, page: str) -> str:
        _part, view, key = PAGES[page]
        query = f"?q={self.week.name(0)[:4]}" if page == "search" else ""
        return reverse(view, args=self.ids[key] if key else []) + query

    def reader(self, page: str) -> str:
        return PAGES[page][0]

    def records(self) -> None:
        rep, deal = self.firm.people["rep"], self.week.deals[0]
        lead = make_lead(self.week.caller.name, owner=rep, captured_at=clock.now() - timedelta(days=2))
        make_next_step(rep, customer=self.week.caller, due_in=-1)
        make_next_step(rep, opportunity=self.week.deals[6], due_in=0)
        assert deal.customer
        case = make_case(deal.customer, self.week.caller.name, owner=rep, due_on=TODAY)
        make_attachment(rep, case, f"{self.week.caller.name}.pdf")
        self.ids |= {"case": [case.pk], "lead": [lead.pk], "deal": [deal.pk], "customer": [deal.customer.pk]}

        self.history(deal.customer)

    def history(self, customer: Customer) -> None:
        """An edited customer, something in the bin, without an owner, and handed over."""
        rep, manager = self.firm.people["rep"], self.manager
        customers.change(customer, by=manager, values={"city": "Karaj", "note": self.week.caller.name})
        thrown = make_customer(f"{self.week.caller.name} 3")
        make_opportunity(self.week.caller.name, customer=thrown)
        bins.throw_away(RecordKind.CUSTOMER, [thrown.pk], by=manager, today=TODAY)
        make_lead(f"{self.week.caller.name} 4")
        given = make_customer(f"{self.week.caller.name} 5", owner=manager)
        handover.hand_over(
            giver=manager,
            taker=rep,
            by=self.firm.people["admin"],
            parts=[handover.Part.CUSTOMERS],
            notes={given.pk: "+10 %"},
            note="1\n2",
        )
        self.ids |= {"record": ["customer", customer.pk], "cell": ["customer", customer.pk, "city"]}

    def bulk_edit(self) -> None:
        wish = Wish(catalog.field("lead", "source"), self.week.caller.name)
        lead = make_lead(f"{self.week.caller.name} 3")
        made = bulk.start(SPECS[ListKind.LEADS], ids=[lead.pk], wish=wish, by=self.manager, today=TODAY)
        self.ids["bulk"] = [made.pk]
        self.ids["list"] = ["deals"]

    def hold_meetings(self) -> None:
        """The first review is closed, the second is over but not closed, the third runs, the fourth has its agenda."""
        first, second, third, fourth = Meeting.objects.filter(ritual__kind=RitualKind.PIPELINE).order_by("starts_at")[
            :4
        ]
        self.hold_first(first)
        for meeting in (second, third):
            self.start(meeting)
        meetings.end(second, by=self.manager)
        promises = third.items.get(kind=ItemKind.ACTIONS)
        meetings.go_to(third.items.filter(kind=ItemKind.DEAL).earliest("position"))
        meetings.prepare(fourth, today=TODAY)
        self.ids |= {
            "closed": [first.pk],
            "wrap_up": [second.pk],
            "running": [third.pk],
            "promises": [third.pk, promises.pk],
            "ready": [fourth.pk],
            "ritual": [first.ritual_id],
            "decision": [Decision.objects.filter(meeting=first).earliest("pk").pk],
        }

    @property
    def manager(self) -> Any:
        return self.firm.people["manager"]

    def start(self, meeting: Meeting) -> None:
        meetings.prepare(meeting, today=TODAY)
        present = [self.manager, self.firm.people["rep"]]
        meetings.start(meeting, present=present, by=self.manager, today=TODAY)

    def hold_first(self, meeting: Meeting) -> None:
        self.start(meeting)
        items = list(meeting.items.filter(kind=ItemKind.DEAL).order_by("position"))
        told: dict[str, Any] = {"by": self.manager, "today": TODAY}
        plan = partial(decisions.decide_on_deal, kind=DecisionKind.NEW_PLAN, expected="+10 %", **told)
        for item in items[:2]:
            plan(item=item, text=f"{self.week.caller.name}: {item.title}", due_on=TODAY + timedelta(2))
        drop: dict[str, Any] = {
            "kind": DecisionKind.DROP,
            "text": "—",
            "lost_reason": "Price",
            "not_measurable_because": "—",
        }
        decisions.decide_on_deal(item=items[2], **drop, **told)
        outcome.defer(items[3], reason=self.week.caller.name, **told)
        outcome.delegate(items[4], to=self.firm.people["rep2"], until=TODAY + timedelta(3), **told)
        for item in items[5:]:
            outcome.no_decision(item, code="other", reason=self.week.caller.name, by=self.manager)
        for appearance in meeting.appearances.filter(answer=""):
            actions.answer(appearance, answer="done", **told)
        meetings.end(meeting, by=self.manager)
        meetings.close(meeting, by=self.manager)

    def objectives(self) -> None:
        goal = self.week.key_result.objective
        make_objective(self.manager, title=f"{goal.title} 2")
        self.ids |= {"objective": [goal.pk], "key_result": [self.week.key_result.pk]}

    def imports(self) -> None:
        """One table waits for its columns, one is checked, one is in; the worker does what a worker does."""
        for key, wanted in {"mapping": None, "ready_import": ImportState.READY, "done": ImportState.DONE}.items():
            with self.firm.open():
                text = TABLE.format(name=f"{self.week.caller.name} {key}", owner=self.firm.people["rep"].name)
                job = running.accept(
                    content=text.encode(), name=f"{key}.csv", kind=ImportKind.OPPORTUNITIES, by=self.manager
                )
                if wanted:
                    running.choose(job, mapping=job.mapping, options=job.options)
            if wanted:
                self.until(partial(self.is_in, job.pk, ImportState.READY))
            if wanted == ImportState.DONE:
                with self.firm.open():
                    running.start(ImportJob.objects.get(pk=job.pk))
                self.until(partial(self.is_in, job.pk, ImportState.DONE))
            self.ids[key] = [job.pk]
        self.until(self.has_minutes)

    def is_in(self, job_id: int, state: ImportState) -> bool:
        with self.firm.open():
            return ImportJob.objects.get(pk=job_id).state == state

    def has_minutes(self) -> bool:
        with self.firm.open():
            return Minutes.objects.exclude(pdf=None).exists()
