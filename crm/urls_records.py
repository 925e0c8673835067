"""Included by crm.urls, under the same names: what all kinds of records have (`kind` is a RecordKind)."""

from django.urls import path

from crm.views import bin as bins
from crm.views import duplicates, handover, history, records

urlpatterns = [
    path("handovers/", handover.handovers, name="handovers"),
    path("handovers/new/", handover.handover_new, name="handover_new"),
    path("handovers/today/", handover.handover_today, name="handover_today"),
    path("handovers/<int:pk>/undo/", handover.handover_undo, name="handover_undo"),
    path("handovers/<int:pk>/read/", handover.handover_read, name="handover_read"),
    path("ownerless/", handover.ownerless, name="ownerless"),
    path("ownerless/count/", handover.ownerless_count, name="ownerless_count"),
    path("ownerless/assign/", handover.ownerless_assign, name="ownerless_assign"),
    path("known-already/", duplicates.known_already, name="known_already"),
    path("bin/", bins.bin_page, name="bin"),
    path("records/<str:kind>/<int:pk>/timeline/", records.record_timeline, name="record_timeline"),
    path("records/<str:kind>/<int:pk>/facts/", records.record_facts, name="record_facts"),
    path("records/<str:kind>/<int:pk>/cell/<str:field>/", records.record_cell, name="record_cell"),
    path("records/<str:kind>/<int:pk>/fact/<str:field>/", records.record_fact, name="record_fact"),
    path("records/<str:kind>/<int:pk>/bin/", bins.record_bin, name="record_bin"),
    path("records/<str:kind>/<int:pk>/restore/", bins.record_restore, name="record_restore"),
    path("records/<str:kind>/<int:pk>/history/", history.record_history, name="record_history"),
    path("records/<str:kind>/<int:pk>/history/<int:edit_pk>/", history.field_restore, name="field_restore"),
]
