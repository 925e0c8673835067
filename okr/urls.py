from django.urls import path

from okr.views import cycles, key_results, objectives

app_name = "okr"
urlpatterns = [
    path("", objectives.objectives, name="objectives"),
    path("new/", objectives.objective_new, name="objective_new"),
    path("<int:pk>/", objectives.objective, name="objective"),
    path("<int:pk>/edit/", objectives.objective_edit, name="objective_edit"),
    path("<int:pk>/activate/", objectives.objective_activate, name="objective_activate"),
    path("<int:pk>/swap/", objectives.objective_swap, name="objective_swap"),
    path("<int:pk>/release/", objectives.objective_release, name="objective_release"),
    path("<int:pk>/key-results/new/", key_results.key_result_new, name="key_result_new"),
    path("key-results/<int:pk>/", key_results.key_result, name="key_result"),
    path("key-results/<int:pk>/edit/", key_results.key_result_edit, name="key_result_edit"),
    path("key-results/<int:pk>/check-in/", key_results.check_in, name="check_in"),
    path("cycles/new/", cycles.cycle_new, name="cycle_new"),
    path("cycles/<int:pk>/activate/", cycles.cycle_activate, name="cycle_activate"),
    path("cycles/<int:pk>/close/", cycles.cycle_close, name="cycle_close"),
]
