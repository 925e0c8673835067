from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Makes the Celery app the current one in every process, and registers checks and log receivers."""
        from django_structlog import signals

        from config import celery as celery
        from config import checks as checks
        from config.logs import log_route

        signals.bind_extra_request_metadata.connect(log_route, dispatch_uid="route")
        signals.bind_extra_request_finished_metadata.connect(log_route, dispatch_uid="route")
        signals.bind_extra_request_failed_metadata.connect(log_route, dispatch_uid="route")
