"""The test database: built once for each set of migrations, then copied as files, which takes 50 ms."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import sql

FIRMS: dict[str, dict[str, Any]] = {
    "acme": {
        "name": "آکمه",
        "language": "fa",
        "calendar": "jalali",
        "timezone": "Asia/Tehran",
        "currency": "IRR",
        "money_unit": "toman",
        "weekend": [3, 4],
        "week_start": 5,
        "playbook": "b2b",
    },
    "globex": {
        "name": "Globex",
        "language": "en",
        "calendar": "gregorian",
        "timezone": "America/New_York",
        "currency": "USD",
        "weekend": [5, 6],
        "week_start": 0,
        "playbook": "b2c",
    },
}
KEPT_TEMPLATES = 3


class Database:
    """One worker's database, copied from the template whenever a test could not be rolled back."""

    def __init__(self, name: str) -> None:
        self.name = name

    def create(self) -> None:
        """Makes a fresh copy and points Django at it."""
        connection.close()
        template = template_name()
        with server() as cursor:
            cursor.execute("SELECT pg_advisory_lock(4711)")  # xdist workers come here together
            if not exists(cursor, template):
                build(cursor, template)
            drop(cursor, self.name)
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(self.name), sql.Identifier(template)
                )
            )
            cursor.execute("SELECT pg_advisory_unlock(4711)")
        use(self.name)


@contextmanager
def server() -> Iterator[psycopg.Cursor[Any]]:
    """The maintenance database, outside Django's connection and its blocker."""
    options = settings.DATABASES["default"]
    address: dict[str, Any] = {"host": options["HOST"], "port": options["PORT"], "user": options["USER"]}
    with (
        psycopg.connect(**address, password=options["PASSWORD"], dbname="postgres", autocommit=True) as admin,
        admin.cursor() as cursor,
    ):
        yield cursor


def use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def exists(cursor: psycopg.Cursor[Any], name: str) -> bool:
    return cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def drop(cursor: psycopg.Cursor[Any], name: str) -> None:
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def build(cursor: psycopg.Cursor[Any], template: str) -> None:
    """Builds under another name, so that a run that is killed leaves no half template."""
    unfinished = f"{template}_unfinished"
    drop(cursor, unfinished)
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    use(unfinished)
    found_firms()
    connection.close()
    cursor.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(template))
    )
    old = cursor.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%' AND datname <> %s"
        " AND datname NOT IN ('template0', 'template1') ORDER BY oid DESC OFFSET %s",
        [template, KEPT_TEMPLATES - 1],
    ).fetchall()
    for (name,) in old:
        drop(cursor, name)


def found_firms() -> None:
    """Both firms as copies of the template schema, with nothing of a playbook in them."""
    from config import schema_state
    from tenants.models import Domain, Tenant
    from tenants.services import provisioning

    schema_state.migrate_public()
    provisioning.ensure_template()
    for schema, facts in FIRMS.items():
        tenant = Tenant.objects.create(schema_name=schema, **facts)
        Domain.objects.create(domain=f"{schema}.localhost", tenant=tenant, is_primary=True)
        provisioning.clone_template(schema)


def template_name() -> str:
    """Changes with anything that decides what the template holds."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for source in sorted(sources()):
        digest.update(source.name.encode() + source.read_bytes())
    return f"template_{digest.hexdigest()[:12]}"


def sources() -> set[Path]:
    from tenants.services import provisioning

    found = {Path(provisioning.__file__)}
    for app in apps.get_app_configs():
        found |= set(Path(app.path, "migrations").glob("*.py"))
    return found
