"""A firm in the week of its review: seven deals that are stuck, a customer who has just called, a goal that is off."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from crm.models import Customer, Opportunity, StageKind
from okr.models import KeyResult
from rituals.models import Meeting, Ritual, RitualKind
from tests.browser.firms import Firm
from tests.cast import NOW
from tests.factories.crm import TODAY, a_stage, make_contact, make_customer, make_interaction, make_opportunity
from tests.factories.okr import make_check_in, make_key_result, make_objective

CUSTOMERS = {
    "fa": ("پتروشیمی کاوه", "فولاد البرز", "سیمان سپهر", "داروسازی رازی", "کاشی نیلو", "نساجی مهر", "چاپ آذین"),
    "en": (
        "Kestrel Foods",
        "Alder Steel",
        "Summit Cement",
        "Razor Pharma",
        "Nile Tiles",
        "Meadow Textiles",
        "Azure Print",
    ),
}
DEAL = {"fa": "قرارداد سالانه", "en": "Annual contract"}
CALLER = {"fa": "بیمارستان مهرگان", "en": "Harbour Hospital"}
GOAL = {
    "fa": ("مشتری‌های بزرگ را نگه می‌داریم", "قراردادهای تمدیدشده", "قرارداد"),
    "en": ("We keep our big customers", "Contracts renewed", "contracts"),
}
UNIT = {"fa": Decimal(1_000_000_000), "en": Decimal(10_000)}


@dataclass
class Week:
    """`deals` in the order of the agenda: each is worth twice the next, so that a repaired one keeps its place."""

    firm: Firm
    deals: list[Opportunity]
    caller: Customer
    key_result: KeyResult

    def name(self, place: int) -> str:
        return CUSTOMERS[self.firm.language][place]

    def ritual(self, kind: str = RitualKind.PIPELINE) -> Ritual:
        return Ritual.objects.get(kind=kind)

    def next_meeting(self, kind: str = RitualKind.PIPELINE) -> Meeting:
        return Meeting.objects.filter(ritual__kind=kind, starts_at__gt=NOW).earliest("starts_at")


def make_week(firm: Firm) -> Week:
    language, rep = firm.language, firm.people["rep"]
    with firm.open():
        deals = [stuck_deal(firm, name, place) for place, name in enumerate(CUSTOMERS[language])]
        caller = make_customer(CALLER[language], owner=rep)
        objective, result, unit = GOAL[language]
        goal = make_objective(firm.people["manager"], slot=1, title=objective)
        key_result = make_key_result(goal, target=40, title=result, unit=unit)
        make_check_in(key_result, 3, TODAY - timedelta(10))
        return Week(firm, deals, caller, key_result)


def stuck_deal(firm: Firm, name: str, place: int) -> Opportunity:
    """Sixty days in its first stage, forty without a word, and nothing planned."""
    rep = firm.people["rep"]
    customer = make_customer(name, owner=rep)
    make_contact(customer, decides=True)
    deal = make_opportunity(
        DEAL[firm.language],
        customer=customer,
        owner=rep,
        stage=a_stage(StageKind.OPEN),
        stage_since=TODAY - timedelta(60),
        amount=UNIT[firm.language] * 2 ** (6 - place),
        expected_close=TODAY + timedelta(20),
    )
    make_interaction(rep, opportunity=deal, customer=customer, happened_at=NOW - timedelta(40))
    return deal
