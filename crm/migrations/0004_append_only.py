"""Edits of records and changes of forms are history too: rows are written once."""

from django.db import migrations

TABLES = ("crm_edit", "crm_formchange")


def trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION public.append_only()"
    )


class Migration(migrations.Migration):
    dependencies = [("crm", "0003_records_people_keep")]

    operations = [
        migrations.RunSQL(trigger(table), f"DROP TRIGGER {table}_append_only ON {table}") for table in TABLES
    ]
