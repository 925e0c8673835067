"""What people type to get past a field: «-», «تست», "test", 09120000000, the same digit again and again.

One definition for Python and for PostgreSQL, whose regular expressions agree on what is used here.
"""

import re

from l10n import text

WORDS = (
    "test", "tests", "testing", "تست", "آزمایشی", "asdf", "qwerty", "abc", "null", "n/a", "na", "unknown",
    "نامشخص", "نامعلوم", "نمیدانم", "نمی‌دانم",
)  # fmt: skip
# Only signs; one letter or sign over and over; seven like digits together; 1234567. Digits in both writings.
_SIGN = "[-_.,*/?؟!+=~ـ–—]"
_SIGNS = rf"{_SIGN}(?:\s|{_SIGN})*"
_REPEATED = r"(.)\1{2,}"
_DIGITS = r".*([0-9۰-۹])\2{6,}.*"
_COUNTED = r".*(1234567|۱۲۳۴۵۶۷).*"
_WORDS = "|".join(re.escape(word).replace("\\-", "-") for word in WORDS)


def pattern() -> str:
    """The whole of a value is filler; to be matched without regard to case."""
    # The groups around alternatives do not capture, so that the numbers of the back-references hold.
    return rf"^\s*(?:{_REPEATED}|{_DIGITS}|{_COUNTED}|{_SIGNS}|{_WORDS})\s*$"


_FILLER = re.compile(pattern(), re.IGNORECASE)


def is_filler(value: str) -> bool:
    """Nothing at all is not filler: that is what a missing value is."""
    return bool(value.strip()) and bool(_FILLER.match(text.clean_line(value)))
