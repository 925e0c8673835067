from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from api.models import WebForm
from crm.models import InteractionKind, Lead
from crm.services import interaction as interactions
from crm.services import lead as leads
from members.models import User

FIELDS = ("name", "heading", "language", "source", "thanks", "consent", "sites", "is_open")


def create(*, by: User, **values: Any) -> WebForm:
    return WebForm.objects.create(created_by=by, **values)


def change(web_form: WebForm, *, values: dict[str, Any]) -> None:
    for name in FIELDS:
        setattr(web_form, name, values[name])
    web_form.save(update_fields=FIELDS)


@transaction.atomic
def take_in(web_form: WebForm, *, answer: dict[str, Any]) -> Lead:
    """Makes a lead of a visitor's answer: its clock starts, its category may give it an owner.

    What the visitor wrote and agreed to stands first in its history, as a note of whoever made the form.
    """
    known: dict[str, Any] = {name: answer.get(name) or "" for name in ("phone", "email", "company")}
    lead = leads.create(name=answer["name"], by=None, source=web_form.source, **known)
    said = [answer.get("message") or ""]
    if web_form.consent and answer.get("consent"):
        said.append(_("Agreed: “%(sentence)s”") % {"sentence": web_form.consent})
    note = " · ".join(filter(None, (" ".join(text.split()) for text in said)))
    if note:
        interactions.log(by=web_form.created_by, kind=InteractionKind.NOTE, sentence=note[:500], lead=lead)
    return lead
