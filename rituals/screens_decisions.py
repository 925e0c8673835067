"""Read models of the decision log, of one decision and of minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from charter.models import KeyDecision
from crm.listing import Tab, one_of, page_of, tabs
from l10n import formats
from l10n.fields import search_filter
from members.models import User
from rituals import access, facts
from rituals import queries_decisions as queries
from rituals.facts import Tile
from rituals.models import ActionItem, Decision, DecisionState, Ritual, Verdict
from rituals.queries_decisions import Share
from tenants import clock

FILTERS = {"owner": "owner", "state": "state", "serves": "serves", "ritual": "meeting__ritual"}
TONES = {Verdict.BETTER: "ok", Verdict.AS_EXPECTED: "ok", Verdict.WORSE: "bad"}


@dataclass(frozen=True)
class Row:
    """A decision as the log prints it."""

    decision: Decision
    today: date

    @property
    def number(self) -> str:
        return number_of(self.decision)

    @property
    def evidence_count(self) -> int:
        return len(self.decision.evidence)

    @property
    def tone(self) -> str:
        if self.decision.verdict:
            return TONES.get(Verdict(self.decision.verdict), "")
        return "wait" if self.decision.is_due(self.today) else ""

    @property
    def stands(self) -> bool:
        return self.decision.state == DecisionState.DECIDED

    @property
    def is_due(self) -> bool:
        return self.decision.is_due(self.today)


def number_of(decision: Decision) -> str:
    return formats.digits(decision.code)


@dataclass
class Log:
    """The decision log: four numbers, tabs, filters and a page of rows. Ten queries however long the log is."""

    user: User
    today: date
    asked: QueryDict

    @cached_property
    def numbers(self) -> list[tuple[str, Share, bool]]:
        """Label, share, and whether it is told in percent."""
        now = clock.now()
        return [
            (_("Meetings held on time"), queries.held_on_time(now), False),
            (_("Meetings with a decision"), queries.held_with_decision(now), False),
            (_("Promises kept by their date"), queries.done_by_their_date(self.today), True),
            (_("Decisions that turned out as expected"), queries.turned_out_as_hoped(), False),
        ]

    @cached_property
    def tab(self) -> str:
        return one_of(self.asked.get("show"), self.tab_choices, "")

    @property
    def tab_choices(self) -> list[tuple[str, str]]:
        return [("", _("All decisions")), ("due", _("Due for review")), ("mine", _("Mine"))]

    @property
    def tabs(self) -> list[Tab]:
        return tabs(self.tab_choices, self.tab)

    @cached_property
    def due_count(self) -> int:
        return queries.due_for_review(access.decisions(self.user), self.today).count()

    @cached_property
    def wanted(self) -> QuerySet[Decision]:
        found = access.decisions(self.user)
        if self.tab == "due":
            found = queries.due_for_review(found, self.today).order_by("review_on", "pk")
        elif self.tab == "mine":
            found = queries.of_person(found, self.user)
        for name, column in (
            ("owner", "owner"),
            ("state", "state"),
            ("serves", "serves"),
            ("ritual", "meeting__ritual"),
        ):
            if value := self.chosen[name]:
                found = found.filter(**{column: value})
        return search_filter(found, self.query) if self.query else found

    @cached_property
    def page(self) -> Page[Decision]:
        return page_of(self.wanted, queries.shown(access.decisions(self.user)), self.asked.get("page"))

    @property
    def rows(self) -> list[Row]:
        return [Row(decision, self.today) for decision in self.page.object_list]

    @property
    def query(self) -> str:
        return self.asked.get("q", "").strip()

    @cached_property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {
            "owner": [(str(pk), name) for pk, name in User.objects.active().values_list("pk", "name")],
            "state": [(str(value), str(label)) for value, label in DecisionState.choices],
            "serves": [(str(row.pk), row.name) for row in KeyDecision.objects.filter(slot__isnull=False)],
            "ritual": [(str(pk), name) for pk, name in Ritual.objects.values_list("pk", "name")],
        }

    @cached_property
    def chosen(self) -> dict[str, str]:
        return {name: one_of(self.asked.get(name), rows, "") for name, rows in self.choices.items()}

    @property
    def filters(self) -> list[dict[str, Any]]:
        labels = {
            "owner": _("Everybody's"),
            "state": _("Any state"),
            "serves": _("Any key decision"),
            "ritual": _("Any meeting"),
        }
        return [
            {"name": name, "label": label, "choices": self.choices[name], "chosen": self.chosen[name]}
            for name, label in labels.items()
        ]

    @property
    def is_filtered(self) -> bool:
        return bool(self.tab or self.query or any(self.chosen.values()))


@dataclass
class DecisionScreen:
    """One decision. The prediction stays hidden from whoever still has to write what happened."""

    decision: Decision
    user: User
    today: date

    @property
    def row(self) -> Row:
        return Row(self.decision, self.today)

    @property
    def evidence(self) -> list[Tile]:
        return facts.lines(self.decision.evidence, self.decision.decided_on) if self.decision.evidence else []

    @property
    def changes(self) -> list[Tile]:
        return facts.applied(self.decision.applied)

    @cached_property
    def actions(self) -> list[ActionItem]:
        return list(self.decision.actions.select_related("owner", "next_step"))

    @cached_property
    def events(self) -> Sequence[Any]:
        return list(self.decision.events.select_related("by"))

    @property
    def may_review(self) -> bool:
        return access.may_review(self.user, self.decision)

    @property
    def hides_expectation(self) -> bool:
        """Hindsight bends memory: what was expected is shown after what happened is written down."""
        return self.decision.is_due(self.today) and self.may_review and bool(self.decision.expected)


def minutes_items(content: Mapping[str, Any], on: date) -> list[dict[str, Any]]:
    """The items of frozen minutes with their facts in the reader's language."""
    return [
        {
            **item,
            "tiles": facts.tiles(item["facts"], on),
            "flag_labels": [facts.flag_label(code) for code in item["flags"]],
            "decisions": [
                {**row, "changes": facts.applied(row["applied"]), "code": formats.digits(_code(row))}
                for row in item["decisions"]
            ],
        }
        for item in content["items"]
    ]


def _code(row: Mapping[str, Any]) -> str:
    return f"{row['year']}-{row['number']:03}"
