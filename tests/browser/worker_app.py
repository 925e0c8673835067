"""`celery --app tests.browser.worker_app worker`: the project's own worker, in the present that the tests stand in."""

import os
from contextlib import ExitStack
from datetime import datetime

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from config.celery import app as app
from tenants import clock

app.conf.task_always_eager = False
stopped = ExitStack()
stopped.enter_context(clock.stopped_at(datetime.fromisoformat(os.environ["TEST_NOW"])))
