"""The class of every Celery task: the message says which firm it is for, and the worker opens that firm."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery.contrib.django.task import DjangoTask
from celery.result import AsyncResult
from django.db import transaction
from django_tenants.utils import get_public_schema_name, schema_context, schema_exists
from kombu.exceptions import OperationalError

from tenants.schema import current_schema, in_public

logger = logging.getLogger(__name__)

HEADER = "tenant_schema"


class NoTenant(RuntimeError):
    """A task for a firm was sent or received without one."""


class TenantTask(DjangoTask):
    """Runs in the schema it was sent from. `@shared_task(public=True)` is for the few that belong to no firm.

    Fails closed: without a firm, or with one whose schema is gone, nothing runs (in the public schema least of all).
    """

    abstract = True
    public = False

    def apply_async(
        self, args: Any = None, kwargs: Any = None, *, headers: dict[str, Any] | None = None, **options: Any
    ) -> AsyncResult:
        headers = dict(headers or {})
        if not self.public and not headers.setdefault(HEADER, sending_schema()):
            raise NoTenant(f"{self.name} was sent from outside a tenant.")
        return super().apply_async(args, kwargs, headers=headers, **options)

    def apply_async_on_commit(self, *args: Any, **options: Any) -> None:
        """Remembers the firm now: at the commit another schema may be open."""
        schema = sending_schema()
        if schema and not self.public:
            options["headers"] = {HEADER: schema, **(options.get("headers") or {})}
        transaction.on_commit(partial(self.send_or_log, *args, **options))

    def send_or_log(self, *args: Any, **options: Any) -> None:
        """After the commit a missing broker must not turn what succeeded into an error page."""
        try:
            self.apply_async(*args, **options)
        except OperationalError:
            logger.exception("Not sent, no broker: %s", self.name)

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        self.apply_async_on_commit(args, kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        run: Callable[..., Any] = self.run
        public = get_public_schema_name()
        if self.public:
            with schema_context(public):
                return run(*args, **kwargs)
        from tenants.context import inside
        from tenants.models import Tenant

        schema = (self.request.headers or {}).get(HEADER) or getattr(self.request, HEADER, None)
        if not schema or schema == public:
            raise NoTenant(f"{self.name} came without a tenant.")
        with schema_context(public):
            tenant = Tenant.objects.get(schema_name=schema)
            if not schema_exists(schema):
                raise NoTenant(f"{self.name} came for a tenant whose schema is gone.")
        with inside(tenant):
            return run(*args, **kwargs)


def sending_schema() -> str:
    """The open firm's schema, or "" outside of one."""
    return "" if in_public() else current_schema()
