"""What the pages of all records have in common at the edge."""

from typing import Any

from crm.forms.steps import NewStepForm, QuickLogForm
from crm.timeline import STEP
from members.http import MemberRequest

MOST = 500


def shown_of(request: MemberRequest) -> int:
    """How many events of a timeline the address asks for."""
    asked = request.GET.get("shown", "")
    return min(int(asked), MOST) if asked.isascii() and asked.isdecimal() and int(asked) else STEP


def record_forms(request: MemberRequest) -> dict[str, Any]:
    """The empty forms of a record's page: the quick log, and a new step."""
    log_form = QuickLogForm(user=request.user, today=request.today)
    log_form.fields["sentence"].widget.attrs["data-shortcut"] = "l"
    return {
        "log_form": log_form,
        "step_form": NewStepForm(today=request.today, auto_id="new-%s"),
    }
