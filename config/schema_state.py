"""Which schemas do not have every migration of this code yet, and bringing them up to it."""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

Migrations = set[tuple[str, str]]


def behind() -> list[str]:
    """Names of the schemas that miss a migration; ["public"] on an empty database. One statement for all tenants."""
    if not (schemas := known_schemas()):
        return ["public"]
    applied = applied_in(schemas)
    newest = set(MigrationLoader(None).graph.leaf_nodes())
    shared = labels(settings.SHARED_APPS)
    wanted = {
        True: {leaf for leaf in newest if leaf[0] in shared},
        False: {leaf for leaf in newest if leaf[0] in labels(settings.TENANT_APPS)},
    }
    return [schema for schema in schemas if not wanted[schema == "public"] <= applied.get(schema, set())]


def bring_up() -> None:
    """Migrates the public schema, the template schema (made when missing) and every tenant."""
    from tenants.services import provisioning

    migrate_public()
    provisioning.ensure_template()
    if behind():
        call_command("migrate_schemas", tenant=True, interactive=False, verbosity=0)


def migrate_public() -> None:
    """Only the shared apps: running (and skipping) the tenants' migrations there as well would double the time."""
    migrated = MigrationLoader(None).migrated_apps
    for label in sorted(labels(settings.SHARED_APPS) & migrated):
        call_command("migrate_schemas", label, shared=True, interactive=False, verbosity=0)


def labels(names: Iterable[str]) -> set[str]:
    wanted = set(names)
    return {config.label for config in apps.get_app_configs() if config.name in wanted}


def known_schemas() -> list[str]:
    """Public first; empty when not even that one was ever migrated."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.tenants_tenant'), to_regclass('public.django_migrations')")
        if None in cursor.fetchone():
            return []
        cursor.execute("SELECT schema_name FROM public.tenants_tenant WHERE schema_name <> 'public' ORDER BY 1")
        return ["public", *(name for (name,) in cursor.fetchall())]


def applied_in(schemas: list[str]) -> dict[str, Migrations]:
    """What each schema's own table of migrations says; a schema without one is left out."""
    found: dict[str, Migrations] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relname = 'django_migrations' AND n.nspname = ANY(%s)",
            [schemas],
        )
        one = sql.SQL("SELECT {literal}, app, name FROM {table}")
        parts = [
            one.format(literal=sql.Literal(schema), table=sql.Identifier(schema, "django_migrations"))
            for (schema,) in cursor.fetchall()
        ]
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        for schema, app, name in cursor.fetchall():
            found.setdefault(schema, set()).add((app, name))
    return found
