"""Changes of a deal are history: rows are written once. Erasing a person's data sets `tasmim.erasing` for its transaction."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND coalesce(current_setting('tasmim.erasing', true), '') = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
TRIGGER = """
CREATE TRIGGER change_append_only BEFORE UPDATE OR DELETE ON crm_change
FOR EACH ROW EXECUTE FUNCTION public.append_only()
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER change_append_only ON crm_change"),
    ]
