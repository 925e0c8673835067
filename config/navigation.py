"""What every page's frame needs: language, direction, theme, and the links of the side navigation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

THEMES = {"light", "dark"}


@dataclass(frozen=True)
class Entry:
    label: StrOrPromise
    view: str
    icon: str
    # A page belongs to the entry whose beginning its view name has.
    beginnings: tuple[str, ...]
    roles: frozenset[str] = frozenset()
    on_phone: bool = False
    shortcut: str = ""

    def holds(self, view_name: str) -> bool:
        return view_name.startswith(self.beginnings)


@dataclass(frozen=True)
class Link:
    label: StrOrPromise
    url: str
    icon: str
    current: str
    on_phone: bool
    shortcut: str


@dataclass(frozen=True)
class Group:
    label: StrOrPromise
    links: list[Link]


GROUPS: list[tuple[StrOrPromise, list[Entry]]] = [
    (
        _("Daily work"),
        [
            Entry(
                _("Today"), "crm:today", "today", ("crm:today", "crm:quick", "crm:step"), on_phone=True, shortcut="t"
            ),
            Entry(_("Leads"), "crm:leads", "leads", ("crm:lead",), shortcut="l"),
            Entry(
                _("Customers"),
                "crm:customers",
                "customers",
                ("crm:customer", "crm:contact"),
                on_phone=True,
                shortcut="c",
            ),
            Entry(_("Deals"), "crm:deals", "deals", ("crm:deal", "crm:import"), shortcut="d"),
            Entry(_("Pipeline"), "pipeline:board", "pipeline", ("pipeline:",), on_phone=True, shortcut="p"),
        ],
    ),
    (
        _("Decide"),
        [
            Entry(
                _("Meetings"),
                "rituals:meetings",
                "meetings",
                ("rituals:meeting", "rituals:ritual", "rituals:agenda", "rituals:item", "rituals:action"),
                on_phone=True,
                shortcut="m",
            ),
            Entry(_("Decision log"), "rituals:decisions", "decisions", ("rituals:decision",), shortcut="e"),
            Entry(_("Objectives"), "okr:objectives", "objectives", ("okr:",), shortcut="o"),
        ],
    ),
    (_("Health"), [Entry(_("Data quality"), "dataquality:overview", "quality", ("dataquality:",), shortcut="q")]),
    (
        _("Settings"),
        [
            Entry(
                _("People"),
                "members:people",
                "people",
                ("members:people", "members:invit", "members:person", "members:team"),
            ),
            Entry(_("Key decisions"), "charter:key_decisions", "key-decisions", ("charter:",)),
            Entry(_("Workspace"), "tenants:workspace", "workspace", ("tenants:",), roles=frozenset({"admin"})),
        ],
    ),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for templates/base.html. Costs no query: the user is the one that the page has loaded anyway."""
    return {
        "lang": get_language() or settings.LANGUAGE_CODE,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "theme": SimpleLazyObject(lambda: _theme(request)),
        "navigation": SimpleLazyObject(lambda: list(_groups(request))),
        "tenant": getattr(request, "tenant", None),
    }


def _theme(request: HttpRequest) -> str:
    """The look that the member chose: light, dark or system."""
    chosen = getattr(_member(request), "theme", "")
    return chosen if chosen in THEMES else "system"


def _member(request: HttpRequest) -> Any:
    """The user, or None on the bare host, where there is no table of users to ask."""
    tenant = getattr(request, "tenant", None)
    return None if tenant is None or tenant.is_bare_host else getattr(request, "user", None)


def _groups(request: HttpRequest) -> Iterator[Group]:
    role = getattr(_member(request), "role", "")
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    for label, entries in GROUPS:
        yield Group(label, [_link(entry, view_name) for entry in entries if not entry.roles or role in entry.roles])


def _link(entry: Entry, view_name: str) -> Link:
    current = "page" if view_name == entry.view else "true" if entry.holds(view_name) else ""
    return Link(entry.label, reverse(entry.view), entry.icon, current, entry.on_phone, entry.shortcut)
