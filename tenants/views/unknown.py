from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.marks import open_to_all


@open_to_all("says kindly that nobody lives on this host")
def unknown_host(request: HttpRequest) -> HttpResponse:
    return render(request, "tenants/unknown_host.html", {"host": request.get_host()}, status=404)
