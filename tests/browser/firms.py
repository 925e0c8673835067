"""The two firms with a whole cast and the playbook that a new workspace starts with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import translation

from members.models import Role, User
from tenants import clock, provisioning_hooks, schema
from tenants.context import inside
from tenants.models import Tenant
from tests.cast import NOW, PASSWORD

PEOPLE = {
    "fa": {
        "admin": "امیر صادقی",
        "rep": "سارا کریمی",
        "rep2": "رضا مرادی",
        "manager": "نادر احمدی",
        "executive": "لیلا فرهادی",
    },
    "en": {
        "admin": "Grace Holt",
        "rep": "Gabe Rowan",
        "rep2": "Gwen Sharp",
        "manager": "Gina Marsh",
        "executive": "Gordon Pell",
    },
}
FIRMS = {"fa": "acme", "en": "globex"}


@dataclass
class Firm:
    """`people` by their part: admin, rep, rep2, manager, executive."""

    tenant: Tenant
    people: dict[str, User]
    port: int

    @property
    def language(self) -> str:
        return str(self.tenant.language)

    @property
    def host(self) -> str:
        return f"{self.tenant.schema_name}.localhost"

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}:{self.port}{path}"

    @contextmanager
    def open(self) -> Iterator[None]:
        """The firm's schema, ways of writing and present, for reading and making rows beside the browser."""
        before = schema.current_tenant()
        with clock.stopped_at(NOW), inside(self.tenant):
            yield
        schema.enter(before)

    def says(self, message: str, **values: str) -> str:
        return says(self.language, message, **values)


def says(language: str, message: str, **values: str) -> str:
    """A text of the pages in one of our languages."""
    with translation.override(language):
        return translation.gettext(message) % values if values else translation.gettext(message)


def furnish(language: str, port: int) -> Firm:
    """Gives the bare test firm of this language people and a playbook. Call it on a fresh database."""
    schema.enter_public()
    tenant: Tenant = Tenant.objects.get(schema_name=FIRMS[language])
    firm = Firm(tenant, {}, port)
    with firm.open():
        for part, name in PEOPLE[language].items():
            role = Role(part.rstrip("2"))
            email = f"{part}@{tenant.schema_name}.example"
            firm.people[part] = User.objects.create_user(email, PASSWORD, name=name, role=role)
        provisioning_hooks.run(tenant)
    return firm
