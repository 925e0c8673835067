"""What happened to the deals between two moments, net: a deal moved forth and back again has not moved."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from crm.models import Change, ChangeField, Opportunity, Stage, StageKind

NOTHING = Decimal(0)
# (deal, field) → the value before the first change of the time and the one after the last.
Net = dict[tuple[int, str], tuple[str, str]]


@dataclass(frozen=True)
class Group:
    """Deals with the same change. `amount` is the sum of their amounts today; of resized ones, of the differences."""

    ids: tuple[int, ...] = ()
    amount: Decimal = NOTHING

    @property
    def count(self) -> int:
        return len(self.ids)

    def __bool__(self) -> bool:
        return bool(self.ids)


@dataclass(frozen=True)
class Changes:
    """A deal stands once among new, won, lost, forward, back and reopened; only a new one may be won or lost too."""

    since: datetime
    until: datetime
    new: Group = Group()
    won: Group = Group()
    lost: Group = Group()
    forward: Group = Group()
    back: Group = Group()
    reopened: Group = Group()
    pushed: Group = Group()
    pulled_in: Group = Group()
    resized: Group = Group()
    owner_changed: Group = Group()
    # Of every deal named, today.
    amounts: Mapping[int, Decimal | None] = dataclasses.field(default_factory=dict, repr=False)

    def groups(self) -> Iterator[tuple[str, Group]]:
        """The groups that hold something, by name."""
        for one in fields(self):
            group = getattr(self, one.name)
            if isinstance(group, Group) and group:
                yield one.name, group

    def __bool__(self) -> bool:
        return any(True for _ in self.groups())


def what_changed(since: datetime, until: datetime, log: QuerySet[Change] | None = None) -> Changes:
    """After `since`, up to and including `until`, without deals in the bin. Three queries, however much happened.

    `log` holds the changes that the reader may see; without it they are all.
    """
    net = _net(
        (Change.objects.all() if log is None else log)
        .filter(at__gt=since, at__lte=until, opportunity__deleted_at=None)
        .order_by("at", "pk")
        .values_list("opportunity_id", "field", "old", "new")
    )
    stages = {str(stage.pk): stage for stage in Stage.objects.all()}
    found: dict[str, list[int]] = defaultdict(list)
    for (deal, field), (old, new) in net.items():
        for name in _names(field, old, new):
            found[name].append(deal)
    for deal, old, new in _stage_changes(net):
        for name in _moves(stages.get(old), stages.get(new)):
            found[name].append(deal)
    touched = {deal for deal, _field in net}
    amounts = dict(Opportunity.objects.filter(pk__in=touched).values_list("pk", "amount"))
    groups = {name: Group(tuple(ids), _sum(amounts.get(pk) for pk in ids)) for name, ids in found.items()}
    if "resized" in groups:
        groups["resized"] = Group(groups["resized"].ids, _growth(net))
    return Changes(since, until, **groups, amounts=amounts)


def _net(rows: Iterable[tuple[int, str, str, str]]) -> Net:
    net: Net = {}
    for deal, field, old, new in rows:
        first = net[deal, field][0] if (deal, field) in net else old
        net[deal, field] = (first, new)
    return {key: values for key, values in net.items() if values[0] != values[1]}


def _names(field: str, old: str, new: str) -> Iterator[str]:
    match field:
        case ChangeField.CREATED:
            yield "new"
        case ChangeField.EXPECTED_CLOSE if old and new:
            yield "pushed" if new > old else "pulled_in"
        case ChangeField.AMOUNT:
            yield "resized"
        case ChangeField.OWNER:
            yield "owner_changed"


def _stage_changes(net: Net) -> Iterator[tuple[int, str, str]]:
    """Deal, stage before ("" for a new deal) and stage after."""
    for (deal, field), (old, new) in net.items():
        created = net.get((deal, ChangeField.CREATED))
        if field == ChangeField.CREATED and (deal, ChangeField.STAGE) not in net:
            yield deal, "", new
        elif field == ChangeField.STAGE:
            yield deal, "" if created else old, new


def _moves(old: Stage | None, new: Stage | None) -> Iterator[str]:
    """A stage that was deleted meanwhile tells nothing."""
    if new is None:
        return
    if not new.is_open:
        yield "won" if new.kind == StageKind.WON else "lost"
    elif old and not old.is_open:
        yield "reopened"
    elif old:
        yield "forward" if new.position > old.position else "back"


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), NOTHING)


def _growth(net: Net) -> Decimal:
    resized = (values for (_deal, field), values in net.items() if field == ChangeField.AMOUNT)
    return sum((Decimal(new or 0) - Decimal(old or 0) for old, new in resized), NOTHING)
