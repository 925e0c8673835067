"""Gunicorn's settings (`gunicorn --config python:config.web config.wsgi`), the same for the demo and for production."""

import gc
from pathlib import Path
from typing import Any

from config import env
from config.logs import LOGGING

bind = env.text("WEB_BIND", f"127.0.0.1:{env.number('PORT', 8000)}")
worker_class = env.text("WEB_CLASS", "gthread")
workers = env.number("WEB_WORKERS", 2)
threads = env.number("WEB_THREADS", 4)
reload = env.flag("WEB_RELOAD", False)
# Workers share the pages of the loaded code; nothing connects to a server while it loads.
preload_app = not reload
timeout = 60
graceful_timeout = 5
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# Heartbeats in memory: on a busy disk a slow touch would look like a hanging worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
forwarded_allow_ips = env.text("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
control_socket_disable = True
logconfig_dict: dict[str, Any] = LOGGING


def when_ready(_server: object) -> None:
    """Before the first fork: what is loaded stays, so the collector need not touch (and thereby copy) its pages."""
    gc.collect()
    gc.freeze()
