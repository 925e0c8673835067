"""Opens a firm: its schema, and its ways of writing. Never `with tenant:`, which is not safe in threads."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.utils import timezone, translation
from django_tenants.utils import tenant_context

from l10n import current
from l10n.current import Formats
from tenants import memo
from tenants.models import Tenant


@contextmanager
def writing(formats: Formats) -> Iterator[None]:
    """Language, calendar, numbers and time zone for what is rendered inside, e.g. a mail to one member."""
    with current.using(formats), timezone.override(formats.timezone), translation.override(formats.language):
        yield


@contextmanager
def inside(tenant: Tenant) -> Iterator[Tenant]:
    """The firm's schema and its ways of writing, for tasks, commands and scripts."""
    with ExitStack() as stack:
        stack.enter_context(tenant_context(tenant))
        stack.enter_context(writing(tenant.formats()))
        stack.enter_context(memo.fresh())
        yield tenant
