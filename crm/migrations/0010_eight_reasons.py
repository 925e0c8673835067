from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0009_handover_notes")]

    operations = [
        migrations.AddConstraint(
            model_name="lostreason",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 1), ("position__lte", 8)), name="lost_reason_eight"
            ),
        ),
    ]
