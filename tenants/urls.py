from django.urls import path

from tenants.views import working_time, workspace

app_name = "tenants"
urlpatterns = [
    path("workspace/", workspace.workspace, name="workspace"),
    path("hours/", working_time.hours, name="hours"),
    path("hours/days/", working_time.holiday_add, name="holiday_add"),
    path("hours/days/remove/", working_time.holiday_remove, name="holiday_remove"),
    path("hours/days/official/", working_time.holidays_official, name="holidays_official"),
]
