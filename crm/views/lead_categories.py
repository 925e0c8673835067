"""How leads are sorted, promised an answer and handed out."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.intake import categories as services
from crm.intake.forms import CategoryForm
from crm.models import LeadCategory
from crm.views.answers import go, page, typed
from members.access import Role, roles
from members.http import MemberRequest

sorters = roles(Role.MANAGER, Role.ADMIN)


@sorters
@require_GET
def lead_categories(request: MemberRequest) -> HttpResponse:
    rows = LeadCategory.objects.prefetch_related("people")
    return page(request, "crm/intake_categories.html", {"categories": rows, "free": services.free_sources()})


@sorters
@require_http_methods(["GET", "POST"])
def lead_category_new(request: MemberRequest) -> HttpResponse:
    return _form(request, None)


@sorters
@require_http_methods(["GET", "POST"])
def lead_category(request: MemberRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(LeadCategory, pk=pk))


@sorters
@require_POST
def lead_category_remove(request: MemberRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(LeadCategory, pk=pk)
    try:
        services.remove(category)
    except services.DefaultKept:
        messages.warning(request, _default_kept())
        return go(request, "crm:lead_categories")
    return go(request, "crm:lead_categories", _("The category is gone; its leads stay."))


def _form(request: MemberRequest, category: LeadCategory | None) -> HttpResponse:
    form = CategoryForm(typed(request), category=category)
    if form.is_bound and form.is_valid() and _saved(form, category):
        return go(request, "crm:lead_categories", _("Saved."))
    context = {"form": form, "category": category, "free": services.free_sources()}
    return page(request, "crm/intake_category.html", context, form=form)


def _saved(form: CategoryForm, category: LeadCategory | None) -> bool:
    try:
        services.save(category, values=form.values(), people=form.cleaned_data["people"])
    except services.SourceTaken as taken:
        said = _("“%(source)s” belongs to the category “%(category)s” already.")
        form.add_error("sources", said % {"source": taken.source, "category": taken.category})
    except services.DefaultKept:
        form.add_error("is_default", _default_kept())
    except IntegrityError:
        form.add_error("name", _("There is a category of this name already."))
    return not form.errors


def _default_kept() -> str:
    return _("One category takes all other leads. Choose another one for that first.")
