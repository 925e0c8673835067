from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.marks import open_to_all
from tenants.models.tenant import absolute_url


@open_to_all("says kindly that nobody lives on this host")
def unknown_host(request: HttpRequest) -> HttpResponse:
    return render(request, "tenants/unknown_host.html", {"front_door": absolute_url(settings.BASE_DOMAIN)}, status=404)
