import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0004_append_only")]

    operations = [
        migrations.AddField(
            model_name="interaction",
            name="case",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="interactions",
                to="crm.case",
            ),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(("case__isnull", False)),
                fields=["case", "-happened_at"],
                name="interaction_of_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="interaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("case__isnull", True), ("customer__isnull", False), _connector="OR"),
                name="interaction_of_case_has_customer",
            ),
        ),
    ]
