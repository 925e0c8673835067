"""Taking a bulk edit back: what nobody has changed since comes back, the rest is listed."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.errors import AlreadyUndone, IdTaken
from crm.fields import catalog
from crm.kinds import MODELS
from crm.lists import bulk as bulks
from crm.lists.specs import spec_of
from crm.models import Batch, BulkEdit, BulkState
from crm.services import bin as the_bin
from crm.services import history
from members.models import User
from tenants import clock

ID_TAKEN = "id_taken"


@transaction.atomic
def start(bulk: BulkEdit, *, by: User, today: date) -> BulkEdit:
    """Takes it back: a small one at once, a big one in the background. Raises AlreadyUndone."""
    standing = BulkEdit.objects.filter(pk=bulk.pk, state=BulkState.DONE)
    if not standing.update(state=BulkState.UNDOING, done=0):
        raise AlreadyUndone
    from crm.tasks import undo_bulk_edit

    if len(bulk.records) > bulks.AT_ONCE:
        undo_bulk_edit.delay_on_commit(bulk.pk, by.pk, today.isoformat())
    else:
        run(bulk.pk, by, today)
    bulk.refresh_from_db()
    return bulk


@transaction.atomic
def run(bulk_id: int, by: User, today: date) -> None:
    """Does nothing when it was done before."""
    bulk = BulkEdit.objects.select_for_update(of=("self",)).select_related("batch").get(pk=bulk_id)
    if bulk.state != BulkState.UNDOING:
        return
    if bulk.field == bulks.BIN:
        bulk.restored, bulk.kept = _bring_back(bulk, by)
    else:
        undone = history.undo(bulk.batch, by=by, today=today)
        bulk.restored = undone.restored
        bulk.kept = [
            [kept.record and kept.record.pk, str(kept.record or ""), kept.why, kept.field] for kept in undone.kept
        ]
    bulk.state, bulk.done, bulk.finished_at = BulkState.UNDONE, len(bulk.records), clock.now()
    bulk.save()


def _bring_back(bulk: BulkEdit, by: User) -> tuple[int, list[list[Any]]]:
    if not Batch.objects.filter(pk=bulk.batch_id, undone_at=None).update(undone_at=clock.now(), undone_by=by):
        raise AlreadyUndone
    kind = spec_of(bulk.list).record
    thrown = bulk.batch.edits.filter(entity=kind).values("record_id")
    records: Any = MODELS[kind].with_binned.filter(pk__in=thrown).order_by("pk")
    restored, kept = 0, []
    for record in records:
        try:
            restored += bool(the_bin.bring_back(record, by=by))
        except IdTaken:
            kept.append([record.pk, str(record), ID_TAKEN, ""])
    return restored, kept


def in_words(why: str, field: str, entity: str) -> str:
    found = catalog.field(entity, field)
    label = str(found.label) if found else field
    words = {
        history.Why.CHANGED_SINCE: _("%(field)s was changed since"),
        history.Why.GONE: _("is not there any more"),
        history.Why.GUARDED: _("the stage before needs fields that are empty now"),
        ID_TAKEN: _("another record has its id now"),
    }
    words_of: dict[str, str] = {str(key): text for key, text in words.items()}
    return words_of[why] % {"field": label} if "%(field)s" in words_of[why] else words_of[why]
