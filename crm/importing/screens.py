"""What the import pages print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any

from django.db.models import Choices, Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from crm.fields.catalog import Kind
from crm.importing import fields, working
from crm.importing.fields import DATES, Target, inverse, labels, targets
from crm.importing.hold import is_held
from crm.importing.plan import Action, Finding, Noticed
from crm.importing.records import SAME
from crm.importing.running import opened, table_of
from crm.models import ImportJob, ImportKind, ImportState, LeadStatus, Stage
from l10n import formats
from l10n.current import current
from tenants import clock
from tenants.models import MoneyUnit

PREVIEWED_ROWS = 8
MOST_GROUPS = 50
QUEUED_TOO_LONG = timedelta(seconds=20)
ACTIONS: dict[Action, tuple[StrOrPromise, str]] = {
    Action.NEW: (gettext_lazy("new"), "ok"),
    Action.UPDATE: (gettext_lazy("changes"), "wait"),
    Action.UNCHANGED: (gettext_lazy("as it is"), ""),
    Action.REJECTED: (gettext_lazy("stays out"), "bad"),
}
ENCODINGS: dict[str, StrOrPromise] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1256": gettext_lazy("Windows-1256 (Persian and Arabic)"),
}
DELIMITERS: dict[str, StrOrPromise] = {
    ",": gettext_lazy("comma ,"),
    ";": gettext_lazy("semicolon ;"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar |"),
}
SHORTER: dict[str, StrOrPromise] = {
    "close_date": gettext_lazy("Close date"),
    "external_id": gettext_lazy("Id"),
    "manager": gettext_lazy("Manager"),
    "customer": gettext_lazy("Customer"),
    "lead": gettext_lazy("Lead"),
    "deal": gettext_lazy("Deal"),
    "note": gettext_lazy("Note"),
}


STANDS_IN = {"product": "title", "first_name": "name", "last_name": "name"}


# --- Choosing columns ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Column:
    place: int
    heading: str
    samples: Sequence[str]
    chosen: str


@dataclass(frozen=True)
class ValueChoice:
    """A stage or state of the file, and ours for it."""

    place: int
    value: str
    chosen: object


@dataclass(frozen=True)
class Match:
    value: str
    label: str


@dataclass
class ColumnsPage:
    """`errors` and the choices as sent stand here again after a 422."""

    job: ImportJob
    errors: Sequence[str] = ()

    @property
    def columns(self) -> list[Column]:
        mapping: Mapping[str, str] = self.job.mapping
        return [
            Column(place, one["heading"], one["samples"], mapping.get(one["heading"], ""))
            for place, one in enumerate(self.job.columns)
        ]

    @property
    def targets(self) -> tuple[Target, ...]:
        return targets(self.job.kind)

    @property
    def chosen(self) -> set[str]:
        return set(self.job.mapping.values())

    @property
    def has_dates(self) -> bool:
        return bool(self.chosen & set(DATES))

    @property
    def date_sample(self) -> str:
        """A day of the file that can be read in two ways, or the first one."""
        dates = [sample for column in self.columns if column.chosen in DATES for sample in column.samples]
        return dates[0] if dates else ""

    @property
    def is_of_deals(self) -> bool:
        return self.job.kind == ImportKind.OPPORTUNITIES

    @property
    def makes_customers(self) -> bool:
        return self.job.kind in (ImportKind.OPPORTUNITIES, ImportKind.CONTACTS)

    @property
    def has_owners(self) -> bool:
        return self.job.kind in (ImportKind.OPPORTUNITIES, ImportKind.LEADS, ImportKind.CUSTOMERS)

    @property
    def is_of_leads(self) -> bool:
        return self.job.kind == ImportKind.LEADS

    @property
    def clocks(self) -> str:
        return str(self.job.options.get("clocks") or ("start" if "captured_on" in self.chosen else "none"))

    @property
    def has_money(self) -> bool:
        """Whether it has to be said what a bare amount is in."""
        own = {info.name for info in fields.own_fields(self.job.kind) if info.kind == Kind.MONEY}
        return current().currency == "IRR" and bool(self.chosen & {*fields.MONEY, *own})

    @property
    def money_unit(self) -> str:
        return str(self.job.options.get("money_unit") or current().money_unit or MoneyUnit.RIAL)

    @property
    def matches(self) -> list[Match]:
        keys = fields.MATCHES.get(self.job.kind, ())
        if not keys:
            return []
        single = [Match(key, SAME[key]()) for key in keys]
        return [Match("", _("what fits best")), *single, Match("none", _("nothing: every row is new"))]

    @property
    def placeholders(self) -> list[tuple[str, int, bool]]:
        """Word, how often it stands in the file, and whether it counts as nothing."""
        empties = set(self.job.options.get("empties") or ())
        found: Mapping[str, int] = self.job.options.get("placeholders") or {}
        return [(word, count, word in empties) for word, count in found.items()]

    @property
    def layout(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.job.options.get("layout") or {}
        return found

    @property
    def sheets(self) -> Sequence[str]:
        return list(self.job.options.get("sheets") or ())

    encodings = tuple(ENCODINGS.items())
    delimiters = tuple(DELIMITERS.items())
    kinds = tuple(ImportKind.choices)
    statuses = tuple(LeadStatus.choices)

    @property
    def stage_choices(self) -> list[ValueChoice]:
        return self._values("stages")

    @property
    def status_choices(self) -> list[ValueChoice]:
        return self._values("statuses")

    def _values(self, option: str) -> list[ValueChoice]:
        values: Mapping[str, object] = self.job.options.get(option) or {}
        return [ValueChoice(place, value, chosen) for place, (value, chosen) in enumerate(values.items())]

    @cached_property
    def stages(self) -> list[Stage]:
        return list(Stage.objects.all())

    @property
    def price_list(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.job.options.get("price_list") or {}
        return found


# --- Preview and result -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PreviewRow:
    number: int
    action: StrOrPromise
    tone: str
    cells: Sequence[str]
    problems: Sequence[Finding]


@dataclass(frozen=True)
class Preview:
    """The first rows as they will be stored, in the language and calendar of the reader."""

    headings: Sequence[StrOrPromise]
    rows: Sequence[PreviewRow]


def preview(job: ImportJob) -> Preview:
    """Raises Unreadable when the file is gone."""
    with opened(job) as file:
        table = table_of(job, file.file)
        rows = list(islice(table.rows(), PREVIEWED_ROWS))
        chunk = working.planner_of(job, table).take(rows)
    names = _previewed(inverse(job.mapping, table.headings), job.kind)
    shown = [
        PreviewRow(
            item.row,
            *ACTIONS[item.action],
            [_shown(item.shown, name) for name in names],
            [finding for finding in chunk.findings if finding.row == item.row],
        )
        for item in chunk.items
    ]
    return Preview([SHORTER.get(name) or labels(job.kind)[name] for name in names], shown)


def _previewed(mapped: Mapping[str, object], kind: str) -> list[str]:
    """The fields shown, ids last. Some columns are no field of their own: a product stands in the title."""
    filled = {STANDS_IN.get(name, name) for name in mapped}
    return sorted((name for name in labels(kind) if name in filled), key=lambda name: name == "external_id")


def _shown(values: Mapping[str, object], name: str) -> str:
    if name == "close_date":
        return _text(values.get("expected_close") or values.get("closed_on"))
    if name == "status":
        return str(LeadStatus(str(values.get(name) or LeadStatus.NEW)).label)
    return _text(values.get(name))


def _text(value: object) -> str:
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, Decimal):
        return formats.money(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Choices):
        return str(value.label)
    return "" if value is None else str(value)


@dataclass(frozen=True)
class ProblemGroup:
    column: str
    message: str
    rejects: bool
    count: int
    first_row: int
    example: str


def problem_groups(job: ImportJob) -> list[ProblemGroup]:
    """The same complaint about the same column once, the ones that cost a row first."""
    rows = (
        job.problems.values("column", "message", "rejects")
        .annotate(count=Count("pk"), first_row=Min("row"), example=Min("value"))
        .order_by("-rejects", "-count", "column", "message")
    )
    return [ProblemGroup(**row) for row in rows[:MOST_GROUPS]]


def along_the_way(job: ImportJob) -> list[str]:
    made: Mapping[str, int] = job.options.get("along") or {}
    words = {
        "owners": _("people without log-in: %(count)s"),
        "customers": _("customers: %(count)s"),
        "teams": _("teams: %(count)s"),
        "managers": _("managers without log-in: %(count)s"),
    }
    return [words[name] % {"count": formats.num(count)} for name, count in made.items() if name in words]


NOTICED: dict[Noticed, StrOrPromise] = {
    Noticed.DOUBLES: gettext_lazy("rows that stand twice in the file: %(count)s"),
    Noticed.ALIKE: gettext_lazy("new ones that are like some here: %(count)s"),
    Noticed.BINNED: gettext_lazy("some of them lie in the bin: %(count)s"),
    Noticed.OUT_OF_REACH: gettext_lazy("here already, but not yours to see: %(count)s"),
    Noticed.UNWRAPPED: gettext_lazy("lines in quotation marks as a whole, opened: %(count)s"),
}


def noticed(job: ImportJob) -> list[str]:
    found: Mapping[str, int] = job.options.get("noticed") or {}
    return [str(text) % {"count": formats.num(found[name])} for name, text in NOTICED.items() if found.get(name)]


# --- Progress -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ProgressPage:
    """`left_behind`: nobody has been working on it for a while, so it may be started again."""

    job: ImportJob
    percent: int
    left_behind: bool

    @property
    def checking(self) -> bool:
        return self.job.state == ImportState.CHECKING

    @property
    def cancelling(self) -> bool:
        return self.job.cancel_asked_at is not None


def progress(job: ImportJob) -> ProgressPage:
    waited = clock.now() - (job.started_at or job.created_at)
    left_behind = waited > QUEUED_TOO_LONG and not is_held(job.pk)
    return ProgressPage(job, min(100 * job.processed // max(job.total, 1), 100), left_behind)


def same_file_before(job: ImportJob) -> ImportJob | None:
    same = ImportJob.objects.filter(
        sha256=job.sha256, kind=job.kind, state=ImportState.DONE, batch__undone_at__isnull=True
    )
    return same.exclude(pk=job.pk).first()
