"""Which columns a person sees in a list, and in which order."""

from collections.abc import Iterable, Sequence

from django.http import QueryDict

from crm.lists.columns import Column
from crm.lists.specs import Spec, columns_of
from crm.models import ListLayout
from members.models import User

MOST = 12


def chosen(spec: Spec, user: User, params: QueryDict) -> list[Column]:
    """Those the address names, else the person's own, else the usual ones; the name always first."""
    known = columns_of(spec)
    names = params.get("columns", "").split(",") if params.get("columns") else _own(spec, user)
    return [known[name] for name in _tidy(spec, names or spec.columns, known)]


def save(spec: Spec, *, names: Iterable[str], by: User) -> list[str]:
    """Keeps the columns for this person; unknown ones fall away, none at all is the usual choice again."""
    kept = _tidy(spec, names, columns_of(spec))
    if len(kept) == 1:
        ListLayout.objects.filter(user=by, list=spec.kind).delete()
        return list(spec.columns)
    ListLayout.objects.update_or_create(user=by, list=spec.kind, defaults={"columns": kept})
    return kept


def _own(spec: Spec, user: User) -> Sequence[str]:
    found = ListLayout.objects.filter(user=user, list=spec.kind).values_list("columns", flat=True).first()
    return [str(name) for name in found] if found else ()


def _tidy(spec: Spec, names: Iterable[str], known: dict[str, Column]) -> list[str]:
    first = spec.columns[0]
    others = [name for name in dict.fromkeys(names) if name in known and name != first]
    return [first, *others][:MOST]
