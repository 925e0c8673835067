from django.apps import AppConfig


class RitualsConfig(AppConfig):
    name = "rituals"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from charter import replacing
        from crm.exporting import registry
        from rituals.charter_hooks import serve_the_new_one
        from rituals.services import schedule
        from tenants import nightly, provisioning_hooks

        replacing.register(serve_the_new_one)
        registry.register("rituals.Ritual", "rituals", _("Rituals"))
        registry.register("rituals.Meeting", "meetings", _("Meetings"))
        registry.register("rituals.Attendance", "attendance", _("Who was at the meetings"))
        registry.register("rituals.AgendaItem", "agenda_items", _("Agenda items"))
        registry.register("rituals.Decision", "decisions", _("Decisions"))
        registry.register("rituals.DecisionEvent", "decision_events", _("History of decisions"))
        registry.register("rituals.ActionItem", "actions", _("Actions"))
        registry.register("rituals.Minutes", "minutes", _("Minutes"), without=("pdf",))
        provisioning_hooks.register(schedule.provision)
        nightly.register("meetings", "rituals.tasks.prepare_meetings")
