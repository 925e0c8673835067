from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members import access, queries, screens
from members.access import Role, everyone, roles
from members.forms import PersonForm
from members.http import MemberRequest
from members.services import people as service
from tenants import clock


@everyone
@require_GET
def people(request: MemberRequest) -> HttpResponse:
    screen = screens.people_screen(user=request.user, now=clock.now())
    return render(request, "members/people.html", {"screen": screen})


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def person(request: MemberRequest, pk: int) -> HttpResponse:
    person = access.person_for_change(request.user, pk)
    form = PersonForm(request.POST if request.method == "POST" else None, initial=vars(person) | {"team": person.team})
    if form.is_bound and form.is_valid():
        try:
            service.change_person(person=person, by=request.user, **form.cleaned_data)
        except service.LastAdmin:
            form.add_error("role", last_admin())
        else:
            messages.success(request, _("%(name)s is changed.") % {"name": person.name})
            return redirect("members:people")
    context = {"person": person, "form": form, "takers": queries.takers(person)}
    return render(request, "members/person.html", context, status=422 if form.is_bound else 200)


@roles(Role.ADMIN)
@require_POST
def deactivate(request: MemberRequest, pk: int) -> HttpResponse:
    person = access.person_for_change(request.user, pk)
    try:
        service.deactivate(person=person, by=request.user, taker=queries.taker(person, request.POST.get("taker", "")))
    except service.LastAdmin:
        messages.error(request, last_admin())
        return redirect("members:person", pk=pk)
    messages.success(request, _("%(name)s can no longer log in.") % {"name": person.name})
    return redirect("members:people")


@roles(Role.ADMIN)
@require_POST
def reactivate(request: MemberRequest, pk: int) -> HttpResponse:
    person = access.person_for_change(request.user, pk)
    service.reactivate(person=person, by=request.user)
    messages.success(request, _("%(name)s can log in again.") % {"name": person.name})
    return redirect("members:people")


def last_admin() -> str:
    return _("This is the last admin. Make somebody else an admin first.")
