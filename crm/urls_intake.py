from django.urls import path

from crm.views import intake, lead_categories, snooze

urlpatterns = [
    path("leads/queue/", intake.lead_queue, name="lead_queue"),
    path("leads/response/", intake.lead_response, name="lead_response"),
    path("leads/categories/", lead_categories.lead_categories, name="lead_categories"),
    path("leads/categories/new/", lead_categories.lead_category_new, name="lead_category_new"),
    path("leads/categories/<int:pk>/", lead_categories.lead_category, name="lead_category"),
    path("leads/categories/<int:pk>/remove/", lead_categories.lead_category_remove, name="lead_category_remove"),
    path("leads/<int:pk>/take/", intake.lead_take, name="lead_take"),
    path("leads/<int:pk>/assign/", intake.lead_assign, name="lead_assign"),
    path("leads/<int:pk>/convert/", intake.lead_convert, name="lead_convert"),
    path("leads/<int:pk>/convert/undo/", intake.lead_convert_undo, name="lead_convert_undo"),
    path("deals/<int:pk>/snooze/", snooze.deal_snooze, name="deal_snooze"),
    path("deals/<int:pk>/wake/", snooze.deal_wake, name="deal_wake"),
]
