"""The project's settings with what only tests may have. tests/plugin.py put the servers into the environment."""

import os

from config.settings import *  # noqa: F403
from config.settings import CACHES, MEDIA_ROOT, STORAGES

# Every xdist worker has its own database; give each its own cache and files too. 0 is the broker.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CACHES = {"default": {**CACHES["default"], "LOCATION": f"{os.environ['REDIS_URL']}/{1 + WORKER % 15}"}}
MEDIA_ROOT = MEDIA_ROOT.with_name(f"files-{WORKER}")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Names without hashes: nothing has to be collected first.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ACCOUNT_RATE_LIMITS = False
