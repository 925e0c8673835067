from itertools import count
from typing import Any

from charter.models import KeyDecision
from members.models import User

_number = count(1)


def make_key_decision(owner: User, slot: int = 1, **fields: Any) -> KeyDecision:
    fields.setdefault("name", f"تصمیم کلیدی {next(_number)}")
    fields.setdefault("sentence", "وقت فروشنده‌ها روی کدام فرصت‌ها برود؟")
    return KeyDecision.objects.create(owner=owner, slot=slot, **fields)
