from django.urls import path

from dataquality.views import fixes, overview, own, trust

app_name = "dataquality"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("fixes/", overview.all_fixes, name="all_fixes"),
    path("fixes/best/", fixes.fixes, name="fixes"),
    path("mine/", own.my_week, name="my_week"),
    path("fixes/<slug:entity>/<int:pk>/<slug:rule>/", fixes.fix, name="fix"),
    path("of-deal/<int:pk>/", overview.deal_issues, name="deal_issues"),
    path("of-lead/<int:pk>/", overview.lead_issues, name="lead_issues"),
    path("of-customer/<int:pk>/", overview.customer_issues, name="customer_issues"),
    path("of-board/", trust.board_trust, name="board_trust"),
    path("of-changes/", trust.changes_trust, name="changes_trust"),
]
