from django.urls import URLPattern, path

from charter.views import key_decisions as views

app_name = "charter"
urlpatterns: list[URLPattern] = [
    path("", views.key_decisions, name="key_decisions"),
    path("new/", views.key_decision_new, name="key_decision_new"),
    path("<int:pk>/edit/", views.key_decision_edit, name="key_decision_edit"),
    path("<int:pk>/replace/", views.key_decision_replace, name="key_decision_replace"),
]
