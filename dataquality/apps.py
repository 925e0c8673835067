from django.apps import AppConfig


class DataQualityConfig(AppConfig):
    name = "dataquality"

    def ready(self) -> None:
        from tenants import nightly

        nightly.register("score", "dataquality.tasks.score_night")
