from django.apps import AppConfig


class RitualsConfig(AppConfig):
    name = "rituals"

    def ready(self) -> None:
        from rituals.services import schedule
        from tenants import nightly, provisioning_hooks

        provisioning_hooks.register(schedule.provision)
        nightly.register("meetings", "rituals.tasks.prepare_meetings")
