"""Any address on a host that belongs to no firm."""

from django.urls import re_path

from tenants.views.unknown import unknown_host

urlpatterns = [re_path(r"", unknown_host)]
