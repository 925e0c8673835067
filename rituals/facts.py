"""What the people in the room see about a deal or key result: written once, neutral of language, and read in either.

Facts are JSON: numbers as text, days as ISO text, names as they were. `Opportunity` facts have the keys of `DEAL`, key
results those of `KEY_RESULT`; evidence of a decision is the same as a list of {code, value}.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import ChangeField, Opportunity
from crm.queries import with_days_in_stage, with_next_step, with_quiet_days
from dataquality.models import Issue, OwnerScore
from l10n import formats
from okr.queries import Standing
from pipeline.queries import Changes, flags_of

Facts = dict[str, Any]

DEAL = (
    "amount", "stage", "days_in_stage", "expected_close", "pushes", "last_interaction", "next_what", "next_due",
    "owner", "customer", "trust",
)  # fmt: skip
KEY_RESULT = (
    "value", "unit", "baseline", "target", "progress", "expected", "confidence", "health", "checked_on", "note",
    "guard", "guard_holds", "owner", "objective",
)  # fmt: skip
NAMED_CHANGES = 6
NAMED_REST = 40


@dataclass(frozen=True)
class Tile:
    """One fact in words. `live` is what it is by now, when that differs; `loud` when it is a reason to talk."""

    code: str
    label: str
    value: str
    note: str = ""
    loud: bool = False
    live: str = ""


# --- Written ------------------------------------------------------------------------------------------------------
def live_deals(ids: Iterable[int], today: date) -> dict[int, Opportunity]:
    """The deals as `deal` wants them, by id; one query."""
    deals = Opportunity.objects.filter(pk__in=list(ids)).select_related("customer", "owner", "stage")
    known = with_next_step(with_quiet_days(with_days_in_stage(deals, today), today))
    return {row.pk: row for row in known}


# The fields of a deal that its facts are made of, so that the field report knows that somebody reads them.
FIELDS_READ = ("amount", "expected_close", "owner", "customer")


def deal(row: Opportunity, trust: int | None) -> Facts:
    """Facts of a deal that carries days_in_stage, next_what and next_due (see `crm.queries`)."""
    return {
        "amount": _text(row.amount),
        "stage": row.stage.name,
        "days_in_stage": getattr(row, "days_in_stage"),  # noqa: B009
        "expected_close": _text(row.expected_close),
        "pushes": row.push_count,
        "last_interaction": _text(row.last_interaction_on),
        "next_what": getattr(row, "next_what") or "",  # noqa: B009
        "next_due": _text(getattr(row, "next_due")),  # noqa: B009
        "owner": row.owner.name if row.owner else "",
        "customer": row.customer.name if row.customer else "",
        "trust": trust,
    }


def trust_of(ids: Iterable[int]) -> dict[int, int]:
    """100 less the points of the open issues of each deal; empty before the first score of the firm."""
    ids = list(ids)
    if not OwnerScore.objects.exists():
        return {}
    open_issues = Issue.objects.filter(opportunity__in=ids, resolved_on=None).order_by()
    lost = dict(open_issues.values_list("opportunity").annotate(points=Sum("weight")))
    return {pk: max(0, 100 - lost.get(pk, 0)) for pk in ids}


def key_result(standing: Standing) -> Facts:
    row = standing.key_result
    return {
        "value": _text(standing.value),
        "unit": row.unit,
        "baseline": str(row.baseline),
        "target": str(row.target),
        "progress": _text(standing.progress),
        "expected": str(standing.expected),
        "confidence": standing.confidence,
        "health": standing.health,
        "checked_on": _text(standing.checked_on),
        "note": standing.note,
        "guard": row.guard,
        "guard_holds": standing.guard_holds,
        "owner": row.owner.name,
        "objective": row.objective.title,
    }


def changes(found: Changes) -> Facts:
    """The groups of changed deals, each with its first few deals by name; one query."""
    groups = list(found.groups())
    wanted = {pk for _name, group in groups for pk in group.ids[:NAMED_CHANGES]}
    rows = Opportunity.objects.filter(pk__in=wanted).select_related("customer")
    named = {row.pk: _named(row) for row in rows}
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "groups": [
            {
                "code": name,
                "count": group.count,
                "amount": str(group.amount),
                "deals": [named[pk] for pk in group.ids[:NAMED_CHANGES] if pk in named],
            }
            for name, group in groups
        ],
    }


def rest(rows: Iterable[Opportunity], count: int, amount: Decimal) -> Facts:
    """Stuck deals that did not find room; `rows` carry the flags of `pipeline.queries`."""
    return {
        "count": count,
        "amount": str(amount),
        "deals": [{**_named(row), "flags": flags_of(row)} for row in rows],
    }


def evidence(facts: Facts, flags: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The facts as a decision keeps them."""
    kept = [{"code": code, "value": value} for code, value in facts.items() if value not in (None, "")]
    return [*kept, {"code": "flags", "value": list(flags)}] if flags else kept


def _named(row: Opportunity) -> Facts:
    return {
        "id": row.pk,
        "title": row.title,
        "customer": row.customer.name if row.customer else "",
        "amount": _text(row.amount),
    }


def _text(value: Decimal | date | datetime | None) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


# --- Read ---------------------------------------------------------------------------------------------------------
def flag_label(code: str) -> str:
    return {
        "stalled": _("Stalled"),
        "no_next_step": _("No next step"),
        "close_past": _("Close date is past"),
        "pushed": _("Pushed again and again"),
        "carried": _("Promised again and again"),
        "off": _("Off track"),
        "at_risk": _("At risk"),
        "outdated": _("No fresh number"),
        "pending": _("Never checked in"),
    }.get(code, code)


def change_label(code: str) -> str:
    return {
        "new": _("New deals"),
        "won": _("Won"),
        "lost": _("Lost"),
        "forward": _("Moved forward"),
        "back": _("Moved back"),
        "reopened": _("Opened again"),
        "pushed": _("Pushed to later"),
        "pulled_in": _("Pulled in earlier"),
        "resized": _("Amount changed"),
        "owner_changed": _("New owner"),
    }.get(code, code)


def tiles(facts: Mapping[str, Any], on: date) -> list[Tile]:
    """The facts in the reader's language, as seen on that day."""
    if "health" in facts:
        return _key_result_tiles(facts, on)
    return _deal_tiles(facts, on) if "stage" in facts else []


def beside(frozen: Mapping[str, Any], live: Mapping[str, Any] | None, on: date) -> list[Tile]:
    """The frozen tiles, each with the live value where that is another by now."""
    if live is None:
        return tiles(frozen, on)
    now = {tile.code: tile for tile in tiles(live, on)}
    return [
        replace(tile, live=now[tile.code].value)
        if tile.code in now and (now[tile.code].value, now[tile.code].note) != (tile.value, tile.note)
        else tile
        for tile in tiles(frozen, on)
    ]


def lines(kept: Iterable[Mapping[str, Any]], on: date) -> list[Tile]:
    """The evidence of a decision in words; `on` is the day it was decided."""
    facts = {row["code"]: row["value"] for row in kept}
    if "health" not in facts:
        facts = {"amount": "", "expected_close": "", "last_interaction": "", "next_what": "", **facts}
    return tiles(facts, on)


def applied(kept: Mapping[str, Any]) -> list[Tile]:
    """What a decision changed on the deal: `value` is the new one, `note` the old one."""
    return [
        Tile(row["field"], str(ChangeField(row["field"]).label), _shown(row, "new"), note=_shown(row, "old"))
        for row in kept.get("changes", [])
    ]


def _shown(row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if not value:
        return _("none")
    match row["field"]:
        case ChangeField.AMOUNT:
            return formats.money_short(Decimal(value))
        case ChangeField.EXPECTED_CLOSE:
            return formats.day(date.fromisoformat(value))
    return str(value)


def _deal_tiles(facts: Mapping[str, Any], on: date) -> list[Tile]:
    pushes = int(facts.get("pushes") or 0)
    close, last, due = (
        _day(facts.get("expected_close")),
        _day(facts.get("last_interaction")),
        _day(facts.get("next_due")),
    )
    pushed = ngettext("pushed once", "pushed %(count)s times", pushes) % {"count": formats.num(pushes)}
    return [
        Tile("amount", _("Amount"), formats.money_short(Decimal(facts["amount"])) if facts["amount"] else _("unknown")),
        Tile(
            "expected_close",
            _("Expected close"),
            formats.day_short(close, on) if close else _("none"),
            note=pushed if pushes else "",
            loud=pushes >= 3 or (close is not None and close < on),
        ),
        Tile(
            "last_interaction",
            _("Last interaction"),
            formats.relative_day(last, on) if last else _("never"),
            loud=last is None,
        ),
        Tile(
            "next_step",
            _("Next step"),
            str(facts.get("next_what") or _("none")),
            note=formats.relative_day(due, on) if due else "",
            loud=due is None or due < on,
        ),
    ]


def _key_result_tiles(facts: Mapping[str, Any], on: date) -> list[Tile]:
    checked, value = _day(facts.get("checked_on")), facts.get("value")
    progress, expected = facts.get("progress"), Decimal(facts["expected"])
    way = _("from %(baseline)s to %(target)s %(unit)s") % {
        "baseline": formats.num(Decimal(facts["baseline"])),
        "target": formats.num(Decimal(facts["target"])),
        "unit": facts["unit"],
    }
    confidence = facts.get("confidence")
    of_ten = _("%(number)s of 10") % {"number": formats.num(confidence)} if confidence else _("unknown")
    guard = "" if facts.get("guard_holds") in (True, None) else _("the guard does not hold")
    return [
        Tile("value", _("Now"), formats.num(Decimal(value)) if value else _("unknown"), note=way),
        Tile(
            "progress",
            _("Progress"),
            formats.percent(Decimal(progress) * 100) if progress else _("unknown"),
            note=_("expected by now: %(share)s") % {"share": formats.percent(expected * 100)},
            loud=not progress or Decimal(progress) < expected,
        ),
        Tile("confidence", _("Confidence"), of_ten, note=guard, loud=bool(guard) or (confidence or 0) <= 5),
        Tile("checked_on", _("Last check-in"), formats.relative_day(checked, on) if checked else _("never")),
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
