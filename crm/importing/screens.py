"""What the import pages print."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from crm.importing import running
from crm.importing.fields import DATES, Target, inverse, labels, targets
from crm.importing.plan import Action, Finding
from crm.importing.progress import percent
from crm.models import ImportJob, ImportKind, ImportProblem, ImportState, Stage
from l10n import formats
from tenants import clock

PREVIEWED_ROWS = 8
MOST_GROUPS = 50
QUEUED_TOO_LONG = timedelta(seconds=20)
ACTIONS: dict[Action, tuple[StrOrPromise, str]] = {
    Action.NEW: (gettext_lazy("new"), "ok"),
    Action.UPDATE: (gettext_lazy("changes"), "wait"),
    Action.UNCHANGED: (gettext_lazy("as it is"), ""),
    Action.REJECTED: (gettext_lazy("stays out"), "bad"),
}
SHORTER: dict[str, StrOrPromise] = {
    "close_date": gettext_lazy("Close date"),
    "external_id": gettext_lazy("Id"),
    "manager": gettext_lazy("Manager"),
}


# --- Choosing columns ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Column:
    place: int
    heading: str
    samples: Sequence[str]
    chosen: str


@dataclass(frozen=True)
class StageChoice:
    place: int
    value: str
    chosen: int


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
    def stage_choices(self) -> list[StageChoice]:
        stages: Mapping[str, int] = self.job.options.get("stages") or {}
        return [StageChoice(place, value, chosen) for place, (value, chosen) in enumerate(stages.items())]

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
    table = running.read(job)
    table.rows = list(islice(table.rows, PREVIEWED_ROWS))
    planner = running.plan(job, table)
    names = _previewed(inverse(job.mapping, table.headings), job.kind)
    rows = [
        PreviewRow(
            item.row,
            *ACTIONS[item.action],
            [_shown(item.shown, name) for name in names],
            [finding for finding in planner.findings if finding.row == item.row],
        )
        for item in planner.items
    ]
    return Preview([SHORTER.get(name) or labels(job.kind)[name] for name in names], rows)


def _previewed(mapped: Mapping[str, object], kind: str) -> list[str]:
    """The fields shown, ids last. A product is no field of its own: it stands in the title."""
    filled = {"title" if name == "product" else name for name in mapped}
    return sorted((name for name in labels(kind) if name in filled), key=lambda name: name == "external_id")


def _shown(values: Mapping[str, object], name: str) -> str:
    if name == "close_date":
        return _text(values.get("expected_close") or values.get("closed_on"))
    return _text(values.get(name))


def _text(value: object) -> str:
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, Decimal):
        return formats.money(value)
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


def progress(job: ImportJob) -> ProgressPage:
    waited = clock.now() - (job.started_at or job.created_at)
    left_behind = waited > QUEUED_TOO_LONG and not running.is_worked_on(job)
    return ProgressPage(job, percent(job.pk), left_behind)


def same_file_before(job: ImportJob) -> ImportJob | None:
    same = ImportJob.objects.filter(sha256=job.sha256, kind=job.kind, state=ImportState.DONE)
    return same.exclude(pk=job.pk).first()


# --- Problems as a file -------------------------------------------------------------------------------------------
def problem_rows(job: ImportJob) -> Iterator[list[str]]:
    """The rows with a problem as they stood in the file, so that they can be put right and uploaded again."""
    table = running.read(job)
    by_row: dict[int, list[ImportProblem]] = {}
    for problem in job.problems.all():
        by_row.setdefault(problem.row, []).append(problem)
    yield [_("Row"), _("Imported"), _("Problem"), *table.headings]
    for row in table.rows:
        if problems := by_row.get(row.number):
            rejected = any(problem.rejects for problem in problems)
            said = " · ".join(f"{one.column}: {one.message}" if one.column else one.message for one in problems)
            yield [str(row.number), _("No") if rejected else _("Yes"), said, *map(harmless, row.cells)]


def harmless(cell: str) -> str:
    """A spreadsheet runs what begins like a formula."""
    begins_formula = cell[:1] in "=@\t\r" or (cell[:1] in "+-" and not cell[1:2].isdigit())
    return f"'{cell}" if cell and begins_formula else cell
