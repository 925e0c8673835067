from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members import access
from members.access import Role, roles
from members.forms import InviteForm
from members.http import MemberRequest
from members.services import invitations as service
from tenants import clock


@roles(Role.ADMIN)
@require_http_methods(["GET", "POST"])
def invite(request: MemberRequest) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            invitation = service.invite(by=request.user, now=clock.now(), **form.cleaned_data)
        except service.AlreadyMember as known:
            form.add_error("email", already_member(known))
        except service.AlreadyInvited:
            form.add_error("email", _("This address has an open invitation. You can send it again from the list."))
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email})
            return redirect("members:people")
    return render(request, "members/invite.html", {"form": form}, status=422 if form.is_bound else 200)


def already_member(known: service.AlreadyMember) -> str:
    if known.member.is_active:
        return _("%(name)s is a member already.") % {"name": known.member.name}
    return _("%(name)s was a member before. Let them in again from the list.") % {"name": known.member.name}


@roles(Role.ADMIN)
@require_POST
def resend(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = access.invitation_for_change(request.user, pk)
    service.resend(invitation=invitation, by=request.user, now=clock.now())
    messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email})
    return redirect("members:people")


@roles(Role.ADMIN)
@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = access.invitation_for_change(request.user, pk)
    service.withdraw(invitation=invitation, by=request.user)
    messages.success(request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("members:people")


@roles(Role.ADMIN)
@require_POST
def link(request: MemberRequest, pk: int) -> HttpResponse:
    """Shows the link itself, for those whom mails do not reach."""
    invitation = access.invitation_for_change(request.user, pk)
    address = service.link_of(invitation, request.tenant)
    return render(request, "members/invitation_link.html", {"invitation": invitation, "link": address})
