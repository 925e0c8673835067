"""What every page's frame needs: language, direction, theme, and the links of the side navigation."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
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
    # The name under which config.counts says how much waits there.
    counts: str = ""

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
    counts: str


@dataclass(frozen=True)
class Group:
    label: StrOrPromise
    links: list[Link]


GROUPS: list[tuple[StrOrPromise, list[Entry]]] = [
    (
        _("Daily work"),
        [
            Entry(
                _("Today"),
                "crm:today",
                "today",
                ("crm:today", "crm:quick", "crm:step"),
                on_phone=True,
                shortcut="t",
                counts="steps",
            ),
            Entry(_("Leads"), "crm:leads", "leads", ("crm:lead",), shortcut="l", counts="leads"),
            Entry(
                _("Customers"),
                "crm:customers",
                "customers",
                ("crm:customer", "crm:contact"),
                on_phone=True,
                shortcut="c",
            ),
            Entry(_("Requests"), "crm:cases", "inbox", ("crm:case", "crm:care"), shortcut="r"),
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
    (
        _("Health"),
        [
            Entry(
                _("Data quality"),
                "dataquality:overview",
                "quality",
                ("dataquality:",),
                shortcut="q",
                counts="fixes",
            )
        ],
    ),
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
            Entry(
                _("Fields and stages"),
                "crm:fields",
                "list",
                ("crm:field", "crm:own_field", "crm:stage", "crm:lost_reason", "crm:playbook"),
                roles=frozenset({"admin", "manager"}),
            ),
            Entry(
                _("Workspace"),
                "tenants:workspace",
                "workspace",
                ("tenants:", "api:web_form", "crm:export"),
                roles=frozenset({"admin"}),
            ),
        ],
    ),
]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for templates/base.html. Costs no query: the user is the one that the page has loaded anyway."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "lang": language,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "theme": SimpleLazyObject(lambda: _theme(request)),
        "navigation": SimpleLazyObject(lambda: groups(*_place(request))),
        "frame": SimpleLazyObject(lambda: Frame(language, *_place(request))),
        "tenant": getattr(request, "tenant", None),
    }


@dataclass(frozen=True)
class Frame:
    """The parts of a page that are alike for everybody of a role in a language, drawn once per process."""

    language: str
    role: str
    view_name: str

    @property
    def head(self) -> SafeString:
        return self._drawn("parts/head.html", "")

    @property
    def nav(self) -> SafeString:
        return self._drawn("parts/nav.html", self.view_name)

    @property
    def tabbar(self) -> SafeString:
        return self._drawn("parts/tabbar.html", self.view_name)

    @property
    def shortcuts(self) -> SafeString:
        return self._drawn("parts/shortcuts.html", "")

    def _drawn(self, template: str, view_name: str) -> SafeString:
        # Redrawn while developing, where templates change.
        draw = _draw.__wrapped__ if settings.DEBUG else _draw
        return draw(template, self.language, self.role, view_name, get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=4096)
def _draw(template: str, language: str, role: str, view_name: str, _urls: str) -> SafeString:
    """Holds nothing of a firm or a person: only words, and addresses that are the same on every host."""
    return render_to_string(template, {"lang": language, "role": role, "navigation": groups(role, view_name)})


def groups(role: str, view_name: str) -> list[Group]:
    return list(_groups(role, view_name))


def _place(request: HttpRequest) -> tuple[str, str]:
    """Whose page it is, and which: the role, and the name of the view."""
    match = request.resolver_match
    return getattr(_member(request), "role", ""), match.view_name if match else ""


def _theme(request: HttpRequest) -> str:
    """The look that the member chose: light, dark or system."""
    chosen = getattr(_member(request), "theme", "")
    return chosen if chosen in THEMES else "system"


def _member(request: HttpRequest) -> Any:
    """The user, or None on the bare host, where there is no table of users to ask."""
    tenant = getattr(request, "tenant", None)
    return None if tenant is None or tenant.is_bare_host else getattr(request, "user", None)


def _groups(role: str, view_name: str) -> Iterator[Group]:
    for label, entries in GROUPS:
        yield Group(label, [_link(entry, view_name) for entry in entries if not entry.roles or role in entry.roles])


def _link(entry: Entry, view_name: str) -> Link:
    current = "page" if view_name == entry.view else "true" if entry.holds(view_name) else ""
    return Link(entry.label, reverse(entry.view), entry.icon, current, entry.on_phone, entry.shortcut, entry.counts)
