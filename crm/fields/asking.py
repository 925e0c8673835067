"""Which fields may be asked for, and which of them may guard a stage."""

from django.utils.translation import gettext_lazy as _

from crm.fields.catalog import FieldInfo, Kind, fields_of
from crm.models import Entity

# Not a column: somebody at the customer is marked as deciding.
DECIDER = FieldInfo(Entity.OPPORTUNITY, "decider", _("Who decides"), Kind.YES_NO)


def askable(entity: Entity | str) -> tuple[FieldInfo, ...]:
    found = tuple(info for info in fields_of(entity) if info.asked)
    return (*found, DECIDER) if entity == Entity.OPPORTUNITY else found


def info(entity: Entity | str, name: str) -> FieldInfo | None:
    """The field that a rule asks for; None when there is none of this name (any more)."""
    return next((one for one in askable(entity) if one.name == name), None)


def label(entity: Entity | str, name: str) -> str:
    found = info(entity, name)
    return str(found.label) if found else name


def can_guard(entity: Entity | str, name: str) -> bool:
    return entity == Entity.OPPORTUNITY and name != DECIDER.name and info(entity, name) is not None
