"""Included by crm.urls, under the same names: fields, stages and reasons for losing."""

from django.urls import path

from crm.models import Entity
from crm.views import fields, stages

urlpatterns = [
    path("fields/", fields.fields, name="fields"),
    path("fields/report/", fields.field_report, name="field_report"),
    path("fields/rules/<int:pk>/", fields.field_rule_change, name="field_rule_change"),
    path("fields/rules/<int:pk>/stop/", fields.field_rule_stop, name="field_rule_stop"),
    path("fields/own/<int:pk>/", fields.own_field_change, name="own_field_change"),
    path("fields/own/<int:pk>/retire/", fields.own_field_retire, name="own_field_retire"),
    # An entity is no object: each has addresses of its own.
    *(path(f"fields/{one}/ask/", fields.field_ask, {"entity": one}, f"field_ask_{one}") for one in Entity.values),
    *(path(f"fields/{one}/own/", fields.own_field_new, {"entity": one}, f"own_field_{one}") for one in Entity.values),
    path("fields/<str:entity>/<str:field>/why/", fields.field_why, name="field_why"),
    path("fields/<str:entity>/<str:field>/mark/", fields.field_mark, name="field_mark"),
    path("records/<str:kind>/<int:pk>/asked/", fields.record_asked, name="record_asked"),
    path("playbook/", fields.playbook, name="playbook"),
    path("stages/", stages.stages, name="stages"),
    path("stages/new/", stages.stage_new, name="stage_new"),
    path("stages/<int:pk>/", stages.stage_change, name="stage_change"),
    path("stages/<int:pk>/move/", stages.stage_move, name="stage_move"),
    path("stages/<int:pk>/remove/", stages.stage_remove, name="stage_remove"),
    path("lost-reasons/new/", stages.lost_reason_new, name="lost_reason_new"),
    path("lost-reasons/<int:pk>/", stages.lost_reason_rename, name="lost_reason_rename"),
    path("lost-reasons/<int:pk>/move/", stages.lost_reason_move, name="lost_reason_move"),
    path("lost-reasons/<int:pk>/retire/", stages.lost_reason_retire, name="lost_reason_retire"),
]
