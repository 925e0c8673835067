from django.urls import path

from tenants.views import workspace

app_name = "tenants"
urlpatterns = [path("workspace/", workspace.workspace, name="workspace")]
