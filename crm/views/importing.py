import csv
import io

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from crm import access
from crm.importing import choices, rejects, running, screens, undoing
from crm.importing.prices import read_price_list
from crm.importing.readers import Layout, Unreadable
from crm.models import ImportJob, ImportKind, ImportState
from l10n.formats import num
from members.access import Role, roles
from members.http import MemberRequest

LISTED = 30
KINDS = {"", *ImportKind.values}


@require_http_methods(["GET", "POST"])
@roles(Role.MANAGER, Role.ADMIN)
def imports(request: MemberRequest) -> HttpResponse:
    """The uploads so far, and the form for the next one."""
    if request.method == "POST":
        return _upload(request)
    return _imports_page(request)


def _upload(request: MemberRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    try:
        content, name = _content(request.FILES.get("file"))
        job = running.accept(content=content, name=name, kind=kind if kind in KINDS else "", by=request.user)
    except Unreadable as error:
        return _imports_page(request, error=str(error), kind=kind)
    except running.NoKind:
        return _imports_page(
            request, error=_("The headings do not tell what the rows are. Choose it below."), kind=kind
        )
    except running.IsPriceList:
        return _imports_page(request, is_price_list=True, kind=kind)
    return redirect(job)


def _content(file: object) -> tuple[bytes, str]:
    """Raises Unreadable."""
    if not isinstance(file, UploadedFile):
        raise Unreadable(_("Choose a file first."))
    if (file.size or 0) > settings.IMPORT_MAX_BYTES:
        megabytes = num(settings.IMPORT_MAX_BYTES // 1024**2)
        raise Unreadable(_("The file is larger than %(size)s MB. Please split it.") % {"size": megabytes})
    return file.read(), file.name or "table"


def _imports_page(
    request: MemberRequest, *, error: str = "", is_price_list: bool = False, kind: str = ""
) -> HttpResponse:
    context = {
        "jobs": ImportJob.objects.select_related("created_by", "batch")[:LISTED],
        "kinds": ImportKind.choices,
        "kind": kind,
        "error": error,
        "is_price_list": is_price_list,
    }
    return render(request, "crm/imports.html", context, status=422 if error or is_price_list else 200)


@require_GET
@roles(Role.MANAGER, Role.ADMIN)
def import_job(request: MemberRequest, pk: int) -> HttpResponse:
    """One file: its columns, the preview, the progress or the result, whichever it has come to."""
    job = access.import_job(request.user, pk)
    back_to_columns = "columns" in request.GET and not job.batch_id
    if job.state == ImportState.MAPPING or (back_to_columns and job.state in (ImportState.READY, ImportState.FAILED)):
        return _columns_page(request, job)
    if job.state in running.BUSY:
        return render(request, "crm/import_progress.html", {"job": job, "page": screens.progress(job)})
    return _checked_page(request, job)


def _columns_page(request: MemberRequest, job: ImportJob, errors: list[str] | None = None) -> HttpResponse:
    context = {"job": job, "page": screens.ColumnsPage(job, errors or ()), "same": screens.same_file_before(job)}
    return render(request, "crm/import_columns.html", context, status=422 if errors else 200)


def _checked_page(request: MemberRequest, job: ImportJob) -> HttpResponse:
    context = {
        "job": job,
        "groups": screens.problem_groups(job),
        "along": screens.along_the_way(job),
        "noticed": screens.noticed(job),
        "same": screens.same_file_before(job),
        "undo": undoing.offer(job, today=request.today),
    }
    if job.state == ImportState.READY:
        try:
            context["preview"] = screens.preview(job)
        except Unreadable as error:
            messages.error(request, str(error))
            return redirect("crm:imports")
        return render(request, "crm/import_preview.html", context)
    return render(request, "crm/import_result.html", context)


@require_POST
@roles(Role.MANAGER, Role.ADMIN)
def import_layout(request: MemberRequest, pk: int) -> HttpResponse:
    """Reads the file in another way (coding, delimiter, sheet) or as rows of another kind."""
    job = access.import_job(request.user, pk)
    kind, delimiter = request.POST.get("kind", ""), request.POST.get("delimiter", "")
    layout = Layout(
        request.POST.get("encoding", ""),
        delimiter if delimiter in screens.DELIMITERS else "",
        request.POST.get("sheet", ""),
    )
    try:
        running.read_again(job, layout=layout, kind=kind if kind in ImportKind.values else job.kind)
    except Unreadable as error:
        return _columns_page(request, job, [str(error)])
    except running.StillRunning:
        messages.info(request, _("This file is being worked on right now."))
    return _to(request, job)


@require_POST
@roles(Role.MANAGER, Role.ADMIN)
def import_map(request: MemberRequest, pk: int) -> HttpResponse:
    """Keeps the choice of columns and sends the check."""
    job = access.import_job(request.user, pk)
    if job.state in running.BEGUN or job.batch_id:
        return redirect(job)
    mapping = choices.read_mapping(request.POST, choices.headings_of(job), job.kind)
    options = choices.read_options(request.POST, job.options, job.kind)
    try:
        if uploaded := request.FILES.get("price_list"):
            options["price_list"] = read_price_list(*_content(uploaded))
        checked = running.choose(job, mapping=mapping, options=options)
    except choices.NotPossible as error:
        job.mapping, job.options = mapping, options
        return _columns_page(request, job, error.texts)
    except Unreadable as error:
        job.mapping, job.options = mapping, options
        return _columns_page(request, job, [str(error)])
    except running.StillRunning:
        messages.info(request, _("This file is being worked on right now."))
    else:
        if not checked:
            messages.info(request, _("One more look: match the values of the file with yours."))
    return _to(request, job)


@require_POST
@roles(Role.MANAGER, Role.ADMIN)
def import_start(request: MemberRequest, pk: int) -> HttpResponse:
    """Starts the import of a checked file, or once more after a failure or a dead worker."""
    job = access.import_job(request.user, pk)
    try:
        running.start(job)
    except running.StillRunning:
        messages.info(request, _("This file is being worked on right now."))
    return _to(request, job)


@require_POST
@roles(Role.MANAGER, Role.ADMIN)
def import_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Stops before the next rows; what is in stays and can be taken back."""
    job = access.import_job(request.user, pk)
    running.cancel(job)
    return _to(request, job)


@require_GET
@roles(Role.MANAGER, Role.ADMIN)
def import_progress(request: MemberRequest, pk: int) -> HttpResponse:
    """Asked for every second by the progress page; a job that has come to its end sends the page on."""
    job = access.import_job(request.user, pk)
    if job.state not in running.BUSY or not request.htmx:
        return _to(request, job)
    return render(request, "crm/import_progress.html#progress", {"job": job, "page": screens.progress(job)})


@require_http_methods(["GET", "POST"])
@roles(Role.MANAGER, Role.ADMIN)
def import_undo(request: MemberRequest, pk: int) -> HttpResponse:
    """What taking the whole import back would do, the records edited since first; POST does it."""
    job = access.import_job(request.user, pk)
    if not undoing.offer(job, today=request.today):
        messages.info(request, _("This import cannot be taken back any more."))
        return redirect(job)
    if request.method == "GET":
        return render(request, "crm/import_undo.html", {"job": job, "page": undoing.look(job)})
    try:
        undone = undoing.take_back(job, by=request.user, today=request.today, all_of_it=bool(request.POST.get("all")))
    except undoing.NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, undone.said)
    return _to(request, job)


@require_GET
@roles(Role.MANAGER, Role.ADMIN)
def import_rejects(request: MemberRequest, pk: int) -> HttpResponse:
    """The rows that stayed out, in the file's own format, to be put right and uploaded again."""
    job = access.import_job(request.user, pk)
    try:
        file = rejects.rejected(job)
    except Unreadable as error:
        messages.error(request, str(error))
        return redirect("crm:imports")
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_GET
@roles(Role.MANAGER, Role.ADMIN)
def import_problems_csv(request: MemberRequest, pk: int) -> HttpResponse:
    """All rows with a remark and what it says."""
    job = access.import_job(request.user, pk)
    text = io.StringIO()
    try:
        csv.writer(text).writerows(rejects.problem_rows(job))
    except Unreadable as error:
        messages.error(request, str(error))
        return redirect("crm:imports")
    # With the mark at the beginning Excel reads Persian as UTF-8.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="problems-{job.pk}.csv"'
    return response


def _to(request: HttpRequest, job: ImportJob) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(job.get_absolute_url())
    return HttpResponseRedirect(job.get_absolute_url(), status=303)
