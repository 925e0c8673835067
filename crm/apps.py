from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        from charter import replacing
        from crm.charter_hooks import serve_the_new_one
        from crm.founding import lay_playbook
        from tenants import provisioning_hooks

        provisioning_hooks.register(lay_playbook)
        replacing.register(serve_the_new_one)
