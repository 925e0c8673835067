"""What a "one of" filter offers."""

from django.utils.translation import gettext as _

from crm.lists.filters import NONE, Options
from crm.models import LeadCategory, Stage
from members.models import User


def members() -> Options:
    """Everybody, those who left too: records of theirs may still have to be found."""
    people = User.objects.order_by("-is_active", "sort_key", "pk").values_list("pk", "name")
    return [(NONE, _("Nobody")), *((str(pk), name) for pk, name in people)]


def stages() -> Options:
    return [(str(pk), name) for pk, name in Stage.objects.values_list("pk", "name")]


def categories() -> Options:
    found = LeadCategory.objects.values_list("pk", "name")
    return [(NONE, _("No category")), *((str(pk), name) for pk, name in found)]
