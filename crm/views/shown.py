"""What the pages of all records have in common at the edge."""

from typing import Any

from crm.forms.steps import NewStepForm, QuickLogForm
from members.http import MemberRequest


def record_forms(request: MemberRequest) -> dict[str, Any]:
    """The empty forms of a record's page: the quick log, and a new step."""
    log_form = QuickLogForm(user=request.user, today=request.today)
    log_form.fields["sentence"].widget.attrs["data-shortcut"] = "l"
    return {
        "log_form": log_form,
        "step_form": NewStepForm(today=request.today, auto_id="new-%s"),
    }
