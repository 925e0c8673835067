import hashlib
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from members.models import User
from rituals import printing
from rituals.models import Meeting, MeetingState, Minutes, NoDecisionCode
from rituals.services import decision, meeting, minutes, outcome
from rituals.tasks import print_minutes
from tests.cast import NOW, ClientOf
from tests.factories.crm import make_opportunity
from tests.factories.rituals import attend, make_item, make_meeting

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def closed(nader: User, sara: User) -> Meeting:
    """A meeting with one decision about a deal and one item without, closed by nader."""
    held = make_meeting(state=MeetingState.RUNNING, facilitator=nader)
    attend(held, nader, sara)
    deal = make_opportunity("قرارداد سالانهٔ کاوه", amount=Decimal(12_500_000_000), owner=sara)
    first, second = make_item(held, opportunity=deal), make_item(held, title="بودجهٔ نمایشگاه")
    decision.decide_on_deal(
        item=first, kind="change_forecast", text="تاریخ واقعی شود", by=nader, today=TODAY, expected="عدد درست",
        new_close=date(2026, 12, 20),
    )  # fmt: skip
    outcome.no_decision(second, code=NoDecisionCode.MISSING_DATA, reason="قیمت غرفه هنوز نرسیده است", by=nader)
    meeting.end(held, by=nader)
    return meeting.close(held, by=nader)


def test_closing_issues_the_first_version(closed: Meeting, nader: User) -> None:
    issued = Minutes.objects.get()
    assert (issued.meeting, issued.version, issued.issued_by, issued.issued_at) == (closed, 1, nader, NOW)
    content = issued.content
    assert content["present"] == ["سارا کریمی", "نادر احمدی"]
    assert [(row["title"], row["outcome"]) for row in content["items"]] == [
        ("قرارداد سالانهٔ کاوه", "decided"),
        ("بودجهٔ نمایشگاه", "no_decision"),
    ]
    kept = content["items"][0]["decisions"][0]
    assert (kept["text"], kept["owner"], kept["applied"]["changes"][0]["new"]) == (
        "تاریخ واقعی شود", "سارا کریمی", "2026-12-20",
    )  # fmt: skip


def test_correcting_makes_a_second_version_and_keeps_the_first(closed: Meeting, nader: User) -> None:
    meeting.reopen(closed, reason="نام یک نفر جا افتاده بود", by=nader)
    meeting.close(closed, by=nader)
    assert list(Minutes.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_minutes_stay_as_they_were_when_the_deal_changes(closed: Meeting) -> None:
    deal = closed.decisions.get().opportunity
    assert deal is not None
    deal.title = "نام تازه"
    deal.save(update_fields=["title", "search", "sort_key"])
    assert Minutes.objects.get().content["items"][0]["title"] == "قرارداد سالانهٔ کاوه"


def test_the_task_prints_once(closed: Meeting) -> None:
    issued = Minutes.objects.get()
    print_minutes.run(issued.pk)
    issued.refresh_from_db()
    assert issued.pdf is not None
    first = bytes(issued.pdf)
    assert (first[:5], issued.sha256) == (b"%PDF-", hashlib.sha256(first).hexdigest())
    minutes.store_pdf(issued, b"another")
    assert bytes(issued.pdf) == first


def test_the_pdf_says_what_was_decided(closed: Meeting) -> None:
    pages = PdfReader(BytesIO(printing.minutes_pdf(Minutes.objects.get()))).pages
    words = " ".join(page.extract_text() for page in pages)
    assert len(pages) == 1
    assert "۱۴۰۵" in words
    assert "کاوه" in words


def test_a_download_before_the_worker_prints_on_the_spot(client_of: ClientOf, closed: Meeting, leila: User) -> None:
    answer = client_of(leila).get(reverse("rituals:minutes_pdf", args=[closed.pk, 1]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="minutes-20261121-v1.pdf"'
    assert bytes(Minutes.objects.get().pdf or b"") == answer.content


def test_the_page_of_a_version(client_of: ClientOf, closed: Meeting, sara: User) -> None:
    client = client_of(sara)
    page = client.get(reverse("rituals:minutes", args=[closed.pk])).content.decode()
    assert "قیمت غرفه هنوز نرسیده است" in page
    assert client.get(reverse("rituals:minutes_version", args=[closed.pk, 2])).status_code == 404
