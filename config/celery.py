"""The Celery app. Every task belongs to a tenant unless it says `public=True`; see `tenants.celery.TenantTask`."""

import os

from celery import Celery
from celery.signals import setup_logging

from config import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tasmim", task_cls="tenants.celery:TenantTask", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # Looks which tenants' night has come and starts their jobs. A tick that waited longer than
    # the next one is due is worth nothing.
    "nightly-tick": {
        "task": "tenants.tasks.nightly_tick",
        "schedule": float(env.number("TICK_SECONDS", 900)),
        "options": {"expires": 800},
    },
    # Leads that nobody answered in time.
    "lead-clocks-tick": {"task": "crm.tasks.tick_clocks", "schedule": 300.0, "options": {"expires": 280}},
}


@setup_logging.connect
def use_django_logging(**_: object) -> None:
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
