from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dataquality", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="issue",
            name="rule",
            field=models.CharField(
                choices=[
                    ("no_amount", "No amount"),
                    ("no_close_date", "No expected close"),
                    ("no_customer", "No customer"),
                    ("no_owner", "No owner"),
                    ("no_decider", "Nobody at the customer is marked as deciding"),
                    ("close_past", "Expected close is past"),
                    ("stale", "Nothing happened for too long"),
                    ("no_next_step", "No next step"),
                    ("step_overdue", "Next step is overdue"),
                    ("lead_no_way", "No phone and no e-mail"),
                    ("lead_no_source", "No source"),
                    ("lead_unanswered", "Not answered yet"),
                    ("customer_no_phone", "No phone number"),
                    ("asked_empty", "An asked field is empty"),
                ],
                max_length=20,
            ),
        )
    ]
