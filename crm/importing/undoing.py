"""A whole import taken back within thirty days: what it made goes to the bin, what it changed gets its old values.

Records that somebody has worked on since are listed before; they stay as they are unless the user takes them too.
Everything is set-based, so that 100,000 rows take seconds. Interactions have no bin: they are removed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.importing import bulk
from crm.importing.hold import hold, is_held
from crm.importing.plan import CHUNK, in_chunks
from crm.importing.restoring import restore
from crm.models import (
    Attachment,
    Batch,
    Case,
    Contact,
    Customer,
    ImportJob,
    ImportKind,
    ImportState,
    Interaction,
    Lead,
    NextStep,
    Opportunity,
)
from l10n import formats
from members.models import User
from tenants import clock

DAYS = 30
LISTED = 50
# More than this would keep the page waiting: the worker does it.
IN_THE_REQUEST = 3000
LOST_AFTER = timedelta(minutes=2)
Record = Lead | Customer | Contact | Opportunity
# Customers last: one that still has records of somebody stays.
MADE: tuple[type[Record], ...] = (Lead, Contact, Opportunity, Customer)
LINKS: dict[type[Record], str] = {Lead: "lead", Customer: "customer", Opportunity: "opportunity"}


class NotNow(ValueError):
    """It is done already, or being done; the text says so to the user."""


@dataclass(frozen=True)
class Offer:
    until: date
    waiting: bool


@dataclass(frozen=True)
class Look:
    """What would be done. `edited` are the first of `edited_count` records that were worked on since."""

    made: int
    interactions: int
    changed: int
    edited: Sequence[Record]
    edited_count: int


@dataclass(frozen=True)
class TakenBack:
    made: int
    interactions: int
    restored: int
    kept: int

    @property
    def said(self) -> str:
        numbers = {"made": self.made + self.interactions, "restored": self.restored, "kept": self.kept}
        words = {name: formats.num(count) for name, count in numbers.items()}
        if self.made + self.interactions + self.restored + self.kept == 0:
            return _("It is being taken back; this page will say when it is done.")
        return _("Taken back: %(made)s removed, %(restored)s as before, %(kept)s left as they are.") % words


def offer(job: ImportJob, *, today: date) -> Offer | None:
    """Until when an import may be taken back, or None: nothing is in, it was taken back, or it is too long ago."""
    ended = job.state in (ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED)
    if job.batch is None or job.batch.undone_at or not ended or job.kind == ImportKind.PEOPLE or not job.processed:
        return None
    until = timezone.localdate(job.batch.at) + timedelta(DAYS)
    return Offer(until, _is_waiting(job)) if today <= until else None


def _is_waiting(job: ImportJob) -> bool:
    asked = job.options.get("undo_asked_at")
    return bool(asked) and (is_held(job.pk) or clock.now() - datetime.fromisoformat(asked) < LOST_AFTER)


def look(job: ImportJob) -> Look:
    batch = _batch(job)
    edited = _worked_on(job)
    rows: list[Record] = []
    for model, pks in edited.items():
        rows += model._default_manager.filter(pk__in=list(pks)[: LISTED - len(rows)])
    return Look(
        sum(model._default_manager.filter(imported_in=batch).count() for model in MADE),
        Interaction.objects.filter(imported_in=batch).count(),
        batch.edits.count(),
        rows,
        sum(map(len, edited.values())),
    )


def take_back(job: ImportJob, *, by: User, today: date, all_of_it: bool) -> TakenBack:
    """Takes it back now, or sends it to the worker when it is large. Raises NotNow."""
    if job.created + job.updated <= IN_THE_REQUEST:
        return work(job.pk, by_id=by.pk, today=today, all_of_it=all_of_it)
    from crm import tasks

    with transaction.atomic():
        locked = ImportJob.objects.select_for_update(of=("self",)).select_related("batch").get(pk=job.pk)
        if not offer(locked, today=today) or _is_waiting(locked):
            raise NotNow(_("This import is being taken back already."))
        locked.options["undo_asked_at"] = clock.now().isoformat()
        locked.save(update_fields=["options"])
        tasks.undo_import.delay_on_commit(job.pk, by.pk, today.isoformat(), all_of_it)
    return TakenBack(0, 0, 0, 0)


def work(job_id: int, *, by_id: int, today: date, all_of_it: bool) -> TakenBack:
    """In one transaction. Raises NotNow when somebody was faster."""
    with hold(job_id) as free:
        if not free:
            raise NotNow(_("This import is being taken back already."))
        with transaction.atomic():
            job = ImportJob.objects.select_related("batch").get(pk=job_id)
            by = User.objects.get(pk=by_id)
            standing = Batch.objects.filter(pk=_batch(job).pk, undone_at=None)
            if not standing.update(undone_at=clock.now(), undone_by=by):
                raise NotNow(_("This import was taken back already."))
            return _take_back(job, by, today, all_of_it=all_of_it)


def _take_back(job: ImportJob, by: User, today: date, *, all_of_it: bool) -> TakenBack:
    batch = _batch(job)
    worked_on = {} if all_of_it else _worked_on(job)
    removed = _remove_interactions(batch)
    made = sum(_bin(model, batch, worked_on.get(model, ()), by) for model in MADE)
    restored, kept = restore(batch, by=by, today=today, all_of_it=all_of_it)
    left = sum(model._default_manager.filter(imported_in=batch).count() for model in MADE)
    return TakenBack(made, removed, restored, kept + left)


def _bin(model: type[Record], batch: Batch, kept: Collection[int], by: User) -> int:
    rows = model._default_manager.filter(imported_in=batch).exclude(pk__in=kept)
    count: int = rows.update(deleted_at=clock.now(), deleted_by=by)
    return count


def _remove_interactions(batch: Batch) -> int:
    """Deals forget them too: their last interaction is the latest that is left."""
    gone = Interaction.objects.filter(imported_in=batch)
    deals = set(gone.exclude(opportunity=None).values_list("opportunity", flat=True))
    count: int = gone.delete()[0]
    for pks in in_chunks(sorted(deals), CHUNK):
        touched = list(Opportunity.objects.filter(pk__in=pks).annotate(latest=Max("interactions__happened_at")))
        for deal in touched:
            latest = vars(deal)["latest"]
            deal.last_interaction_on = timezone.localdate(latest) if latest else None
        bulk.update(touched, ["last_interaction_on"])
    return count


# --- Worked on since ----------------------------------------------------------------------------------------------
def _worked_on(job: ImportJob) -> dict[type[Record], set[int]]:
    """The live records made by the import that were edited, talked about or built upon since."""
    batch = _batch(job)
    found: dict[type[Record], set[int]] = {}
    for model in MADE:
        mine = model._default_manager.filter(imported_in=batch)
        found[model] = set(mine.filter(_touched(model, job, batch, found)).values_list("pk", flat=True))
    return found


def _touched(model: type[Record], job: ImportJob, batch: Batch, found: dict[type[Record], set[int]]) -> Q:
    touched = Q(version__gt=1) | Q(updated_at__gt=job.finished_at or clock.now())
    link = LINKS.get(model)
    if link is None:
        return touched
    on_it = {link: OuterRef("pk")}
    others: list[QuerySet[Any]] = [
        Interaction.objects.filter(**on_it).exclude(imported_in=batch),
        NextStep.objects.filter(**on_it),
        Attachment.objects.filter(**on_it),
    ]
    if model is Customer:
        others += [
            Case.objects.filter(**on_it),
            *(
                one._default_manager.filter(customer=OuterRef("pk")).filter(
                    ~Q(imported_in=batch) | Q(imported_in=None) | Q(pk__in=found[one])
                )
                for one in (Lead, Contact, Opportunity)
            ),
        ]
    for other in others:
        touched |= Q(Exists(other))
    return touched


def _batch(job: ImportJob) -> Batch:
    if job.batch is None:
        raise NotNow(_("Nothing was written by this import."))
    return job.batch
