from django.urls import path

from crm.views import bulk, lists

urlpatterns = [
    path("lists/<str:kind>/filter/", lists.list_filter, name="list_filter"),
    path("lists/<str:kind>/columns/", lists.list_columns, name="list_columns"),
    path("lists/<str:kind>/views/new/", lists.list_view_new, name="list_view_new"),
    path("lists/<str:kind>/csv/", lists.list_csv, name="list_csv"),
    path("lists/<str:kind>/xlsx/", lists.list_xlsx, name="list_xlsx"),
    path("views/<int:pk>/edit/", lists.list_view_edit, name="list_view_edit"),
    path("views/<int:pk>/update/", lists.list_view_update, name="list_view_update"),
    path("views/<int:pk>/delete/", lists.list_view_delete, name="list_view_delete"),
    path("lists/<str:kind>/bulk/", bulk.bulk, name="bulk"),
    path("lists/<str:kind>/bulk/apply/", bulk.bulk_apply, name="bulk_apply"),
    path("bulk/<int:pk>/", bulk.bulk_edit, name="bulk_edit"),
    path("bulk/<int:pk>/progress/", bulk.bulk_edit_progress, name="bulk_edit_progress"),
    path("bulk/<int:pk>/undo/", bulk.bulk_edit_undo, name="bulk_edit_undo"),
]
