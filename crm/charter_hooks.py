from charter.models import KeyDecision
from crm.fields import asked, catalog
from crm.models import CustomField, FieldRule


def serve_the_new_one(old: KeyDecision, new: KeyDecision) -> None:
    """Fields that were asked or made for a replaced key decision serve its successor."""
    FieldRule.objects.filter(serves=old).update(serves=new)
    CustomField.objects.filter(serves=old).update(serves=new)
    asked.forget()
    catalog.forget()
