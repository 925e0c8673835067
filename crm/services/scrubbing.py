"""Takes words out of every text of the open firm: titles, sentences, copies in agendas and minutes, saved searches."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import phonenumbers
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from crm.importing import bulk
from crm.importing.plan import in_chunks
from crm.models import Contact, Customer, Lead
from l10n.fields import SearchField, SortKeyField
from l10n.text import digits_to_persian

_UNSAFE = re.compile(r"[.^$*+?()\[\]{}|\\]")
DERIVED = (SearchField, SortKeyField)
# Who other people are; they may share a name.
IDENTITY: dict[type[models.Model], frozenset[str]] = {
    model: frozenset({"name", "phone", "email"}) for model in (Lead, Contact, Customer)
}
LEFT_ALONE = {"members", "sessions", "contenttypes", "auth", "account"}


@dataclass(frozen=True)
class Needles:
    words: tuple[str, ...]

    @classmethod
    def of(cls, people: Iterable[tuple[str, str, str]]) -> "Needles":
        """A name of one word is left out: it would be taken out of what is said about others."""
        words: dict[str, None] = {}
        for name, phone, email in people:
            if len(name.split()) > 1:
                words[name] = None
            words.update(dict.fromkeys(_written(phone)))
            if email:
                words[email] = None
        # The longest first, so that nothing is left of it.
        return cls(tuple(sorted(words, key=len, reverse=True)))

    @property
    def pattern(self) -> str:
        """A regular expression of PostgreSQL."""
        return "|".join(_UNSAFE.sub(r"\\\g<0>", word) for word in self.words)


def _written(phone: str) -> Iterator[str]:
    """The ways in which a phone number is usually written."""
    if not phone:
        return
    number = phonenumbers.parse(phone)
    kinds = phonenumbers.PhoneNumberFormat
    for kind in (kinds.E164, kinds.INTERNATIONAL, kinds.NATIONAL):
        text = phonenumbers.format_number(number, kind)
        for one in dict.fromkeys((text, re.sub(r"[\s()-]", "", text))):
            yield from (one, digits_to_persian(one))


def scrub(needles: Needles, instead: str) -> None:
    """Call it in the transaction of an erasure, which may rewrite append-only tables."""
    if not needles.words:
        return
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy and _is_of_firms(model):
            _scrub(model, needles, instead)


def _is_of_firms(model: type[models.Model]) -> bool:
    rooms = {name.rpartition(".")[2] for name in settings.TENANT_APPS}
    return model._meta.app_label in rooms - LEFT_ALONE


def _scrub(model: type[models.Model], needles: Needles, instead: str) -> None:
    changed: set[int] = set()
    for column in model._meta.concrete_fields:
        if column.name not in IDENTITY.get(model, ()) and _holds_words(column):
            changed |= _replace(model, column, needles, instead)
    derived = [column.name for column in model._meta.concrete_fields if isinstance(column, DERIVED)]
    if derived and changed:
        for pks in in_chunks(sorted(changed)):
            bulk.update(list(model._base_manager.filter(pk__in=pks)), derived)


def _holds_words(column: "models.Field[object, object]") -> bool:
    if isinstance(column, DERIVED) or column.choices or column.primary_key or isinstance(column, models.FileField):
        return False
    return isinstance(column, models.CharField | models.TextField | models.JSONField)


def _replace(
    model: type[models.Model], column: "models.Field[object, object]", needles: Needles, instead: str
) -> set[int]:
    """The ids of the rows that said one of the words."""
    is_json = isinstance(column, models.JSONField)
    table, name = f'"{model._meta.db_table}"', f'"{column.column}"'
    pattern = needles.pattern
    replaced = f"regexp_replace({name}::text, %s, %s, 'gi')"
    limit = getattr(column, "max_length", None)
    value = f"{replaced}::jsonb" if is_json else f"left({replaced}, {int(limit)})" if limit else replaced
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {name} = {value} WHERE {name}::text ~* %s RETURNING {_key(model)}",  # noqa: S608
            [pattern, instead, pattern],
        )
        return {row[0] for row in cursor.fetchall()}


def _key(model: type[models.Model]) -> str:
    key = model._meta.pk
    return f'"{key.column}"' if key is not None else "id"
