"""Export of everything and erasure of a person. Included by crm.urls, under the same names."""

from django.urls import path

from crm.views import erasing, exporting

urlpatterns = [
    path("exports/", exporting.exports, name="exports"),
    path("exports/list/", exporting.exports_list, name="exports_list"),
    path("exports/<int:pk>/file/", exporting.export_file, name="export_file"),
    path("leads/<int:pk>/erase/", erasing.lead_erase, name="lead_erase"),
    path("contacts/<int:pk>/erase/", erasing.contact_erase, name="contact_erase"),
    path("customers/<int:pk>/erase/", erasing.customer_erase, name="customer_erase"),
]
