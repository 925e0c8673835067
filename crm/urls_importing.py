"""Included by crm.urls, under the same names."""

from django.urls import path

from crm.views import importing

urlpatterns = [
    path("imports/", importing.imports, name="imports"),
    path("imports/<int:pk>/", importing.import_job, name="import"),
    path("imports/<int:pk>/columns/", importing.import_map, name="import_map"),
    path("imports/<int:pk>/start/", importing.import_start, name="import_start"),
    path("imports/<int:pk>/progress/", importing.import_progress, name="import_progress"),
    path("imports/<int:pk>/problems.csv", importing.import_problems_csv, name="import_problems_csv"),
]
