from django.urls import URLPattern, URLResolver, include, path

from crm.views import customers, deals, leads, moves, search, steps, today

app_name = "crm"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.today, name="today"),
    path("today/steps/", today.today_steps, name="today_steps"),
    path("log/", today.quick_log, name="quick_log"),
    path("pick/", today.pick, name="pick"),
    path("search/", search.search, name="search"),
    path("", include("crm.urls_importing")),
    path("", include("crm.urls_intake")),
    path("", include("crm.urls_fields")),
    path("", include("crm.urls_lists")),
    path("", include("crm.urls_care")),
    path("", include("crm.urls_records")),
    path("leads/", leads.leads, name="leads"),
    path("leads/new/", leads.lead_new, name="lead_new"),
    path("leads/<int:pk>/", leads.lead, name="lead"),
    path("leads/<int:pk>/edit/", leads.lead_edit, name="lead_edit"),
    path("leads/<int:pk>/drop/", leads.lead_drop, name="lead_drop"),
    path("customers/", customers.customers, name="customers"),
    path("customers/new/", customers.customer_new, name="customer_new"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/edit/", customers.customer_edit, name="customer_edit"),
    path("customers/<int:pk>/contacts/new/", customers.contact_new, name="contact_new"),
    path("contacts/<int:pk>/edit/", customers.contact_edit, name="contact_edit"),
    path("deals/", deals.deals, name="deals"),
    path("deals/new/", deals.deal_new, name="deal_new"),
    path("deals/<int:pk>/", deals.deal, name="deal"),
    path("deals/<int:pk>/edit/", deals.deal_edit, name="deal_edit"),
    path("deals/<int:pk>/move/", moves.deal_move, name="deal_move"),
    path("steps/new/", steps.step_new, name="step_new"),
    path("steps/<int:pk>/complete/", steps.step_complete, name="step_complete"),
    path("steps/<int:pk>/reopen/", steps.step_reopen, name="step_reopen"),
    path("steps/<int:pk>/reschedule/", steps.step_reschedule, name="step_reschedule"),
    path("steps/<int:pk>/drop/", steps.step_drop, name="step_drop"),
]
