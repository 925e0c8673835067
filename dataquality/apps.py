from django.apps import AppConfig


class DataQualityConfig(AppConfig):
    name = "dataquality"

    def ready(self) -> None:
        from crm import bin_hooks
        from dataquality.bin_hooks import resolve_issues
        from tenants import nightly

        bin_hooks.register(resolve_issues)
        nightly.register("score", "dataquality.tasks.score_night")
