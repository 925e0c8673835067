"""Saved views: a list as somebody wants to find it again, for oneself or for everybody."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from crm.lists.asking import plain_address
from crm.lists.specs import Spec
from crm.models import ListKind, SavedView
from members.models import User

LONGEST = 1000


class NameTaken(Exception):
    """This person has a view of this name already."""


class TooLong(Exception):
    """The address is longer than a view can keep."""


def of(user: User, kind: ListKind | None = None) -> QuerySet[SavedView]:
    """One's own and the shared ones, the own first."""
    views = SavedView.objects.filter(Q(owner=user) | Q(shared=True))
    return views.filter(list=kind) if kind else views


def for_change(user: User, pk: int) -> SavedView:
    """One's own; managers and admins tidy up what is shared."""
    view = get_object_or_404(of(user), pk=pk)
    if view.owner_id != user.pk and not user.is_manager_or_admin:
        raise PermissionDenied
    return view


def may_share(user: User) -> bool:
    return user.is_manager_or_admin


def query_of(params: QueryDict) -> str:
    """What a view keeps of an address. Raises TooLong."""
    query = plain_address(params, "view")
    if len(query) > LONGEST:
        raise TooLong
    return query


def save(spec: Spec, *, name: str, query: str, shared: bool, by: User) -> SavedView:
    """Keeps a view. Raises NameTaken; who may not share keeps it to himself."""
    view = SavedView(list=spec.kind, name=name, query=query, owner=by, shared=shared and may_share(by))
    _store(view)
    return view


def change(view: SavedView, *, name: str, shared: bool, query: str | None, by: User) -> SavedView:
    """Renames, shares or takes back, and with `query` keeps another address. Raises NameTaken."""
    view.name = name
    if may_share(by):
        view.shared = shared
    if query is not None:
        view.query = query
    _store(view)
    return view


def _store(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise NameTaken from error
