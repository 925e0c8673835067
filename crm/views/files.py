from typing import Any, Final, cast

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm import access, record_access
from crm.care import files as care_files
from crm.forms.files import FilesForm
from crm.models import RecordKind
from crm.services import attachment as services
from crm.services.attachment import NotStored
from crm.views.answers import go, page
from members.access import everyone
from members.http import MemberRequest

# A page of ours is never read out of a file of somebody else's, whatever its bytes say.
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
KINDS: Final = {RecordKind.CUSTOMER, RecordKind.LEAD, RecordKind.OPPORTUNITY, RecordKind.CASE}


@everyone
@require_GET
def files(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """The files of a record: a card of its page, or a page of their own."""
    return _files(request, kind, _record(request, kind, pk), FilesForm())


@access.writers
@require_POST
def files_add(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """Stores what was chosen or dropped. Like the quick log, it is open to whoever sees the record."""
    record = _record(request, kind, pk)
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.attach(form.cleaned_data["uploads"], record=record, by=request.user)
        except NotStored:
            form.add_error("uploads", _("It could not be stored just now. The record is as it was; please try again."))
        else:
            return _files(request, kind, record, FilesForm()) if request.htmx else go(request, record, _("Stored."))
    return _files(request, kind, record, form)


@everyone
@require_GET
def file(request: MemberRequest, pk: int) -> HttpResponse:
    """The bytes, to whoever sees the record. Pictures and PDFs open, everything else is saved."""
    found = access.attachment(request.user, pk)
    try:
        opened = found.file.open("rb")
    except OSError:
        raise Http404 from None
    kind = services.type_of(found.name)
    saved = kind == services.SAVED_TYPE or "save" in request.GET
    # A sandbox would keep the browser's own reader from showing a PDF.
    policy = {} if kind != services.SHOWN_TYPES[".pdf"] else {"Content-Security-Policy": "default-src 'none'"}
    headers = {**HEADERS, **policy}
    response = FileResponse(opened, as_attachment=saved, filename=found.name, content_type=kind, headers=headers)
    return cast(HttpResponse, response)


@access.writers
@require_POST
def file_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """By whoever brought it, and by managers."""
    found = access.attachment(request.user, pk)
    if not services.may_remove(found, request.user):
        raise PermissionDenied
    record = care_files.record_of(found)
    services.remove(found)
    if request.htmx:
        return _files(request, services.LINKS[type(record)], record, FilesForm())
    return go(request, record, _("Deleted."))


def _record(request: MemberRequest, kind: str, pk: int) -> Any:
    if kind not in KINDS:
        raise Http404
    return record_access.seen(request.user, kind, pk)


def _files(request: MemberRequest, kind: str, record: Any, form: FilesForm) -> HttpResponse:
    context = {
        "kind": kind,
        "record": record,
        "form": form,
        "rows": care_files.files_of(request.user, record),
        "may_write": access.may_write(request.user),
    }
    template = "crm/parts/files.html" if request.htmx else "crm/files.html"
    return page(request, template, context, form=form)
