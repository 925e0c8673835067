"""Included by crm.urls, under the same names: what all kinds of records have (`kind` is a RecordKind)."""

from django.urls import path

from crm.views import bin as bins
from crm.views import history

urlpatterns = [
    path("bin/", bins.bin_page, name="bin"),
    path("records/<str:kind>/<int:pk>/bin/", bins.record_bin, name="record_bin"),
    path("records/<str:kind>/<int:pk>/restore/", bins.record_restore, name="record_restore"),
    path("records/<str:kind>/<int:pk>/history/", history.record_history, name="record_history"),
    path("records/<str:kind>/<int:pk>/history/<int:edit_pk>/", history.field_restore, name="field_restore"),
]
