"""Erasing a person also takes the name out of histories of others: the transaction of an erasure may rewrite rows."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('tasmim.erasing', true), '') = 'on' THEN
    IF TG_OP = 'DELETE' THEN
      RETURN OLD;
    END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0013_board_columns")]

    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
