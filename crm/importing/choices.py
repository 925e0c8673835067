"""What the user chooses for a file, and what is proposed first.

The options of a job: `date_order` ("dmy" or "mdy"), `unknown_owners` and `unknown_customers` ("create" or "leave"),
`stages` (value in the file → stage id, 0 for none), `price_list` (see `crm.importing.prices`), and from the last check
`along`: how many records of other kinds are made along the way.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from crm.importing.fields import DATES, IDENTIFYING, guess_mapping, inverse, labels, targets
from crm.importing.matching import guess_stage
from crm.importing.readers import Table
from crm.importing.values import guess_order
from crm.models import ImportJob, ImportKind, ImportState, Stage

MOST_STAGE_VALUES = 40
REMEMBERED_JOBS = 20
PEEKED_DATES = 2000
CREATE, LEAVE = "create", "leave"


class NotPossible(ValueError):
    """The choices do not fit together; each text says why, to the user."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        super().__init__(" ".join(texts))


def propose(job: ImportJob, table: Table) -> None:
    """Fills columns, mapping and options: as chosen last time for a file with the same headings, else guessed."""
    job.columns = [
        {"heading": heading, "samples": table.samples(place)} for place, heading in enumerate(table.headings)
    ]
    last = _last_time(job, table.headings)
    job.mapping = dict(last.mapping) if last else guess_mapping(table.headings, job.kind)
    job.options = {"unknown_owners": CREATE, "unknown_customers": CREATE, "date_order": _guess_order(job, table)}
    if last:
        kept = ("unknown_owners", "unknown_customers", "date_order", "stages")
        job.options.update({name: last.options[name] for name in kept if name in last.options})
    propose_stages(job, table)


def _last_time(job: ImportJob, headings: Sequence[str]) -> ImportJob | None:
    jobs = ImportJob.objects.filter(kind=job.kind, state=ImportState.DONE).exclude(pk=job.pk)[:REMEMBERED_JOBS]
    return next((one for one in jobs if headings_of(one) == list(headings)), None)


def headings_of(job: ImportJob) -> list[str]:
    return [column["heading"] for column in job.columns]


def _guess_order(job: ImportJob, table: Table) -> str:
    places = inverse(job.mapping, table.headings)
    texts = (
        text for name in DATES for place in places.get(name, []) for text in islice(table.column(place), PEEKED_DATES)
    )
    return guess_order(texts)


def propose_stages(job: ImportJob, table: Table) -> bool:
    """Brings `stages` in line with the mapped column; returns whether there are values nobody has seen yet."""
    chosen: Mapping[str, int] = job.options.get("stages") or {}
    values = stage_values(job, table)
    stages = list(Stage.objects.all())
    known = {stage.pk for stage in stages}
    job.options["stages"] = {
        value: chosen[value] if chosen.get(value) in {0, *known} else getattr(guess_stage(value, stages), "pk", 0)
        for value in values
    }
    return not set(values) <= set(chosen)


def stage_values(job: ImportJob, table: Table) -> list[str]:
    """The different stages of the file, in the order of their first row."""
    place = inverse(job.mapping, table.headings).get("stage") if job.kind == ImportKind.OPPORTUNITIES else None
    return table.samples(place[0], MOST_STAGE_VALUES + 1) if place else []


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


def check_stages(values: Sequence[str]) -> None:
    """Raises NotPossible."""
    if len(values) > MOST_STAGE_VALUES:
        raise NotPossible([_("The stage column has more than 40 different values. Is it really the stage?")])


def read_options(posted: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The options as sent by the form; unknown values fall back to what was before."""
    options = dict(before)
    for name, allowed in {
        "date_order": ("dmy", "mdy"),
        "unknown_owners": (CREATE, LEAVE),
        "unknown_customers": (CREATE, LEAVE),
    }.items():
        if posted.get(name) in allowed:
            options[name] = posted[name]
    stages = dict(options.get("stages") or {})
    for place, value in enumerate(stages):
        sent = str(posted.get(f"stage-{place}", ""))
        stages[value] = int(sent) if sent.isdecimal() else stages[value]
    options["stages"] = stages
    if posted.get("drop_price_list"):
        options.pop("price_list", None)
    return options


def read_mapping(posted: Mapping[str, Any], headings: Sequence[str], kind: str) -> dict[str, str]:
    names = set(labels(kind))
    sent = {heading: str(posted.get(f"column-{place}", "")) for place, heading in enumerate(headings)}
    return {heading: name for heading, name in sent.items() if name in names}
