from django.urls import path

from l10n import views

app_name = "l10n"
urlpatterns = [
    path("parse-date/", views.parse_date, name="parse_date"),
    path("read-money/", views.read_money, name="read_money"),
    path("calendar/", views.calendar, name="calendar"),
]
