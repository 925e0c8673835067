"""An admin asks for a field of the firm's own, and a rep meets it: at the guarded stage, and with a word about it."""

from playwright.sync_api import expect

from charter.models import KeyDecision
from crm.models import CustomField, FieldMark, FieldRule, Stage, StageKind
from tests.browser.conftest import Visit
from tests.browser.firms import Firm
from tests.factories.crm import make_customer, make_opportunity


def test_an_own_field_guards_a_stage_and_is_marked(visit: Visit, firm: Firm):
    with firm.open():
        serves = KeyDecision.objects.get(slot=1)
        first, second, *_rest = Stage.objects.filter(kind=StageKind.OPEN).order_by("position")
        FieldRule.objects.filter(entity="opportunity").delete()
        deal = make_opportunity("Valve", owner=firm.people["rep"], customer=make_customer(), stage=first)

    page = visit(firm, "admin").go("/fields/")
    dialog = page.locator("#dialog")
    page.locator("a[href='/fields/opportunity/own/']").click()
    dialog.locator("[name=label]").fill("Size")
    dialog.locator("label", has=page.locator("[value=number]")).click()
    dialog.locator("label", has=page.locator(f"[name=serves][value='{serves.pk}']")).click()
    dialog.locator("[name=reason]").fill("For the forecast")
    dialog.locator("button.act").click()
    expect(page.locator("main")).to_contain_text("Size")

    page.locator("a[href='/fields/opportunity/ask/']").click()
    dialog.locator("[name=field]").select_option("custom.size")
    dialog.locator("label", has=page.locator("[value=needed]")).click()
    dialog.locator("[name=from_stage]").select_option(str(second.pk))
    dialog.locator("label", has=page.locator(f"[name=serves][value='{serves.pk}']")).click()
    # Without a reason the dialog stays, with everything typed.
    dialog.locator("[name=reason]").evaluate("input => input.removeAttribute('required')")
    dialog.locator("button.act").click()
    expect(dialog.locator(".error")).to_be_visible()
    expect(dialog.locator("[name=from_stage]")).to_have_value(str(second.pk))
    dialog.locator("[name=reason]").fill("For the forecast")
    dialog.locator("button.act").click()
    expect(page.locator(".table .tag.wait")).to_have_count(1)
    with firm.open():
        assert CustomField.objects.get().name == FieldRule.objects.get(entity="opportunity").field == "custom.size"

    page = visit(firm, "rep").go(f"/deals/{deal.pk}/")
    dialog = page.locator("#dialog")
    expect(page.locator("#asked")).to_contain_text("Size")
    page.locator("#asked a").first.click()
    dialog.locator("[name=kind][value=unclear]").click()
    expect(dialog.locator("[aria-pressed=true]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    page.locator(f"form.tabs button[value='{second.pk}']").click()
    dialog.locator("[name='custom.size']").fill("۱۲٫۵")
    dialog.locator("button.act").click()
    expect(page.locator(f"form.tabs button[value='{second.pk}']")).to_have_attribute("aria-current", "step")
    expect(page.locator("#asked")).to_have_count(0)
    with firm.open():
        deal.refresh_from_db()
        assert (deal.stage, deal.custom) == (second, {"size": "12.5"})
        assert FieldMark.objects.get().kind == "unclear"
