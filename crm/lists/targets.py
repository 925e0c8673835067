"""What a filter compares with: a column of the record, or a value in the firm's own fields."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, DecimalField, F, Lookup, Q, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThanOrEqual, IContains, IsNull, LessThanOrEqual, Regex

from crm.models import Customer
from l10n import text
from l10n.current import current
from l10n.fields import search_filter

if TYPE_CHECKING:
    BoolLookup = Lookup[bool]
else:
    BoolLookup = Lookup

NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"


class ILike(BoolLookup):
    """Contains, in capitals or not. Django's `icontains` compares UPPER(…), of which the planner has no statistics."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} ILIKE %s", (*params, f"%{connection.ops.prep_for_like_query(self.rhs)}%")


@dataclass(frozen=True)
class Column:
    """`searched`: the text stands in the record's search field, folded, under an index."""

    name: str
    is_text: bool = False
    searched: bool = False
    is_moment: bool = False

    def contains(self, typed: str) -> Q:
        if self.searched:
            return _all_terms(typed)
        return Q(ILike(F(self.name), text.clean_line(typed)))

    def contains_digits(self, typed: str) -> Q:
        """A phone however it is written: the digits in a row, without the zeros of a trunk or country."""
        digits = re.sub(r"\D", "", text.digits_to_ascii(typed)).lstrip("0")
        return Q(**{f"{self.name}__contains": digits}) if digits else Q(pk=None)

    def one_of(self, values: Iterable[Any]) -> Q:
        return Q(**{f"{self.name}__in": list(values)})

    def between(self, low: Any, high: Any) -> Q:
        """Both ends belong to it; None is open. Of moments the ends are days of the firm."""
        wanted = Q()
        if low is not None:
            wanted &= Q(**{f"{self.name}__gte": _start(low) if self.is_moment else low})
        if high is not None and self.is_moment:
            wanted &= Q(**{f"{self.name}__lt": _start(high + timedelta(1))})
        elif high is not None:
            wanted &= Q(**{f"{self.name}__lte": high})
        return wanted

    def empty(self) -> Q:
        return Q(**{self.name: ""}) if self.is_text else Q(**{f"{self.name}__isnull": True})

    def is_true(self, wanted: bool) -> Q:
        return Q(**{self.name: wanted})


@dataclass(frozen=True)
class CustomerColumn(Column):
    """The customer of a deal, by a few letters of name, phone or e-mail."""

    def contains(self, typed: str) -> Q:
        found = search_filter(Customer.objects.order_by(), typed)
        return Q(**{f"{self.name}__in": found.values("pk")})


@dataclass(frozen=True)
class Own:
    """A value of an own field: canonical JSON under `key`."""

    key: str
    is_number: bool = False

    @property
    def words(self) -> KeyTextTransform:
        return KeyTextTransform(self.key, "custom")

    def contains(self, typed: str) -> Q:
        return Q(IContains(self.words, text.clean_line(typed)))

    contains_digits = contains

    def one_of(self, values: Iterable[Any]) -> Q:
        wanted = Q(pk=None)
        for value in values:
            wanted |= Q(custom__contains={self.key: value})
        return wanted

    def between(self, low: Any, high: Any) -> Q:
        # ISO days stand in text as in time; numbers are text too, and have to be read.
        compared = self._number() if self.is_number else self.words
        wanted = Q()
        if low is not None:
            wanted &= Q(GreaterThanOrEqual(compared, _plain(low)))
        if high is not None:
            wanted &= Q(LessThanOrEqual(compared, _plain(high)))
        return wanted

    def empty(self) -> Q:
        return Q(IsNull(self.words, True))

    def is_true(self, wanted: bool) -> Q:
        return Q(custom__contains={self.key: wanted})

    def _number(self) -> Case:
        number = DecimalField(max_digits=38, decimal_places=6)
        return Case(When(Regex(self.words, NUMBER), then=Cast(self.words, number)), default=Value(None, number))


Target = Column | Own


def _plain(value: Any) -> Any:
    return Value(value) if isinstance(value, Decimal | int) else Value(value.isoformat())


def _start(day: date) -> datetime:
    """The first moment of a day of the firm."""
    return datetime.combine(day, time.min, tzinfo=current().timezone)


def _all_terms(typed: str) -> Q:
    terms = text.search_terms(typed)
    wanted = Q() if terms else Q(pk=None)
    for term in terms:
        wanted &= Q(search__contains=term)
    return wanted
