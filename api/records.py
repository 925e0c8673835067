"""What the endpoints of all records share: pages by key, and making a record once however often it is asked for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from api.problems import Problem

M = TypeVar("M", bound=Model)
MOST = 200


def page(rows: QuerySet[M], *, after: int, limit: int) -> tuple[list[M], int | None]:
    """Rows with a larger id than `after`, oldest first, and the id to go on from; None on the last page."""
    size = min(max(limit, 1), MOST)
    found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def changed_since(rows: QuerySet[M], moment: datetime | None) -> QuerySet[M]:
    return rows.filter(updated_at__gte=moment) if moment else rows


def once(rows: QuerySet[M], external_id: str, make: Callable[[], M]) -> tuple[int, M]:
    """201 with what `make` makes, or 200 with the record that has this id of the caller's already.

    The database decides between two requests at once. An id of a record that the caller does not see is 409.
    """
    if external_id and (found := rows.filter(external_id=external_id).first()):
        return 200, found
    try:
        with transaction.atomic():
            return 201, _named(make(), external_id)
    except IntegrityError:
        if external_id and (found := rows.filter(external_id=external_id).first()):
            return 200, found
        if external_id and rows.model._default_manager.filter(external_id=external_id).exists():
            raise Problem(409, "id-taken", _("Another record has this id.")) from None
        raise


def _named(made: Any, external_id: str) -> Any:
    if external_id:
        made.external_id = external_id
        made.save(update_fields=["external_id"])
    return made
