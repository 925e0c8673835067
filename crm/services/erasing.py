"""A person is erased on request: each word about who it was goes, from records, history and files; sums stay.

Irreversible. Deals, amounts and counts stay under "Erased person". What rooms above copied (agenda, minutes, decision)
loses the name too, by `crm.services.scrubbing`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crm.exporting.running import forget_rows
from crm.importing.readers import Unreadable
from crm.importing.running import opened, table_of
from crm.models import (
    Attachment,
    Case,
    Contact,
    Customer,
    Edit,
    Erasure,
    ExportJob,
    HandoverNote,
    ImportJob,
    Interaction,
    Lead,
    LeadStatus,
    NextStep,
    Opportunity,
)
from crm.services.records import KINDS
from crm.services.scrubbing import Needles, scrub
from l10n.text import squeeze
from members.models import User
from tenants import clock

Person = Lead | Contact | Customer


class ReferenceNeeded(ValueError):
    """An erasure without the reference of the request cannot be shown to anybody who asks for it."""


@dataclass(frozen=True)
class Look:
    """What will go. `people` are the records of this person: the one asked for, and those that are the same."""

    people: Sequence[Person]
    interactions: int
    steps: int
    cases: int
    files: int
    edits: int
    uploads: int
    deals: int


def look(person: Person) -> Look:
    people = the_same(person)
    return Look(
        people,
        _interactions(people).count(),
        _steps(people).count(),
        _cases(people).count(),
        _files(people).count(),
        _edits(people).count(),
        len(_uploads(people)),
        _deals(people).count(),
    )


def the_same(person: Person) -> list[Person]:
    """The record, and the live or binned ones with its phone or e-mail, or linked to it and of the same name."""
    found: dict[tuple[str, int], Person] = {(type(person).__name__, person.pk): person}
    alike = Q(pk=None)
    if person.phone:
        alike |= Q(phone=person.phone)
    if person.email:
        alike |= Q(email=person.email)
    others: list[Person] = [
        *Lead.with_binned.filter(alike | Q(customer=_customer_of(person), sort_key=person.sort_key)),
        *Contact.with_binned.filter(alike | Q(customer=_customer_of(person), sort_key=person.sort_key)),
        *Customer.with_binned.filter(Q(pk=_customer_of(person)) | alike, sort_key=person.sort_key),
    ]
    for one in others:
        if isinstance(one, Customer) or _customer_of(person) is not None or one.phone or one.email:
            found.setdefault((type(one).__name__, one.pk), one)
    return list(found.values())


def _customer_of(person: Person) -> int | None:
    return person.pk if isinstance(person, Customer) else person.customer_id


def erase(person: Person, *, by: User, request: str) -> Erasure:
    """Takes the person out of everything, in one transaction; files go when it is in. Raises ReferenceNeeded."""
    request = request.strip()
    if not request:
        raise ReferenceNeeded
    people = the_same(person)
    needles = Needles.of((one.name, one.phone, one.email) for one in people)
    for job in _uploads(people):
        forget_rows(job)
    for export in ExportJob.objects.exclude(file=""):
        export.file.delete(save=False)
        ExportJob.objects.filter(pk=export.pk).update(file="", size=0)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL tasmim.erasing = 'on'")
        _erase_around(people)
        for one in people:
            _blank(one)
        scrub(needles, erased())
        erasures = [
            Erasure(entity=KINDS[type(one)], record_id=one.pk, at=clock.now(), by=by, request=request[:200])
            for one in people
        ]
        Erasure.objects.bulk_create(erasures)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL tasmim.erasing = 'off'")
    return erasures[0]


def erased() -> str:
    return _("Erased person")


def _erase_around(people: Sequence[Person]) -> None:
    _interactions(people).update(sentence=erased())
    _steps(people).update(what=erased(), dropped_because="")
    cases = _cases(people)
    cases.exclude(outcome="").update(outcome=erased())
    for case in cases:
        case.subject, case.custom = erased(), {}
        case.save(update_fields=["subject", "custom", "search"])
    for file in _files(people):
        file.delete()
    HandoverNote.objects.filter(customer__in=_of(people, Customer)).delete()
    _edits(people).delete()


def _blank(person: Person) -> None:
    person.name, person.phone, person.email, person.external_id = erased(), "", "", ""
    names = ["name", "phone", "email", "external_id", "updated_at", "search", "sort_key"]
    if isinstance(person, Contact):
        person.title = ""
        names.append("title")
    else:
        person.custom = {}
        names.append("custom")
    if isinstance(person, Customer):
        person.note, person.city = "", ""
        names += ["note", "city"]
    if isinstance(person, Lead):
        person.company, person.dropped_because, person.respond_by = "", "", None
        if person.status in LeadStatus.live():
            person.status = LeadStatus.DROPPED
        names += ["company", "dropped_because", "respond_by", "status"]
    person.updated_at = clock.now()
    person.version += 1
    person.save(update_fields=[*names, "version"])


# --- What hangs on the person -------------------------------------------------------------------------------------
def _of(people: Iterable[Person], model: type[Any]) -> list[int]:
    return [one.pk for one in people if isinstance(one, model)]


def _about(people: Sequence[Person], *, contacts: bool = True) -> Q:
    about = Q(lead__in=_of(people, Lead)) | Q(customer__in=_of(people, Customer))
    return about | Q(contact__in=_of(people, Contact)) if contacts else about


def _interactions(people: Sequence[Person]) -> QuerySet[Interaction]:
    return Interaction.objects.filter(_about(people))


def _steps(people: Sequence[Person]) -> QuerySet[NextStep]:
    return NextStep.objects.filter(_about(people, contacts=False))


def _cases(people: Sequence[Person]) -> QuerySet[Case]:
    about = Q(customer__in=_of(people, Customer)) | Q(contact__in=_of(people, Contact))
    return Case.with_binned.filter(about)


def _deals(people: Sequence[Person]) -> QuerySet[Opportunity]:
    return Opportunity.with_binned.filter(customer__in=_of(people, Customer))


def _files(people: Sequence[Person]) -> QuerySet[Attachment]:
    customers = _of(people, Customer)
    return Attachment.objects.filter(
        Q(lead__in=_of(people, Lead))
        | Q(customer__in=customers)
        | Q(opportunity__customer__in=customers)
        | Q(case__customer__in=customers)
        | Q(case__contact__in=_of(people, Contact))
    )


def _edits(people: Sequence[Person]) -> QuerySet[Edit]:
    mine = Q(pk=None)
    for one in people:
        mine |= Q(entity=KINDS[type(one)], record_id=one.pk)
    cases = Q(entity=KINDS[Case], record_id__in=_cases(people).values("pk"))
    return Edit.objects.filter(mine | cases)


def _uploads(people: Sequence[Person]) -> list[ImportJob]:
    """Uploaded tables, still kept, in which the person stands."""
    words = {squeeze(word) for one in people for word in (one.name, one.email) if word}
    words |= {squeeze(one.phone)[-10:] for one in people if one.phone}
    return [job for job in ImportJob.objects.exclude(file="") if _holds(job, words)]


def _holds(job: ImportJob, words: set[str]) -> bool:
    try:
        with opened(job) as file:
            rows = table_of(job, file.file).rows()
            return any(word in squeeze(" ".join(row.cells)) for row in rows for word in words)
    except Unreadable:
        # What cannot be read cannot be looked through: it goes too.
        return True
