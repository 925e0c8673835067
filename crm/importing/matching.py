"""Finds the members, customers and stages that a file speaks of, by folded name, and makes those that are missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify
from django.utils.translation import gettext as _

from crm.importing import bulk
from crm.importing.values import Wrong
from crm.models import Customer, LeadStatus, Stage, StageKind
from l10n.text import squeeze
from members.models import Role, User
from tenants import clock

# RFC 2606: mail to .invalid goes nowhere. A person with such an address owns records but cannot log in.
NO_LOGIN_DOMAIN = "no-login.invalid"

squeezed = lru_cache(maxsize=65536)(squeeze)


class Members:
    """The firm's people by e-mail and by name. New ones are remembered, so that a name is made once."""

    def __init__(self) -> None:
        self._by_email: dict[str, User] = {}
        self._by_name: dict[str, list[User]] = defaultdict(list)
        self.new: list[User] = []
        for user in User.objects.select_related("team").order_by("-is_active", "pk"):
            self._remember(user)

    def find(self, text: str) -> User | None:
        """Raises Wrong when two active colleagues have this name."""
        if "@" in text and (found := self._by_email.get(text.lower())):
            return found
        named = self._by_name.get(squeezed(text), [])
        active = [user for user in named if user.is_active] or named
        if len(active) > 1:
            raise Wrong(_("Several people have this name. Use their e-mail."))
        return active[0] if active else None

    def make(self, name: str, *, email: str = "", role: Role = Role.REP) -> User:
        """Not saved yet. Nobody can log in as a new person before a password is set by mail."""
        user = User(name=name[:120], email=email or self._no_login(name), role=role, date_joined=clock.now())
        user.password = make_password(None)
        self.new.append(user)
        self._remember(user)
        return user

    def save_new(self) -> None:
        """Teams are set afterwards: a new team wants its lead to exist, and the other way round."""
        unsaved = [user for user in self.new if user.pk is None]
        for user in unsaved:
            user.team = None
        User.objects.bulk_create(unsaved)

    def _remember(self, user: User) -> None:
        self._by_email[user.email] = user
        self._by_name[squeezed(user.name)].append(user)

    def _no_login(self, name: str) -> str:
        stem = slugify(name)[:40] or "person"
        number = 1
        while (email := f"{stem}{'' if number == 1 else f'-{number}'}@{NO_LOGIN_DOMAIN}") in self._by_email:
            number += 1
        return email


class Customers:
    """The customers by name. Holds their ids only, as a firm may have a hundred thousand of them."""

    def __init__(self) -> None:
        self._pks: dict[int, int] = {}
        self._pending: dict[int, Customer] = {}
        self.made = 0
        # The squeezed name is the first source of the search field. Of several the oldest stays.
        rows = Customer.objects.order_by("-pk").values_list("pk", "search")
        for pk, search in rows.iterator(chunk_size=5000):
            self._pks[hash(search.partition("|")[0])] = pk

    def find(self, name: str) -> Customer | None:
        """The oldest of this name, with nothing but id and name."""
        key = hash(squeezed(name))
        if key in self._pending:
            return self._pending[key]
        return Customer(pk=self._pks[key] or None, name=name) if key in self._pks else None

    def make(self, name: str, by: User, **values: Any) -> Customer:
        """Not saved yet."""
        now = clock.now()
        customer = Customer(name=name, created_by=by, created_at=now, updated_at=now, **values)
        self._pending[hash(squeezed(name))] = customer
        self.made += 1
        return customer

    def remember(self, customer: Customer) -> None:
        self._pks.setdefault(hash(squeezed(customer.name)), customer.pk or 0)

    def save_new(self) -> None:
        bulk.insert(list(self._pending.values()))
        self.settle()

    def settle(self) -> None:
        """Keeps of the pending ones what is needed to know them again: after they were saved, or will not be."""
        self._pks.update((key, customer.pk or 0) for key, customer in self._pending.items())
        self._pending.clear()


# --- Stages -------------------------------------------------------------------------------------------------------
WON_WORDS = ("won", "closed won", "win", "success", "برنده", "موفق", "برد", "فروخته شد", "بسته شده موفق")
LOST_WORDS = ("lost", "closed lost", "loss", "failed", "dropped", "بازنده", "ناموفق", "شکست", "از دست رفته", "باخت")
# How far along an open stage usually is, from 0 to 1.
PROGRESS_WORDS: dict[float, tuple[str, ...]] = {
    0.0: ("prospecting", "prospect", "new", "lead", "qualification", "open", "شناسایی", "جدید", "تازه", "سرنخ"),
    0.34: ("engaging", "engaged", "contacted", "discovery", "qualified", "needs analysis", "demo", "نیازسنجی"),
    0.67: ("proposal", "quote", "quoted", "offer", "proposal sent", "پیشنهاد", "پیش فاکتور", "ارسال پیشنهاد"),
    1.0: ("negotiation", "negotiating", "contract", "commit", "closing", "مذاکره", "قرارداد", "عقد قرارداد"),
}  # fmt: skip


def guess_stage(text: str, stages: Sequence[Stage]) -> Stage | None:
    """The stage of the same name, else the one that such a word usually means; None when nothing fits."""
    word = squeeze(text)
    named = {squeeze(stage.name): stage for stage in stages}
    if word in named:
        return named[word]
    if word in _words(WON_WORDS):
        return next((stage for stage in stages if stage.kind == StageKind.WON), None)
    if word in _words(LOST_WORDS):
        return next((stage for stage in stages if stage.kind == StageKind.LOST), None)
    opened = [stage for stage in stages if stage.is_open]
    share = next((share for share, words in PROGRESS_WORDS.items() if word in _words(words)), None)
    return opened[round(share * (len(opened) - 1))] if opened and share is not None else None


# --- States of leads ----------------------------------------------------------------------------------------------
STATUS_WORDS: dict[LeadStatus, tuple[str, ...]] = {
    LeadStatus.NEW: ("new", "open", "raw", "not contacted", "0", "no", "false", "جدید", "تازه", "باز", "خیر"),
    LeadStatus.CONTACTED: ("contacted", "working", "in progress", "qualified", "attempted",
                           "تماس گرفته شد", "در حال پیگیری", "پیگیری"),
    LeadStatus.CONVERTED: ("converted", "won", "customer", "1", "yes", "true", "تبدیل شده", "مشتری شد", "مشتری", "بله"),
    LeadStatus.DROPPED: ("dropped", "lost", "closed", "disqualified", "unqualified", "junk", "spam",
                         "کنار گذاشته شد", "ناموفق", "از دست رفته", "بسته"),
}  # fmt: skip


def guess_status(text: str) -> str:
    """The state such a word usually means; "" when nothing fits."""
    word = squeeze(text)
    return next((status.value for status, words in STATUS_WORDS.items() if word in _words(words)), "")


def _words(words: Iterable[str]) -> set[str]:
    return {squeeze(word) for word in words}


# --- Spelling -----------------------------------------------------------------------------------------------------
SECTORS = (
    "agriculture", "automotive", "banking", "construction", "consulting", "education", "employment", "energy",
    "entertainment", "finance", "food", "government", "healthcare", "hospitality", "insurance", "logistics",
    "manufacturing", "marketing", "media", "medical", "mining", "petrochemicals", "pharmaceuticals", "real estate",
    "retail", "services", "software", "steel", "technology", "telecommunications", "textiles", "tourism", "transport",
    "آموزش", "بانکداری", "بیمه", "پتروشیمی", "پزشکی", "تبلیغات", "حمل و نقل", "خدمات", "خودرو", "دارویی", "ساختمان",
    "صنایع غذایی", "فناوری اطلاعات", "فولاد", "کشاورزی", "گردشگری", "مخابرات", "معدن", "نرم‌افزار", "نفت و گاز",
)  # fmt: skip


@lru_cache(maxsize=4096)
def likely_sector(text: str) -> str:
    """The usual sector that this is probably a slip of the pen for; "" when it is spelt well or unlike any."""
    known = {squeeze(sector): sector for sector in SECTORS}
    word = squeeze(text)
    if word in known:
        return ""
    return next((known[close] for close in get_close_matches(word, known, n=1, cutoff=0.88)), "")
