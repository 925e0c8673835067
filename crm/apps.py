from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        from charter import replacing
        from crm.charter_hooks import serve_the_new_one
        from crm.exporting.own import register_own
        from crm.founding import lay_playbook
        from crm.leaving_hooks import move_records
        from crm.models import Attachment
        from crm.services.attachment import row_deleted
        from members import leaving
        from tenants import nightly, provisioning_hooks

        provisioning_hooks.register(lay_playbook)
        replacing.register(serve_the_new_one)
        leaving.register(move_records)
        nightly.register("purge", "crm.tasks.purge_bin")
        nightly.register("old_files", "crm.tasks.delete_old_files")
        register_own()
        # A signal, because a row also goes by the cascade of a purge or an erasure.
        post_delete.connect(row_deleted, sender=Attachment, dispatch_uid="crm.attachment")
