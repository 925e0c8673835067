"""Model fields that keep a folded copy of other fields for search and order, and the field for money."""

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from l10n import text

if TYPE_CHECKING:
    from django.db.models import Model, Q, QuerySet

    DecimalBase = models.DecimalField[Any, Any]
    TextBase = models.TextField[str, str]
else:
    DecimalBase, TextBase = models.DecimalField, models.TextField

M = TypeVar("M", bound="Model")


class _DerivedAttribute(DeferredAttribute):
    """Reads as computed from the sources, so that `bulk_update`, which never calls `pre_save`, writes the truth too.

    With a source deferred (`only()`), the stored value is given instead of loading the source row by row.
    """

    field: "_DerivedTextField"

    def __get__(self, instance: "Model | None", cls: "type[Model] | None" = None) -> Any:
        if instance is None:
            return self
        if any(name not in instance.__dict__ for name in self.field.stored_sources):
            return super().__get__(instance, cls)
        value = self.field.derive(instance)
        instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: "Model", value: object) -> None:
        instance.__dict__[self.field.attname] = value


class _DerivedTextField(TextBase):
    descriptor_class = _DerivedAttribute

    def __init__(self, sources: Sequence[str], **kwargs: Any) -> None:
        self.sources = tuple(sources)
        self._stored: tuple[str, ...] | None = None
        super().__init__(**{"editable": False, "blank": True, "default": "", **kwargs})

    @property
    def stored_sources(self) -> tuple[str, ...]:
        """Those sources that are columns; the others are properties of the model."""
        if self._stored is None:
            columns = {field.attname for field in self.model._meta.concrete_fields}
            self._stored = tuple(name for name in self.sources if name in columns)
        return self._stored

    def derive(self, instance: "Model") -> str:
        raise NotImplementedError

    def pre_save(self, model_instance: "Model", add: bool) -> Any:
        return getattr(model_instance, self.attname)


class SearchField(_DerivedTextField):
    """The squeezed `sources` joined by "|", for `search_filter`. A `save(update_fields=…)` must name this field too.

    Index it with `GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name=…)`.
    """

    def derive(self, instance: "Model") -> str:
        values = (text.squeeze(str(getattr(instance, name) or "")) for name in self.sources)
        return "|".join(value for value in values if value)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources}


class SortKeyField(_DerivedTextField):
    """The Persian-alphabet key of `source`, to order by: `order_by("sort_key")`."""

    def __init__(self, source: str, **kwargs: Any) -> None:
        self.source = source
        super().__init__((source,), **{"db_collation": "C", **kwargs})

    def derive(self, instance: "Model") -> str:
        return text.sort_key(str(getattr(instance, self.source) or ""))

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}


class MoneyAmountField(DecimalBase):
    """An amount in the base unit of the tenant's currency (rial, dollar); toman is only a way of showing it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 20, "decimal_places": 2, **kwargs})


def search_filter(queryset: "QuerySet[M]", query: str, field: str = "search") -> "QuerySet[M]":
    """Rows in which each word of the query stands somewhere; an empty query keeps all rows."""
    terms = text.search_terms(query)
    if not terms:
        return queryset if not query.strip() else queryset.none()
    wanted = _all_of(terms, field)
    other = text.keyboard_terms(query)
    return queryset.filter(wanted | _all_of(other, field) if other else wanted)


def _all_of(terms: list[str], field: str) -> "Q":
    return reduce(and_, (models.Q(**{f"{field}__contains": term}) for term in terms))
