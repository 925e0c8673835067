from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.access import writers
from crm.views.answers import back, go
from dataquality import access, tally
from dataquality.forms import form_for
from dataquality.queries import is_broken
from dataquality.screens import Fix, fixes_screen, record_screen, with_failed
from dataquality.services import fixing
from l10n import formats
from members.access import everyone
from members.http import MemberRequest


@everyone
@require_GET
def fixes(request: MemberRequest) -> HttpResponse:
    """The fragment of Today: the three best repairs."""
    screen = fixes_screen(request.user, request.today)
    return render(request, "dataquality/fixes.html#fixes", {"screen": screen})


@writers
@require_http_methods(["GET", "POST"])
def fix(request: MemberRequest, entity: str, pk: int, rule: str) -> HttpResponse:
    """Repairs one thing. The answer is the place the form stood in: the list of Today, or the record's card."""
    record = access.record_for_change(request.user, entity, pk)
    broken = access.rule(entity, rule, request.today)
    if not is_broken(record, broken):
        messages.info(request, _("Somebody has fixed this already."))
        return _shown(request, record)
    form = form_for(broken, record, request.today, request.user, data=request.POST or None)
    if not form.is_valid():
        return _shown(request, record, failed=Fix(broken, record, form) if form.is_bound else None)
    before = tally.of_owner(request.user.pk, request.today).score
    fixing.apply(rule=broken, record=record, values=form.cleaned_data, by=request.user, today=request.today)
    after = tally.of_owner(request.user.pk, request.today).score
    messages.success(request, _said(before, after))
    if not request.htmx:
        return go(request, back(request, "dataquality:all_fixes"))
    response = _shown(request, record)
    response.headers["HX-Trigger"] = "record-changed"
    return response


def _shown(request: MemberRequest, record: Any, failed: Fix | None = None) -> HttpResponse:
    status = 422 if failed else 200
    if request.htmx and request.POST.get("place") == "today":
        screen = fixes_screen(request.user, request.today)
        shown = with_failed(screen, failed) if failed else screen
        return render(request, "dataquality/fixes.html#fixes", {"screen": shown}, status=status)
    one = record_screen(request.user, record, request.today, failed)
    template = "dataquality/record.html#record" if request.htmx else "dataquality/record.html"
    context = {"one": one, "is_alone": "alone" in request.POST}
    return render(request, template, context, status=status)


def _said(before: int | None, after: int | None) -> str:
    if before is None or after is None or after <= before:
        return _("Fixed, thank you.")
    return _("Fixed. Your score went from %(before)s to %(after)s.") % {
        "before": formats.num(before),
        "after": formats.num(after),
    }
