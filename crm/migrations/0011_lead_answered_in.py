from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0010_eight_reasons"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="answered_in",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
    ]
