"""Included by crm.urls, under the same names."""

from django.urls import path

from crm.views import importing

urlpatterns = [
    path("imports/", importing.imports, name="imports"),
    path("imports/<int:pk>/", importing.import_job, name="import"),
    path("imports/<int:pk>/layout/", importing.import_layout, name="import_layout"),
    path("imports/<int:pk>/columns/", importing.import_map, name="import_map"),
    path("imports/<int:pk>/start/", importing.import_start, name="import_start"),
    path("imports/<int:pk>/cancel/", importing.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/progress/", importing.import_progress, name="import_progress"),
    path("imports/<int:pk>/undo/", importing.import_undo, name="import_undo"),
    path("imports/<int:pk>/rejected/", importing.import_rejects, name="import_rejects"),
    path("imports/<int:pk>/problems.csv", importing.import_problems_csv, name="import_problems_csv"),
]
