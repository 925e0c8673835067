"""Which schemas do not have every migration of this code yet, read in one statement for all tenants."""

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql


def behind() -> list[str]:
    """Names of the schemas that miss a migration; ["public"] on an empty database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.tenants_tenant'), to_regclass('public.django_migrations')")
        if None in cursor.fetchone():
            return ["public"]
        cursor.execute("SELECT schema_name FROM public.tenants_tenant WHERE schema_name <> 'public' ORDER BY 1")
        schemas = ["public", *(name for (name,) in cursor.fetchall())]
        cursor.execute(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relname = 'django_migrations' AND n.nspname = ANY(%s)",
            [schemas],
        )
        known = {name for (name,) in cursor.fetchall()}
        applied = applied_in(sorted(known))
    newest = set(MigrationLoader(None).graph.leaf_nodes())
    return [schema for schema in schemas if not newest <= applied.get(schema, set())]


def applied_in(schemas: list[str]) -> dict[str, set[tuple[str, str]]]:
    if not schemas:
        return {}
    one = "SELECT {literal}, app, name FROM {table}"
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL(one).format(literal=sql.Literal(schema), table=sql.Identifier(schema, "django_migrations"))
        for schema in schemas
    )
    found: dict[str, set[tuple[str, str]]] = {schema: set() for schema in schemas}
    with connection.cursor() as cursor:
        cursor.execute(query)
        for schema, app, name in cursor.fetchall():
            found[schema].add((app, name))
    return found
