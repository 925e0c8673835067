from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.access import everyone
from members.forms import ProfileForm
from members.http import MemberRequest
from members.services.people import change_profile


@everyone
@require_http_methods(["GET", "POST"])
def profile(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_bound and form.is_valid():
        change_profile(person=request.user, **form.cleaned_data)
        with translation.override(request.user.language or request.tenant.language):
            messages.success(request, _("Your profile is changed."))
        response = redirect("members:profile")
        # What the browser remembered from the quick switch would hide the choice just made.
        response.delete_cookie("theme")
        return response
    return render(request, "members/profile.html", {"form": form}, status=422 if form.is_bound else 200)
