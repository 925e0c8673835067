from datetime import UTC, date, datetime

import pytest
from django.template import engines

from l10n.current import PERSIAN, using

TODAY = date(2026, 11, 21)


def shown(source: str, **context) -> str:
    with using(PERSIAN):
        return engines["django"].from_string(source).render({"today": TODAY, **context})


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("{{ v|day }}", TODAY, "۳۰ آبان ۱۴۰۵"),
        ("{{ v|day_short:today }}", TODAY, "۳۰ آبان"),
        ("{{ v|relative_day:today }}", date(2026, 11, 24), "۳ روز دیگر"),
        ("{{ v|num }}", 1234.5, "۱٬۲۳۴٫۵"),
        ("{{ v|num:0 }}", 1234.5, "۱٬۲۳۵"),
        ("{{ v|percent }}", 82, "٪۸۲"),
        ("{{ v|money }}", 120, "۱۲ تومان"),
        ("{{ v|money_short }}", 12 * 10**9, "۱٫۲ میلیارد تومان"),
        ("{{ v|phone }}", "+989121234567", '<bdi dir="ltr">۰۹۱۲ ۱۲۳ ۴۵۶۷</bdi>'),
        ("{{ v|phone }}", "<b>", '<bdi dir="ltr">&lt;b&gt;</bdi>'),
        ("{{ v|isolate }}", "<b>", "\u2068&lt;b&gt;\u2069"),
        ("{{ v|iso }}", TODAY, "2026-11-21"),
        ("{{ v|iso }}", datetime(2026, 11, 21, 7, tzinfo=UTC), "2026-11-21T07:00:00+00:00"),
        ("{{ v|num }}", 0, "۰"),
    ],
)
def test_filters_write(source, value, expected):
    assert shown(source, v=value) == expected


@pytest.mark.parametrize(
    "name", ["day", "day_time", "relative_day:today", "num", "percent", "money", "phone", "isolate"]
)
def test_nothing_is_a_dash(name):
    assert shown(f"{{{{ v|{name} }}}}", v=None) == "—"


def test_time_tag_carries_the_machine_form():
    assert shown("{% time_tag v %}", v=TODAY) == (
        '<time datetime="2026-11-21" title="شنبه ۳۰ آبان ۱۴۰۵">۳۰ آبان ۱۴۰۵</time>'
    )
    assert shown('{% time_tag v "relative_day" today %}', v=date(2026, 11, 22)) == (
        '<time datetime="2026-11-22" title="یکشنبه ۱ آذر ۱۴۰۵">فردا</time>'
    )
    assert shown("{% time_tag v %}", v=None) == "—"
