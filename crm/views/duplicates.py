from django.core.exceptions import ValidationError
from django.forms import Field
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm import access
from crm.services.duplicates import alike
from crm.views.answers import page
from l10n.forms import EmailField, PhoneField
from members.http import MemberRequest


@access.writers
@require_GET
def known_already(request: MemberRequest) -> HttpResponse:
    """The fragment under a form: who is known by what is typed so far. Half a phone number finds nobody."""
    typed = request.GET
    found = alike(
        request.user,
        name=typed.get("name", ""),
        company=typed.get("company", ""),
        phone=_read(PhoneField(required=False), typed.get("phone", "")),
        email=_read(EmailField(required=False), typed.get("email", "")),
    )
    return page(request, "crm/known_already.html", {"found": found})


def _read(field: Field, typed: str) -> str:
    try:
        return str(field.clean(typed))
    except ValidationError:
        return ""
