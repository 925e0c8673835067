from crm.timeline import STEP
from members.http import MemberRequest

MOST = 500


def shown_of(request: MemberRequest) -> int:
    """How many events of a timeline the address asks for."""
    asked = request.GET.get("shown", "")
    return min(int(asked), MOST) if asked.isascii() and asked.isdecimal() and int(asked) else STEP
