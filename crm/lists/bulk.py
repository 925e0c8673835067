"""One change to many records at once: looked at first, made through the services, taken back as one.

Rights, guarded stages and the reason for losing hold for each record as they do for one; who does not pass stays as it
was and is listed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm import access
from crm.errors import ReasonNeeded, StageNeeds
from crm.fields import catalog, values
from crm.fields.catalog import FieldInfo, Kind
from crm.fields.needs import missing_for
from crm.lists.asking import ask
from crm.lists.specs import Spec, spec_of
from crm.models import Batch, BatchKind, BulkEdit, BulkState, ListKind, Stage, Via
from crm.services import bin as the_bin
from crm.services import customer, lead, lost_reason, opportunity
from members.models import Role, User
from tenants import clock

MOST = 5000
# Above, it is work for the background.
AT_ONCE = 200
CHUNK = 100
BIN = "bin"
# One value for many makes no sense here.
ONE_EACH = ("name", "title", "phone", "email", "customer")
# Why a record stays as it is.
NO_RIGHT, NEEDS, NO_REASON, GONE = "no_right", "needs", "no_reason", "gone"
Save = Callable[..., object]
SAVERS: dict[ListKind, Save] = {
    ListKind.LEADS: lead.change,
    ListKind.CUSTOMERS: customer.change,
    ListKind.DEALS: opportunity.change,
}


class TooMany(Exception):
    """More than MOST records."""


@dataclass(frozen=True)
class Wish:
    """What shall become of each record. `info` is None for the bin; `value` is the Python value."""

    info: FieldInfo | None
    value: Any = None
    lost_reason: str = ""

    @property
    def field(self) -> str:
        return self.info.name if self.info else BIN

    @property
    def loses(self) -> bool:
        return isinstance(self.value, Stage) and self.value.kind == "lost"


def fields_of(spec: Spec) -> list[FieldInfo]:
    return [info for info in catalog.fields_of(spec.entity) if info.name not in ONE_EACH]


def may_bulk(user: User) -> bool:
    return access.may_write(user)


# --- Which records ------------------------------------------------------------------------------------------------
def selected(spec: Spec, user: User, *, whole: bool, query: str, pks: Sequence[str], today: date) -> list[int]:
    """The ids of what is chosen: all that an address shows, or the ticked rows. Raises TooMany."""
    if whole:
        found = ask(spec, user, QueryDict(query), today).rows.order_by("pk")
    else:
        found = spec.rows(user).filter(pk__in=[int(pk) for pk in pks if pk.isascii() and pk.isdecimal()]).order_by("pk")
    ids = list(found.values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        raise TooMany
    return ids


def _rows(spec: Spec, user: User, ids: Sequence[int]) -> QuerySet[Any]:
    joined = ("owner", "stage") if spec.kind == ListKind.DEALS else ("owner",)
    return spec.rows(user).filter(pk__in=ids).select_related(*joined).order_by("pk")


# --- Looking first ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """So many records go from one value to the other."""

    old: str
    count: int


@dataclass(frozen=True)
class Refusal:
    why: str
    count: int
    names: list[str]


@dataclass(frozen=True)
class Preview:
    total: int
    changing: int
    same: int
    steps: list[Step]
    new: str
    refused: list[Refusal]


def preview(spec: Spec, *, ids: Sequence[int], wish: Wish, by: User) -> Preview:
    steps: dict[str, int] = {}
    refused: dict[str, list[str]] = {}
    same = total = 0
    for record in _rows(spec, by, ids):
        total += 1
        if why := _refusal(record, wish, by):
            refused.setdefault(why, []).append(str(record))
        elif wish.info and _is_same(record, wish):
            same += 1
        else:
            old = shown_of(wish.info, values.get(record, wish.info.name)) if wish.info else ""
            steps[old] = steps.get(old, 0) + 1
    by_count = sorted(steps.items(), key=lambda step: -step[1])
    return Preview(
        total,
        sum(steps.values()),
        same,
        [Step(*step) for step in by_count],
        shown_of(wish.info, wish.value),
        [Refusal(why, len(names), names[:5]) for why, names in refused.items()],
    )


def shown_of(info: FieldInfo | None, value: Any) -> str:
    return values.shown(info, value) if info else _("the bin")


def _is_same(record: Any, wish: Wish) -> bool:
    assert wish.info
    held = values.to_json(values.get(record, wish.info.name))
    wanted = values.to_json(wish.value)
    return held == wanted or (held in values.EMPTY and wanted in values.EMPTY)


def _refusal(record: Any, wish: Wish, by: User) -> str:
    """Why this record would stay as it is, in words; "" if nothing speaks against it."""
    if not access.may_change(by, record):
        return in_words(NO_RIGHT, [])
    if isinstance(wish.value, Stage) and record.stage_id != wish.value.pk:
        return in_words(NEEDS, missing) if (missing := missing_for(record, wish.value)) else ""
    return ""


def in_words(why: str, missing: Sequence[str]) -> str:
    if why == NEEDS:
        labels = [str(found.label) if (found := catalog.field("opportunity", name)) else name for name in missing]
        return _("The stage needs: %(fields)s") % {"fields": _(", ").join(labels)}
    words = {
        NO_RIGHT: _("Belongs to somebody else; you may not change it."),
        NO_REASON: _("Losing a deal wants a reason."),
        GONE: _("Is not there any more."),
    }
    return words[why]


# --- Making it ----------------------------------------------------------------------------------------------------
@transaction.atomic
def start(spec: Spec, *, ids: Sequence[int], wish: Wish, by: User, today: date) -> BulkEdit:
    """Writes the wish down and makes it: few records at once, many in the background.

    Raises ReasonNeeded for losing without a reason, and TooMany.
    """
    if wish.loses and not lost_reason.explains(wish.lost_reason):
        raise ReasonNeeded
    if len(ids) > MOST:
        raise TooMany
    label = wish.info.label if wish.info else _("To the bin")
    batch = Batch.objects.create(kind=BatchKind.BULK, label=f"{spec.label}: {label}"[:200], at=clock.now(), by=by)
    bulk = BulkEdit.objects.create(
        batch=batch,
        list=spec.kind,
        field=wish.field,
        value=values.to_json(wish.value),
        lost_reason=wish.lost_reason,
        records=list(ids),
    )
    _work_off(bulk, today)
    return bulk


def run(bulk_id: int, today: date) -> None:
    """Works the records off, some at a time, each time in a transaction: safe to run twice, and to run again."""
    while _run_chunk(bulk_id, today):
        pass


@transaction.atomic
def _run_chunk(bulk_id: int, today: date) -> bool:
    bulk = BulkEdit.objects.select_for_update(of=("self",)).select_related("batch__by").get(pk=bulk_id)
    if bulk.state not in (BulkState.WAITING, BulkState.RUNNING):
        return False
    ids = bulk.records[bulk.done : bulk.done + CHUNK]
    refused = _change(bulk, ids, today) if ids else []
    bulk.done += len(ids)
    bulk.changed += len(ids) - len(refused)
    bulk.refused += refused
    finished = bulk.done >= len(bulk.records)
    bulk.state = BulkState.DONE if finished else BulkState.RUNNING
    if finished:
        bulk.finished_at = clock.now()
        bulk.changed = bulk.batch.records = _edited(bulk)
        bulk.batch.save(update_fields=["records"])
    bulk.save()
    return not finished


def _change(bulk: BulkEdit, ids: Sequence[int], today: date) -> list[list[Any]]:
    """Changes what may be changed; returns the refused ones as `BulkEdit.refused` keeps them."""
    spec, by = spec_of(bulk.list), bulk.batch.by
    wish = wish_of(bulk)
    rows = {row.pk: row for row in _rows(spec, by, ids)}
    refused: list[list[Any]] = [[pk, "", GONE, []] for pk in ids if pk not in rows]
    allowed = []
    for record in rows.values():
        if access.may_change(by, record):
            allowed.append(record)
        else:
            refused.append([record.pk, str(record), NO_RIGHT, []])
    if wish.info is None:
        pks = [record.pk for record in allowed]
        the_bin.throw_away(spec.record, pks, by=by, today=today, via=Via.BULK, batch=bulk.batch)
        return refused
    for record in allowed:
        try:
            with transaction.atomic():
                _put(spec, record, wish, by=by, today=today, batch=bulk.batch)
        except StageNeeds as needs:
            refused.append([record.pk, str(record), NEEDS, list(needs.missing)])
        except ReasonNeeded:
            refused.append([record.pk, str(record), NO_REASON, []])
    return refused


def _put(spec: Spec, record: Any, wish: Wish, *, by: User, today: date, batch: Batch) -> None:
    assert wish.info
    if isinstance(wish.value, Stage):
        reason = wish.lost_reason
        opportunity.move(record, to=wish.value, by=by, today=today, lost_reason=reason, via=Via.BULK, batch=batch)
        return
    value = "" if wish.value is None and wish.info.kind in (Kind.TEXT, Kind.LONG_TEXT) else wish.value
    SAVERS[spec.kind](record, by=by, values={wish.info.name: value}, via=Via.BULK, batch=batch)


def wish_of(bulk: BulkEdit) -> Wish:
    """The wish as it was written down; a field that is retired since changes nothing and cannot come here again."""
    spec = spec_of(bulk.list)
    if bulk.field == BIN:
        return Wish(None)
    info = catalog.field(spec.entity, bulk.field)
    if info is None:
        return Wish(FieldInfo(spec.entity, bulk.field, bulk.field, Kind.TEXT), bulk.value)
    return Wish(info, _loaded(spec, info, bulk.value), bulk.lost_reason)


def _loaded(spec: Spec, info: FieldInfo, value: Any) -> Any:
    if info.kind in (Kind.USER, Kind.STAGE, Kind.CATEGORY) and value is not None:
        related: Any = spec.rows(User()).model._meta.get_field(info.name).related_model
        return related._base_manager.get(pk=value)
    return values.from_json(info, value)


def _edited(bulk: BulkEdit) -> int:
    """Records of the list that the batch has really changed; those that already were as wished left no edit."""
    kind = spec_of(bulk.list).record
    return bulk.batch.edits.filter(entity=kind).order_by().values("record_id").distinct().count()


def _work_off(bulk: BulkEdit, today: date) -> None:
    from crm.tasks import run_bulk_edit

    if len(bulk.records) > AT_ONCE:
        run_bulk_edit.delay_on_commit(bulk.pk, today.isoformat())
    else:
        run(bulk.pk, today)


# --- Later --------------------------------------------------------------------------------------------------------
def edits(user: User) -> QuerySet[BulkEdit]:
    """One's own bulk edits; of those who look after everybody's data, all."""
    every = BulkEdit.objects.select_related("batch__by", "batch__undone_by")
    if user.role in (Role.MANAGER, Role.ADMIN) and access.sees_all(user):
        return every
    return every.filter(batch__by=user)


def edit(user: User, pk: int) -> BulkEdit:
    return get_object_or_404(edits(user), pk=pk)


def edit_for_change(user: User, pk: int) -> BulkEdit:
    found = edit(user, pk)
    if not access.may_write(user):
        raise PermissionDenied
    return found
