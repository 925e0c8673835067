"""Does a field earn its place? How often it is filled, with what, who last read it, and what users say about it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from crm.fields import asking, fillers, marks, reading
from crm.fields.catalog import CUSTOM, FieldInfo, Kind
from crm.models import Contact, Customer, Entity, FieldReading, FieldRule, Lead, MarkKind, Opportunity

# Below these a field is proposed to be dropped; with fewer records nothing is said yet.
FEW_FILLED, MUCH_FILLER, UNREAD_DAYS, MANY_MARKS, FEW_RECORDS = 20, 30, 90, 2, 10
TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.PHONE, Kind.EMAIL)
MODELS: dict[Entity, Any] = {Entity.LEAD: Lead, Entity.CUSTOMER: Customer, Entity.OPPORTUNITY: Opportunity}


@dataclass(frozen=True)
class Usage:
    """One field. `filled` and `filler` count records; percentages are None without any."""

    info: FieldInfo
    rule: FieldRule | None
    records: int
    filled: int
    filler: int
    read: FieldReading | None
    marks: list[tuple[str, int]]
    proposal: str

    @property
    def filled_percent(self) -> int | None:
        return round(self.filled * 100 / self.records) if self.records else None

    @property
    def filler_percent(self) -> int | None:
        return round(self.filler * 100 / self.filled) if self.filled else None


def fill_rates(entity: Entity) -> dict[str, tuple[int, int, int]]:
    """{field: (records, filled, filler)} of all fields that may be asked, in one query."""
    found = asking.askable(entity)
    records: QuerySet[Any] = MODELS[entity].objects.order_by()
    counts: dict[str, Any] = {"records": Count("pk")}
    for number, info in enumerate(found):
        records, filled, filler = _conditions(records, info, f"own_{number}")
        counts[f"filled_{number}"] = Count("pk", filter=filled)
        if filler is not None:
            counts[f"filler_{number}"] = Count("pk", filter=filler)
    row = records.aggregate(**counts)
    return {
        info.name: (row["records"], row[f"filled_{number}"], row.get(f"filler_{number}", 0))
        for number, info in enumerate(found)
    }


def usage(today: date) -> dict[Entity, list[Usage]]:
    """All fields of all entities. Six queries, however many fields and records there are."""
    rules = {(rule.entity, rule.field): rule for rule in FieldRule.objects.select_related("serves", "from_stage")}
    said, read = marks.counts(), reading.last()
    found: dict[Entity, list[Usage]] = {}
    for entity in Entity:
        rates = fill_rates(entity)
        found[entity] = [_usage(info, rates[info.name], rules, read, said, today) for info in asking.askable(entity)]
    return found


def _usage(
    info: FieldInfo,
    rate: tuple[int, int, int],
    rules: dict[tuple[str, str], FieldRule],
    read: dict[tuple[str, str], FieldReading],
    said: dict[tuple[str, str], marks.Marks],
    today: date,
) -> Usage:
    key = (info.entity.value, info.name)
    rule, last = rules.get(key), read.get(key)
    spoken = [(str(MarkKind(kind).label), count) for kind, count in sorted(said.get(key, {}).items())]
    may_go = rule is not None or info.custom is not None
    reasons = list(_against(rate, last, sum(said.get(key, {}).values()), today)) if may_go else []
    return Usage(info, rule, *rate, read=last, marks=spoken, proposal=" ".join(reasons) if len(reasons) > 1 else "")


def _against(rate: tuple[int, int, int], last: FieldReading | None, marked: int, today: date) -> list[str]:
    """What speaks against a field. One alone is no reason to drop it; two are."""
    records, filled, filler = rate
    reasons = []
    if records >= FEW_RECORDS and filled * 100 < records * FEW_FILLED:
        reasons.append(_("It is hardly ever filled."))
    if filled and filler * 100 >= filled * MUCH_FILLER:
        reasons.append(_("Much of it is filler."))
    if last is None:
        reasons.append(_("No agenda or decision has read it."))
    elif last.read_at.date() < today - timedelta(days=UNREAD_DAYS):
        reasons.append(_("No agenda or decision has read it for three months."))
    if marked >= MANY_MARKS:
        reasons.append(_("Users find it a burden."))
    return reasons


def _conditions(records: QuerySet[Any], info: FieldInfo, alias: str) -> tuple[QuerySet[Any], Q | Exists, Q | None]:
    """Adds what is needed to the records, and the conditions for filled and, of texts, for filler."""
    if info is asking.DECIDER:
        return records, Exists(Contact.objects.filter(customer=OuterRef("customer"), decides=True)), None
    name = info.name
    if info.custom:
        name = alias
        records = records.alias(**{alias: KeyTextTransform(info.name.removeprefix(CUSTOM), F("custom"))})
    filled = Q(**{f"{name}__isnull": False})
    if info.kind not in TEXTS:
        return records, filled, None
    filled &= ~Q(**{name: ""})
    return records, filled, filled & Q(**{f"{name}__iregex": fillers.pattern()})
