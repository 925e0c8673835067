"""What stands over all lists: filters, columns, saved views, and the list as a file."""

from typing import Any, cast

from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.lists import arranging, layouts, saved, sheets
from crm.lists.asking import ask, plain_address
from crm.lists.columns import Reading
from crm.lists.forms import FilterForm, ViewForm
from crm.lists.specs import SPECS, Spec
from crm.models import ListKind, SavedView
from crm.views.answers import go, page, typed
from members.access import everyone
from members.http import MemberRequest


def known(kind: str) -> Spec:
    spec = SPECS.get(ListKind(kind)) if kind in ListKind.values else None
    if spec is None:
        raise Http404
    return spec


def list_url(spec: Spec, query: str) -> str:
    return f"{reverse(spec.url)}?{query}" if query else reverse(spec.url)


def dialog(request: MemberRequest, template: str) -> str:
    """The dialog alone for htmx, else the same inside a page."""
    return f"{template}#dialog" if request.htmx else template


@everyone
@require_GET
def list_filter(request: MemberRequest, kind: str) -> HttpResponse:
    spec = known(kind)
    form = FilterForm(request.GET, spec=spec, user=request.user, asked_for=request.GET.get("open", ""))
    applying = "apply" in request.GET
    if applying and form.is_valid():
        return go(request, list_url(spec, form.address()))
    context = {"form": form, "spec": spec, "list_url": list_url(spec, plain_address(request.GET, "open"))}
    return page(request, dialog(request, "crm/list_filter.html"), context, form=form if applying else None)


@everyone
@require_http_methods(["GET", "POST"])
def list_columns(request: MemberRequest, kind: str) -> HttpResponse:
    """A button that moves a column answers with the form again; the others save."""
    spec = known(kind)
    if request.method == "POST" and "move" not in request.POST:
        names = () if "usual" in request.POST else arranging.posted(spec, request.POST).names
        layouts.save(spec, names=names, by=request.user)
        return go(request, list_url(spec, _query(request, "columns")))
    if request.method == "POST":
        arrangement = arranging.posted(spec, request.POST)
    else:
        arrangement = arranging.now(spec, request.user, request.GET)
    context = {"arrangement": arrangement, "spec": spec, "query": _query(request)}
    return page(request, dialog(request, "crm/list_columns.html"), context)


@everyone
@require_http_methods(["GET", "POST"])
def list_view_new(request: MemberRequest, kind: str) -> HttpResponse:
    spec = known(kind)
    form = ViewForm(typed(request), may_share=saved.may_share(request.user))
    if form.is_bound and form.is_valid():
        try:
            view = saved.save(spec, query=saved.query_of(_params(request)), by=request.user, **form.values())
        except saved.NameTaken:
            form.add_error("name", _("You have a view of this name already."))
        except saved.TooLong:
            form.add_error(None, _("This view has too many conditions to be kept."))
        else:
            return go(request, _view_url(view), _("View saved."))
    context = {"form": form, "spec": spec, "query": _query(request), "back": list_url(spec, _query(request))}
    return page(request, dialog(request, "crm/list_view.html"), context, form=form)


@everyone
@require_http_methods(["GET", "POST"])
def list_view_edit(request: MemberRequest, pk: int) -> HttpResponse:
    view = saved.for_change(request.user, pk)
    initial = {"name": view.name, "shared": view.shared}
    form = ViewForm(typed(request), may_share=saved.may_share(request.user), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            saved.change(view, query=None, by=request.user, **form.values())
        except saved.NameTaken:
            form.add_error("name", _("You have a view of this name already."))
        else:
            return go(request, _view_url(view), _("Saved."))
    context = {"form": form, "view": view, "query": _query(request), "back": _view_url(view)}
    return page(request, dialog(request, "crm/list_view.html"), context, form=form)


@everyone
@require_POST
def list_view_update(request: MemberRequest, pk: int) -> HttpResponse:
    """Keeps the filters, order and columns that the list has now."""
    view = saved.for_change(request.user, pk)
    try:
        query = saved.query_of(_params(request))
        saved.change(view, name=view.name, shared=view.shared, query=query, by=request.user)
    except saved.TooLong:
        return go(request, _view_url(view), _("This view has too many conditions to be kept."))
    return go(request, _view_url(view), _("View saved."))


@everyone
@require_POST
def list_view_delete(request: MemberRequest, pk: int) -> HttpResponse:
    view = saved.for_change(request.user, pk)
    url = reverse(known(view.list).url)
    view.delete()
    return go(request, url, _("View deleted."))


@everyone
@require_GET
def list_csv(request: MemberRequest, kind: str) -> HttpResponse:
    spec = known(kind)
    table = _table(request, spec)
    response = StreamingHttpResponse(sheets.csv_chunks(table, request.tenant), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{sheets.file_name(spec, request.today)}.csv"'
    return cast(HttpResponse, response)


@everyone
@require_GET
def list_xlsx(request: MemberRequest, kind: str) -> HttpResponse:
    spec = known(kind)
    content = sheets.xlsx(_table(request, spec))
    response = StreamingHttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{sheets.file_name(spec, request.today)}.xlsx"'
    return cast(HttpResponse, response)


def _table(request: MemberRequest, spec: Spec) -> Any:
    asked = ask(spec, request.user, request.GET, request.today)
    columns = layouts.chosen(spec, request.user, request.GET)
    return sheets.table_of(asked, columns, Reading(request.user, request.today))


def _params(request: MemberRequest) -> QueryDict:
    """The address of the list that a form over it carries along."""
    return QueryDict(request.POST.get("query", "")) if request.method == "POST" else request.GET


def _query(request: MemberRequest, *leave_out: str) -> str:
    return plain_address(_params(request), *leave_out)


def _view_url(view: SavedView) -> str:
    return list_url(known(view.list), "&".join(filter(None, (view.query, f"view={view.pk}"))))
