"""What the user chooses for a file, and what is proposed first.

The options of a job: `layout` (encoding, delimiter, sheet), `date_order` ("dmy" or "mdy"), `money_unit` ("rial" or
"toman", "" for the firm's), `match` (a field, "none", or "" for the usual ones), `alike` and `unknown_owners` and
`unknown_customers` ("create" or "leave"), `clocks` of leads ("start" or "none"; absent: as the day column says),
`empties` (folded words that count as nothing), `stages` (value in the file → stage id, 0 for none), `statuses` (value
in the file → state of a lead, "" for none), `price_list` (see `crm.importing.prices`). From the upload `placeholders`
(word → how often), and from the last check `along` (records of other kinds that are made) and `noticed` (see
`plan.Noticed`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from crm.importing.fields import DATES, IDENTIFYING, MATCHES, guess_mapping, inverse, labels, targets
from crm.importing.matching import guess_stage, guess_status
from crm.importing.readers import Layout, Table
from crm.importing.values import guess_order
from crm.models import ImportJob, ImportKind, ImportState, LeadStatus, Stage
from l10n.current import Formats, current
from tenants.models import MoneyUnit

MOST_STAGE_VALUES = 40
REMEMBERED_JOBS = 20
PEEKED_DATES = 2000
PEEKED_ROWS = 20_000
SAMPLES = 3
CREATE, LEAVE = "create", "leave"
# What programs and people write where there is nothing to say.
PLACEHOLDERS = frozenset(
    ("select", "-", "--", "—", "–", ".", "?", "n/a", "na", "#n/a", "null", "none", "nil", "nan", "unknown", "undefined",
     "(none)", "(blank)", "not specified", "not provided", "tbd", "xxx", "انتخاب", "انتخاب کنید", "ندارد", "نامشخص",
     "نامعلوم", "خالی", "هیچ", "تعیین نشده", "ثبت نشده", "وارد نشده")
)  # fmt: skip
CHOICES: dict[str, tuple[str, ...]] = {
    "date_order": ("dmy", "mdy"),
    "unknown_owners": (CREATE, LEAVE),
    "unknown_customers": (CREATE, LEAVE),
    "alike": (CREATE, LEAVE),
    "clocks": ("start", "none"),
    "money_unit": ("", MoneyUnit.RIAL, MoneyUnit.TOMAN),
}
REMEMBERED = (*CHOICES, "match", "stages", "statuses")
MAPPED_VALUES = {"stages": "stage", "statuses": "status"}


class NotPossible(ValueError):
    """The choices do not fit together; each text says why, to the user."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        super().__init__(" ".join(texts))


# --- What is proposed ---------------------------------------------------------------------------------------------
def propose(job: ImportJob, table: Table) -> None:
    """Fills columns, total, mapping and options: as chosen last time for the same headings, else guessed."""
    placeholders = _look_through(job, table)
    last = _last_time(job, table.headings)
    job.mapping = dict(last.mapping) if last else guess_mapping(table.headings, job.kind)
    layout = table.layout
    job.options = {
        "layout": {"encoding": layout.encoding, "delimiter": layout.delimiter, "sheet": layout.sheet},
        "sheets": list(layout.sheets),
        "placeholders": placeholders,
        "empties": list(placeholders),
        "alike": CREATE,
        "unknown_owners": CREATE,
        "unknown_customers": CREATE,
        "date_order": _guess_order(job, table),
    }
    if last:
        job.options.update({name: last.options[name] for name in REMEMBERED if name in last.options})
        left = set(last.options.get("placeholders") or ()) - set(last.options.get("empties") or ())
        job.options["empties"] = [word for word in placeholders if word not in left]
    propose_values(job, table)


def _look_through(job: ImportJob, table: Table) -> dict[str, int]:
    """Goes through the file once: samples and number of rows onto the job; returns the placeholders it met."""
    samples: list[dict[str, None]] = [{} for _heading in table.headings]
    found: Counter[str] = Counter()
    total = 0
    for row in table.rows():
        total += 1
        if total > PEEKED_ROWS:
            continue
        for held, cell in zip(samples, row.cells, strict=True):
            if cell and len(cell) <= 15 and (word := cell.casefold()) in PLACEHOLDERS:
                found[word] += 1
            elif cell and len(held) < SAMPLES:
                held[cell] = None
    job.total = total
    job.columns = [
        {"heading": heading, "samples": list(held)} for heading, held in zip(table.headings, samples, strict=True)
    ]
    return dict(found.most_common())


def _last_time(job: ImportJob, headings: Sequence[str]) -> ImportJob | None:
    jobs = ImportJob.objects.filter(kind=job.kind, state=ImportState.DONE).exclude(pk=job.pk)[:REMEMBERED_JOBS]
    return next((one for one in jobs if _same(headings_of(one), headings)), None)


def _same(before: Sequence[str], headings: Sequence[str]) -> bool:
    """A file of rejected rows has one column more at its end: the reason."""
    return list(headings) == before or list(headings[:-1]) == before


def headings_of(job: ImportJob) -> list[str]:
    return [column["heading"] for column in job.columns]


def layout_of(job: ImportJob) -> Layout:
    kept = job.options.get("layout") or {}
    encoding, delimiter, sheet = (str(kept.get(name, "")) for name in ("encoding", "delimiter", "sheet"))
    return Layout(encoding, delimiter, sheet)


def formats_of(job: ImportJob) -> Formats:
    """How a bare amount of the file is meant."""
    unit = job.options.get("money_unit")
    return replace(current(), money_unit=unit) if unit and current().currency == "IRR" else current()


def _guess_order(job: ImportJob, table: Table) -> str:
    places = inverse(job.mapping, table.headings)
    texts = (
        text for name in DATES for place in places.get(name, []) for text in islice(table.column(place), PEEKED_DATES)
    )
    return guess_order(texts)


# --- Values of the file and ours ----------------------------------------------------------------------------------
def propose_values(job: ImportJob, table: Table) -> bool:
    """Brings `stages` and `statuses` in line with the mapped column; returns whether some value is new to the user."""
    return any([_propose_stages(job, table), _propose_statuses(job, table)])


def _propose_stages(job: ImportJob, table: Table) -> bool:
    chosen: Mapping[str, int] = job.options.get("stages") or {}
    values = values_of("stages", job, table)
    stages = list(Stage.objects.all()) if values else []
    known = {stage.pk for stage in stages}
    job.options["stages"] = {
        value: chosen[value] if chosen.get(value) in {0, *known} else getattr(guess_stage(value, stages), "pk", 0)
        for value in values
    }
    return not set(values) <= set(chosen)


def _propose_statuses(job: ImportJob, table: Table) -> bool:
    chosen: Mapping[str, str] = job.options.get("statuses") or {}
    values = values_of("statuses", job, table)
    job.options["statuses"] = {value: chosen.get(value, guess_status(value)) for value in values}
    return not set(values) <= set(chosen)


def values_of(option: str, job: ImportJob, table: Table) -> list[str]:
    """The different stages or states of the file, in the order of their first row."""
    field = MAPPED_VALUES[option]
    kind = ImportKind.OPPORTUNITIES if option == "stages" else ImportKind.LEADS
    place = inverse(job.mapping, table.headings).get(field) if job.kind == kind else None
    if not place:
        return []
    empties = set(job.options.get("empties") or ())
    return [value for value in table.samples(place[0], MOST_STAGE_VALUES + 1) if value.casefold() not in empties]


# --- What is sent -------------------------------------------------------------------------------------------------
def check_mapping(kind: str, mapping: Mapping[str, str], headings: Sequence[str]) -> None:
    """Raises NotPossible."""
    texts = []
    names = labels(kind)
    many = {target.name for target in targets(kind) if target.many}
    for name, places in inverse(mapping, headings).items():
        if len(places) > 1 and name not in many:
            columns = _("” and “").join(headings[place] for place in places)
            texts.append(
                _("“%(field)s” is chosen for “%(columns)s”. Keep one of them.")
                % {"field": names[name], "columns": columns}
            )
    if not set(IDENTIFYING[kind]) & set(mapping.values()):
        wanted = _(" or ").join(f"“{names[name]}”" for name in IDENTIFYING[kind])
        texts.append(_("One column has to be %(fields)s: without it a row is nothing.") % {"fields": wanted})
    if texts:
        raise NotPossible(texts)


def check_values(values: Iterable[Sequence[str]]) -> None:
    """Raises NotPossible."""
    if any(len(found) > MOST_STAGE_VALUES for found in values):
        raise NotPossible([_("The column for stage or state has more than 40 different values. Is it really that?")])


def read_options(posted: Any, before: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The options as sent by the form (a QueryDict); unknown values fall back to what was before."""
    options = dict(before)
    options.update({name: posted[name] for name, allowed in CHOICES.items() if posted.get(name) in allowed})
    if posted.get("match") in ("", "none", *MATCHES.get(kind, ())):
        options["match"] = posted["match"]
    stages = dict(options.get("stages") or {})
    for place, value in enumerate(stages):
        sent = str(posted.get(f"stage-{place}", ""))
        stages[value] = int(sent) if sent.isdecimal() else stages[value]
    statuses = dict(options.get("statuses") or {})
    for place, value in enumerate(statuses):
        sent = str(posted.get(f"status-{place}", statuses[value]))
        statuses[value] = sent if sent in LeadStatus.values else ""
    options["stages"], options["statuses"] = stages, statuses
    if "placeholders_shown" in posted:
        options["empties"] = [word for word in options.get("placeholders") or () if word in posted.getlist("empties")]
    if posted.get("drop_price_list"):
        options.pop("price_list", None)
    return options


def read_mapping(posted: Mapping[str, Any], headings: Sequence[str], kind: str) -> dict[str, str]:
    names = set(labels(kind))
    sent = {heading: str(posted.get(f"column-{place}", "")) for place, heading in enumerate(headings)}
    return {heading: name for heading, name in sent.items() if name in names}
