"""Stages no longer say what they need: field rules do, and each names the key decision it serves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0007_needs_become_rules")]

    operations = [
        migrations.RemoveField(model_name="stage", name="needs"),
        migrations.AlterField(
            model_name="fieldrule",
            name="serves",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="field_rules", to="charter.keydecision"
            ),
        ),
    ]
