from django.urls import path

from crm.views import care, cases, files

urlpatterns = [
    path("requests/", cases.cases, name="cases"),
    path("requests/new/", cases.case_new, name="case_new"),
    path("requests/today/", cases.cases_today, name="cases_today"),
    path("requests/<int:pk>/", cases.case, name="case"),
    path("requests/<int:pk>/edit/", cases.case_edit, name="case_edit"),
    path("requests/<int:pk>/note/", cases.case_note, name="case_note"),
    path("requests/<int:pk>/wait/", cases.case_wait, name="case_wait"),
    path("requests/<int:pk>/resume/", cases.case_resume, name="case_resume"),
    path("requests/<int:pk>/finish/", cases.case_finish, name="case_finish"),
    path("requests/<int:pk>/reopen/", cases.case_reopen, name="case_reopen"),
    path("requests/<int:pk>/rate/", cases.case_rate, name="case_rate"),
    path("customers/<int:pk>/requests/", cases.customer_cases, name="customer_cases"),
    path("deals/<int:pk>/requests/", cases.deal_cases, name="deal_cases"),
    path("care/", care.care, name="care"),
    path("care/customers/", care.care_customers, name="care_customers"),
    path("files/<str:kind>/<int:pk>/", files.files, name="files"),
    path("files/<str:kind>/<int:pk>/add/", files.files_add, name="files_add"),
    path("files/<int:pk>/", files.file, name="file"),
    path("files/<int:pk>/delete/", files.file_delete, name="file_delete"),
]
