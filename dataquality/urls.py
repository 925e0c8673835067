from django.urls import URLPattern

app_name = "dataquality"
urlpatterns: list[URLPattern] = []
