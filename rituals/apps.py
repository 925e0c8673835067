from django.apps import AppConfig


class RitualsConfig(AppConfig):
    name = "rituals"

    def ready(self) -> None:
        from charter import replacing
        from rituals.charter_hooks import serve_the_new_one
        from rituals.services import schedule
        from tenants import nightly, provisioning_hooks

        replacing.register(serve_the_new_one)
        provisioning_hooks.register(schedule.provision)
        nightly.register("meetings", "rituals.tasks.prepare_meetings")
