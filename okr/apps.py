from django.apps import AppConfig


class OkrConfig(AppConfig):
    name = "okr"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from charter import replacing
        from crm.exporting import registry
        from okr.charter_hooks import serve_the_new_one

        replacing.register(serve_the_new_one)
        registry.register("okr.Cycle", "cycles", _("Cycles"))
        registry.register("okr.Objective", "objectives", _("Objectives"))
        registry.register("okr.KeyResult", "key_results", _("Key results"))
        registry.register("okr.CheckIn", "check_ins", _("Check-ins"))
        registry.register("okr.ObjectiveEvent", "objective_events", _("History of objectives"))
