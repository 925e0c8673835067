"""Logs: one JSON object a line in production, short lines elsewhere, always with request id and tenant, never with
personal data. What a person typed, mailed or searched must not be readable here; routes are logged, not paths."""

import os
import re
from typing import Any

import structlog
from django.http import HttpRequest
from structlog.typing import EventDict, Processor, WrappedLogger

from config import env

PRIVATE_KEYS = frozenset({"ip", "user_agent", "email", "e_mail", "phone", "password", "token", "body", "data", "query"})
EMAIL = re.compile(r"[\w.%+-]+@[\w-]+(\.[\w-]+)+")
QUERY = re.compile(r"\?\S+")
# PostgreSQL puts the offending row into DETAIL.
DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def scrub(text: str) -> str:
    return DETAIL.sub(r"\1: (left out)", EMAIL.sub("(e-mail)", text))


def without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key in PRIVATE_KEYS & event.keys():
        del event[key]
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = scrub(value)
    if isinstance(request := event.get("request"), str):
        event["request"] = QUERY.sub("", request)
    return event


def with_tenant(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    from django.db import connection

    event.setdefault("tenant", getattr(connection, "schema_name", None))
    return event


def log_route(request: HttpRequest, log_kwargs: dict[str, Any], **_: Any) -> None:
    """Receiver of django-structlog's signals: a path may carry a one-time token, its route does not."""
    route = request.resolver_match.route if request.resolver_match else "(no route)"
    log_kwargs["request"] = f"{request.method} /{route}"


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    with_tenant,
]
JSON: list[Processor] = [
    structlog.processors.format_exc_info,
    without_personal_data,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]
CONSOLE: list[Processor] = [
    structlog.processors.format_exc_info,
    without_personal_data,
    structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False),
]


def formatter(renderers: list[Processor]) -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        "foreign_pre_chain": SHARED,
    }


structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

FORMAT = env.text("LOG_FORMAT", "json" if env.flag("TASMIM_PRODUCTION", False) else "console")
LEVEL = os.environ.get("LOG_LEVEL", "INFO").upper()
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": formatter(JSON), "console": formatter(CONSOLE)},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": FORMAT}},
    "root": {"handlers": ["stderr"], "level": LEVEL},
    "loggers": {
        # django-structlog reports failed requests; Django's own lines carry paths with tokens in them.
        "django.request": {"level": "CRITICAL"},
        "django.server": {"level": "WARNING", "propagate": True, "handlers": []},
        "django_structlog": {"level": LEVEL},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
