from django.db import migrations


class Migration(migrations.Migration):
    # In public, where the search path of every tenant finds gin_trgm_ops.
    operations = [
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public", reverse_sql=migrations.RunSQL.noop
        )
    ]
