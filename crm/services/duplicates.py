"""Who may be known already: the same phone, e-mail or name as what is being typed. Warns, never blocks.

Three statements, each answered by the indexes on phone, e-mail and the folded name, whatever the number of records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, Q

from crm import access
from crm.kinds import kind_of
from crm.models import Contact, Customer, Lead, LeadStatus, RecordKind
from crm.queries import called
from l10n import text
from members.models import User

EACH = 3
# Words in front of a firm's name that people write or leave out.
FIRM_WORDS = ("شرکت", "گروه", "مؤسسه", "فروشگاه", "the")
SHORTEST = 2
# An expression: by the bare id PostgreSQL may walk the whole table in its order, for want of knowing how few fit.
OLDEST = F("pk") + 0
Known = Customer | Contact | Lead


class Why(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"


@dataclass(frozen=True)
class Alike:
    record: Known
    why: tuple[Why, ...]

    @property
    def kind(self) -> str:
        return str(RecordKind(kind_of(self.record)).label)


def alike(user: User, *, name: str = "", company: str = "", phone: str = "", email: str = "") -> list[Alike]:
    """What the user sees of customers, contacts and live leads that may be the same; more reasons first.

    `phone` in E.164, `email` in lower case; names however they are spelt, with or without «شرکت».
    """
    names = {variant for one in (name, company) for variant in _variants(one)}
    wanted = _wanted(names, phone, email)
    if not wanted:
        return []
    # Those that are closed are left out here: the index on their state would tempt PostgreSQL away from the right ones.
    leads = access.leads(user).filter(wanted).order_by(OLDEST)[: 4 * EACH]
    found: list[Known] = [
        *access.customers(user).filter(wanted).order_by(OLDEST)[:EACH],
        *access.contacts(user).filter(wanted).prefetch_related("customer").order_by(OLDEST)[:EACH],
        *[lead for lead in leads if lead.status in LeadStatus.live()][:EACH],
    ]
    known = [Alike(record, tuple(_reasons(record, names, phone, email))) for record in found]
    return sorted(known, key=lambda one: -len(one.why))


def _wanted(names: set[str], phone: str, email: str) -> Q:
    wanted = Q()
    for name in sorted(names):
        wanted |= called(name)
    if phone:
        wanted |= Q(phone=phone)
    if email:
        wanted |= Q(email=email)
    return wanted


def _variants(name: str) -> Iterator[str]:
    squeezed = text.squeeze(name)
    if len(squeezed) < SHORTEST:
        return
    front = next((word for word in map(text.squeeze, FIRM_WORDS) if squeezed.startswith(word)), "")
    bare = squeezed.removeprefix(front)
    yield squeezed
    if front and len(bare) >= SHORTEST:
        yield bare
    elif not front:
        yield text.squeeze(FIRM_WORDS[0]) + squeezed


def _reasons(record: Known, names: set[str], phone: str, email: str) -> Iterator[Why]:
    if phone and record.phone == phone:
        yield Why.PHONE
    if email and record.email == email:
        yield Why.EMAIL
    if text.squeeze(record.name) in names:
        yield Why.NAME
