"""What stages need becomes field rules, and every rule serves; firms get reasons for losing and a lead category."""

from typing import Any

from django.db import migrations

REASONS = [
    ("قیمت", "Price"),
    ("رقیب را انتخاب کردند", "They chose a competitor"),
    ("بودجه نبود", "No budget"),
    ("نیازشان را پوشش نمی‌دادیم", "We did not cover the need"),
    ("دیگر جواب ندادند", "They stopped answering"),
]
ALL_LEADS = ("همهٔ سرنخ‌ها", "All leads")
BUDGET = 7


def needs_become_rules(apps: Any, _schema_editor: Any) -> None:
    every_stage, every_rule = apps.get_model("crm", "Stage").objects, apps.get_model("crm", "FieldRule").objects
    first = apps.get_model("charter", "KeyDecision").objects.filter(slot__isnull=False).order_by("slot").first()
    if first is None:
        every_rule.filter(serves=None).delete()
        return
    every_rule.filter(serves=None).update(serves=first)
    earliest: dict[str, Any] = {}
    for stage in every_stage.exclude(kind="lost").order_by("position"):
        for name in stage.needs:
            earliest.setdefault(name, stage)
    rules = every_rule.filter(entity="opportunity")
    for name, stage in earliest.items():
        if rules.filter(field=name).update(mode="needed", from_stage=stage):
            continue
        # Only playbooks filled `needs`, and they ask for at most four fields, so there is room.
        taken = set(rules.values_list("slot", flat=True))
        free = [slot for slot in range(1, BUDGET + 1) if slot not in taken]
        every_rule.create(entity="opportunity", field=name, mode="needed", from_stage=stage, serves=first, slot=free[0])


def give_lists(apps: Any, schema_editor: Any) -> None:
    if not apps.get_model("crm", "Stage").objects.exists():
        return  # the schema that new firms are copied from: their playbook lays the lists
    tenant = (
        apps.get_model("tenants", "Tenant").objects.filter(schema_name=schema_editor.connection.schema_name).first()
    )
    index = 0 if tenant is None or tenant.language == "fa" else 1
    reason, category = apps.get_model("crm", "LostReason"), apps.get_model("crm", "LeadCategory")
    if not reason.objects.exists():
        reason.objects.bulk_create(reason(position=place, name=pair[index]) for place, pair in enumerate(REASONS, 1))
    if not category.objects.exists():
        category.objects.create(name=ALL_LEADS[index], position=1, is_default=True)


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0006_record_kinds"),
        ("charter", "0001_initial"),
        ("tenants", "0002_working_time_and_visibility"),
    ]

    operations = [
        migrations.RunPython(needs_become_rules, migrations.RunPython.noop),
        migrations.RunPython(give_lists, migrations.RunPython.noop),
    ]
