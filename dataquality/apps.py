from django.apps import AppConfig


class DataQualityConfig(AppConfig):
    name = "dataquality"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from crm import bin_hooks
        from crm.exporting import registry
        from dataquality.bin_hooks import resolve_issues
        from tenants import nightly

        bin_hooks.register(resolve_issues)
        nightly.register("score", "dataquality.tasks.score_night")
        registry.register("dataquality.OwnerScore", "owner_scores", _("Scores of data quality"))
