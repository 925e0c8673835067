"""The board by mouse and by keyboard; a guarded stage asks for what it needs."""

import pytest
from playwright.sync_api import Page, expect

from crm.models import FieldRule, Opportunity, Stage, StageKind
from tests.browser.conftest import Visit
from tests.browser.firms import Firm
from tests.factories.crm import make_customer, make_opportunity, need

PLACE = "(cards, id) => cards.findIndex((card) => card.id === id)"
REFUSED = {"fa": "فقط مالکش", "en": "Only the owner"}
WANTED = {"fa": "۲۵۰ میلیون", "en": "25,000"}


@pytest.fixture
def stages(firm: Firm) -> list[Stage]:
    """Interested people, an open stage that asks for nothing, and one that wants an amount."""
    with firm.open():
        first, second, third, *_closed = Stage.objects.filter(kind=StageKind.OPEN).order_by("position")
        FieldRule.objects.filter(entity="opportunity").delete()
        need(third, "amount")
        return [first, second, third]


def make_card(firm: Firm, stage: Stage, title: str) -> Opportunity:
    with firm.open():
        return make_opportunity(title, stage=stage, owner=firm.people["rep"], customer=make_customer())


def stage_of(firm: Firm, deal: Opportunity) -> Stage:
    with firm.open():
        return Opportunity.objects.select_related("stage").get(pk=deal.pk).stage


def test_a_card_is_dragged_to_its_stage(visit: Visit, firm: Firm, stages: list[Stage]):
    first, second, _third = stages
    deal = make_card(firm, first, "Alpha")
    page = visit(firm, "rep").go("/pipeline/")
    drag(page, deal, second)
    expect(page.locator("#toasts .toast.success")).to_contain_text(second.name)
    expect(page.locator(f"[data-stage='{second.pk}'] #deal-{deal.pk}")).to_be_visible()
    assert stage_of(firm, deal) == second
    page.locator("#toasts").get_by_role("button", name=firm.says("Undo")).click()
    expect(page.locator("#toasts .toast.success")).to_contain_text(first.name)
    expect(page.locator(f"[data-stage='{first.pk}'] #deal-{deal.pk}")).to_be_visible()
    assert stage_of(firm, deal) == first


def test_a_guarded_stage_asks_for_the_amount_and_completes_the_move(visit: Visit, firm: Firm, stages: list[Stage]):
    first, _second, guarded = stages
    deal = make_card(firm, first, "Beta")
    page = visit(firm, "rep").go("/pipeline/")
    drag(page, deal, guarded)
    field = page.locator("#dialog[open] [name=amount]")
    expect(field).to_be_focused()
    expect(page.locator(f"[data-stage='{first.pk}'] #deal-{deal.pk}")).to_have_count(1)
    assert stage_of(firm, deal) == first
    field.fill(WANTED[firm.language])
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-stage='{guarded.pk}'] #deal-{deal.pk}")).to_be_visible()
    assert stage_of(firm, deal) == guarded


def test_a_card_is_moved_by_keyboard_alone(visit: Visit, firm: Firm, stages: list[Stage]):
    first, second, _third = stages
    deal = make_card(firm, first, "Gamma")
    page = visit(firm, "rep").go("/pipeline/")
    page.locator(f"#deal-{deal.pk} a[href*='/move/']").focus()
    page.keyboard.press("Enter")
    choice = page.locator("#dialog[open]").get_by_role("button", name=second.name)
    expect(choice).to_be_visible()
    choice.press("Enter")
    expect(page.locator(f"[data-stage='{second.pk}'] #deal-{deal.pk}")).to_be_visible()
    expect(page.locator("#dialog[open]")).to_have_count(0)
    expect(page.locator("#toasts .toast.success")).to_contain_text(second.name)
    assert stage_of(firm, deal) == second


def test_keys_on_a_card_move_it_and_walk(visit: Visit, firm: Firm, stages: list[Stage]):
    first, second, _third = stages
    above, below = make_card(firm, first, "Delta"), make_card(firm, first, "Epsilon")
    page = visit(firm, "rep").go("/pipeline/")
    column = page.locator(f"[data-stage='{first.pk}'] .deal")
    place = {deal.pk: column.evaluate_all(PLACE, f"deal-{deal.pk}") for deal in (above, below)}
    upper, lower = sorted((above, below), key=lambda deal: place[deal.pk])
    page.locator(f"#deal-{upper.pk} .title").focus()
    for _ in range(place[lower.pk] - place[upper.pk]):
        page.keyboard.press("ArrowDown")
    expect(page.locator(f"#deal-{lower.pk} .title")).to_be_focused()
    page.keyboard.press("BracketRight")
    expect(page.locator("#toasts .toast.success")).to_contain_text(second.name)
    expect(page.locator(f"[data-stage='{second.pk}'] #deal-{lower.pk} .title")).to_be_focused()
    assert stage_of(firm, lower) == second
    page.keyboard.press("BracketLeft")
    expect(page.locator("#toasts .toast.success").nth(1)).to_contain_text(first.name)
    assert stage_of(firm, lower) == first
    page.keyboard.press("KeyM")
    expect(page.locator("#dialog[open]").get_by_role("button", name=second.name)).to_be_visible()


def test_a_refused_card_returns_and_the_reason_is_said(visit: Visit, firm: Firm, stages: list[Stage]):
    first, second, _third = stages
    deal = make_card(firm, first, "Zeta")
    page = visit(firm, "rep").go("/pipeline/?owner=all")
    with firm.open():
        Opportunity.objects.filter(pk=deal.pk).update(owner=firm.people["rep2"])
    drag(page, deal, second)
    expect(page.locator("#toasts .toast.error")).to_contain_text(REFUSED[firm.language])
    expect(page.locator(f"[data-stage='{first.pk}'] #deal-{deal.pk}")).to_be_visible()
    assert stage_of(firm, deal) == first


def drag(page: Page, deal: Opportunity, stage: Stage) -> None:
    """With the mouse, in small steps, as the library wants to see it."""
    card, column = page.locator(f"#deal-{deal.pk}"), page.locator(f"[data-stage='{stage.pk}']")
    source, target = card.bounding_box(), column.bounding_box()
    assert source is not None
    assert target is not None
    page.mouse.move(source["x"] + source["width"] / 2, source["y"] + source["height"] - 8)
    page.mouse.down()
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + 10, steps=12)
    expect(column.locator(f"#deal-{deal.pk}")).to_have_count(1)
    page.mouse.up()
