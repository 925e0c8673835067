from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members import access
from members.access import Role, roles
from members.forms import TeamForm
from members.http import MemberRequest
from members.models import Team
from members.services import teams as service


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    form = TeamForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            service.create_team(by=request.user, **form.cleaned_data)
        except service.NameTaken:
            form.add_error("name", name_taken())
        else:
            return redirect("members:people")
    return team_page(request, form, None)


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def change(request: MemberRequest, pk: int) -> HttpResponse:
    team = access.team_for_change(request.user, pk)
    form = TeamForm(
        request.POST if request.method == "POST" else None, initial={"name": team.name, "lead": team.lead_id}
    )
    if form.is_bound and form.is_valid():
        try:
            service.change_team(team=team, by=request.user, **form.cleaned_data)
        except service.NameTaken:
            form.add_error("name", name_taken())
        else:
            messages.success(request, _("The team is changed."))
            return redirect("members:people")
    return team_page(request, form, team)


@roles(Role.ADMIN)
@require_POST
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    team = access.team_for_change(request.user, pk)
    service.remove_team(team=team, by=request.user)
    messages.success(request, _("The team %(name)s is removed. Its people stay.") % {"name": team.name})
    return redirect("members:people")


def team_page(request: MemberRequest, form: TeamForm, team: Team | None) -> HttpResponse:
    context = {"form": form, "team": team}
    return render(request, "members/team.html", context, status=422 if form.is_bound else 200)


def name_taken() -> str:
    return _("There is already a team with this name.")
