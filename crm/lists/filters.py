"""The filters of a list: what the address says about them, as a condition and in words.

A filter is called by its field. `city=تهران` contains, `stage=3&stage=4` is one of, `amount.from=…&amount.to=…` lies
between, `expected_close.in=this_month` moves along with today, `phone.is=empty` asks whether anything is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from crm.lists.spans import LABELS, Span, days_of
from crm.lists.targets import Target
from l10n import formats, text
from l10n.forms import DateField, MoneyField, NumberField

Options = Sequence[tuple[str, str]]
Words = Mapping[str, Sequence[str]]
NONE = "none"


class FilterKind(StrEnum):
    TEXT = "text"
    PHONE = "phone"
    ONE_OF = "one_of"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"


# What may follow the name in the address; "" is the bare name.
PARTS: dict[FilterKind, tuple[str, ...]] = {
    FilterKind.TEXT: ("", "is"),
    FilterKind.PHONE: ("", "is"),
    FilterKind.ONE_OF: ("", "is"),
    FilterKind.DATE: ("in", "from", "to", "is"),
    FilterKind.NUMBER: ("from", "to", "is"),
    FilterKind.MONEY: ("from", "to", "is"),
    FilterKind.YES_NO: ("", "is"),
}


@dataclass(frozen=True)
class Filter:
    """`options` of "one of" by their word in the address; asked for only when they are needed."""

    name: str
    label: StrOrPromise
    kind: FilterKind
    target: Target
    options: Callable[[], Options] | None = None

    def key(self, part: str) -> str:
        return f"{self.name}.{part}" if part else self.name

    @property
    def keys(self) -> list[str]:
        return [self.key(part) for part in PARTS[self.kind]]

    def words(self, asked: QueryDict) -> dict[str, list[str]]:
        """What the address says, by part, without what is left empty."""
        said = {part: [word for word in asked.getlist(self.key(part)) if word.strip()] for part in PARTS[self.kind]}
        return {part: words for part, words in said.items() if words}


@dataclass(frozen=True)
class Condition:
    """A filter in use. With an `error` it holds nothing back: the others still do."""

    filter: Filter
    where: Q
    text: str
    error: str = ""


def read(filters: Sequence[Filter], asked: QueryDict, today: date) -> list[Condition]:
    return [_condition(one, words, today) for one in filters if (words := one.words(asked))]


def _condition(one: Filter, words: Words, today: date) -> Condition:
    try:
        if "is" in words:
            where, said = _empty_or_not(one, words["is"][-1])
        else:
            where, said = READERS[one.kind](one, words, today)
    except ValidationError as error:
        typed = "، ".join(word for part in words.values() for word in part)
        return Condition(one, Q(), f"{one.label}: {typed}", " ".join(error.messages))
    return Condition(one, where, f"{one.label}: {said}")


def _empty_or_not(one: Filter, word: str) -> tuple[Q, str]:
    if word == "empty":
        return one.target.empty(), _("empty")
    if word == "filled":
        return ~one.target.empty(), _("not empty")
    raise ValidationError(_("Choose one of the list."))


def _text(one: Filter, words: Words, _today: date) -> tuple[Q, str]:
    typed = text.clean_line(words[""][-1])
    return one.target.contains(typed), _("“%(text)s”") % {"text": typed}


def _phone(one: Filter, words: Words, _today: date) -> tuple[Q, str]:
    typed = text.clean_line(words[""][-1])
    return one.target.contains_digits(typed), formats.digits(text.digits_to_ascii(typed))


def _one_of(one: Filter, words: Words, _today: date) -> tuple[Q, str]:
    labels = dict(one.options() if one.options else ())
    chosen = list(dict.fromkeys(words[""]))
    if unknown := [word for word in chosen if word not in labels]:
        raise ValidationError(_("“%(word)s” is not in the list any more."), params={"word": unknown[0]})
    where = one.target.one_of([word for word in chosen if word != NONE])
    if NONE in chosen:
        where |= one.target.empty()
    joiner = _(" or ")
    return where, joiner.join(labels[word] for word in chosen)


def _yes_no(one: Filter, words: Words, _today: date) -> tuple[Q, str]:
    word = words[""][-1]
    if word not in ("yes", "no"):
        raise ValidationError(_("Choose one of the list."))
    return one.target.is_true(word == "yes"), _("yes") if word == "yes" else _("no")


def _date(one: Filter, words: Words, today: date) -> tuple[Q, str]:
    if "in" in words:
        try:
            span = Span(words["in"][-1])
        except ValueError:
            raise ValidationError(_("Choose one of the list.")) from None
        return one.target.between(*days_of(span, today)), str(LABELS[span])
    return _range(one, words, DateField(today=today), formats.day)


def _number(one: Filter, words: Words, _today: date) -> tuple[Q, str]:
    return _range(one, words, NumberField(min_value=None, decimals=4), formats.num)


def _money(one: Filter, words: Words, _today: date) -> tuple[Q, str]:
    return _range(one, words, MoneyField(), formats.money_short)


def _range(one: Filter, words: Words, field: Any, write: Callable[[Any], str]) -> tuple[Q, str]:
    low, high = (field.clean(words[part][-1]) if part in words else None for part in ("from", "to"))
    if low is not None and high is not None and low > high:
        raise ValidationError(_("The beginning comes after the end."))
    return one.target.between(low, high), _in_words(low, high, write)


def _in_words(low: Any, high: Any, write: Callable[[Any], str]) -> str:
    if high is None:
        return _("from %(low)s") % {"low": write(low)}
    if low is None:
        return _("up to %(high)s") % {"high": write(high)}
    return _("from %(low)s to %(high)s") % {"low": write(low), "high": write(high)}


Reader = Callable[[Filter, Words, date], tuple[Q, str]]
READERS: dict[FilterKind, Reader] = {
    FilterKind.TEXT: _text,
    FilterKind.PHONE: _phone,
    FilterKind.ONE_OF: _one_of,
    FilterKind.YES_NO: _yes_no,
    FilterKind.DATE: _date,
    FilterKind.NUMBER: _number,
    FilterKind.MONEY: _money,
}
