"""The form that chooses columns: all of them in an order, some of them ticked. Works by plain buttons."""

from dataclasses import dataclass

from django.http import QueryDict

from crm.lists import layouts
from crm.lists.columns import Column
from crm.lists.specs import Spec, columns_of
from members.models import User


@dataclass(frozen=True)
class Choice:
    name: str
    label: str
    ticked: bool


@dataclass(frozen=True)
class Arrangement:
    """The first column names the record and stays; `choices` are the others."""

    first: str
    choices: list[Choice]

    @property
    def names(self) -> list[str]:
        return [choice.name for choice in self.choices if choice.ticked]


def now(spec: Spec, user: User, params: QueryDict) -> Arrangement:
    shown = [column.name for column in layouts.chosen(spec, user, params)]
    return _arranged(spec, shown, [*shown, *columns_of(spec)])


def posted(spec: Spec, data: QueryDict) -> Arrangement:
    """What the form says, after the button that moves a column up or down, if one was pressed (`move=up:amount`)."""
    order = [*data.getlist("order"), *columns_of(spec)]
    direction, _colon, name = data.get("move", "").partition(":")
    arranged = _arranged(spec, data.getlist("column"), order)
    return _moved(arranged, name, -1 if direction == "up" else 1) if direction in ("up", "down") else arranged


def _arranged(spec: Spec, ticked: list[str], order: list[str]) -> Arrangement:
    known: dict[str, Column] = columns_of(spec)
    first = spec.columns[0]
    names = [name for name in dict.fromkeys(order) if name in known and name != first]
    return Arrangement(
        str(known[first].label), [Choice(name, str(known[name].label), name in ticked) for name in names]
    )


def _moved(arranged: Arrangement, name: str, by: int) -> Arrangement:
    choices = list(arranged.choices)
    here = next((place for place, choice in enumerate(choices) if choice.name == name), None)
    if here is None or not 0 <= here + by < len(choices):
        return arranged
    choices[here], choices[here + by] = choices[here + by], choices[here]
    return Arrangement(arranged.first, choices)
