"""Getting in: a new firm from the bare host through the worker, and its table of deals through the import page."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django_tenants.utils import tenant_context
from playwright.sync_api import Page, expect

from crm.models import Customer, ImportJob, Opportunity, Stage
from members.models import User
from tenants import schema
from tenants.models import Provisioning, Tenant
from tests.browser.conftest import Until, Visit
from tests.browser.firms import Firm, says
from tests.cast import PASSWORD

NEWCOMERS = {
    "fa": {"name": "نوین تجارت", "address": "novin", "admin_name": "نیما یوسفی", "admin_email": "nima@novin.example"},
    "en": {"name": "Larch & Co", "address": "larch", "admin_name": "Lou Larch", "admin_email": "lou@larch.example"},
}
TABLES = {
    "fa": "شناسه,مشتری,عنوان,فروشنده,مبلغ,مرحله\n"
    "F-1,شرکت سپیدار,قرارداد پشتیبانی,سارا کریمی,۲۵۰۰۰۰۰۰,{stage}\n"
    "F-2,شرکت بلوط,تمدید سالانه,رضا مرادی,۱۲۰۰۰۰۰۰,{stage}\n"
    "F-3,شرکت بلوط,آموزش,رضا مرادی,نامعلوم,{stage}\n",
    "en": "id,customer,title,owner,amount,stage\n"
    "E-1,Juniper Ltd,Support contract,Gabe Rowan,25000,{stage}\n"
    "E-2,Rowan Tree Inc,Renewal,Gwen Sharp,12000,{stage}\n"
    "E-3,Rowan Tree Inc,Training,Gwen Sharp,unknown,{stage}\n",
}


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_firm_signs_up_and_its_admin_stands_in_the_new_workspace(visit: Visit, language: str):
    newcomer = NEWCOMERS[language]
    visitor = visit(language=language)
    page = visitor.go(f"/signup/?lang={language}")
    for name, value in newcomer.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=password]").fill(PASSWORD)
    enter = says(language, "Go in")
    page.get_by_role("button", name=says(language, "Make the workspace")).click()
    # The clock stands still, so the waiting page never loses patience and makes the workspace itself.
    expect(page.get_by_role("link", name=enter)).to_be_visible(timeout=30_000)
    page.get_by_role("link", name=enter).click()
    expect(page.locator("#quick-log")).to_be_visible()
    assert urlsplit(page.url).hostname == f"{newcomer['address']}.localhost"
    assert page.evaluate("document.documentElement.lang") == language
    schema.enter_public()
    assert Provisioning.objects.get(address=newcomer["address"]).state == "done"
    tenant = Tenant.objects.get(schema_name=newcomer["address"])
    with tenant_context(tenant):
        assert list(User.objects.values_list("email", "role")) == [(newcomer["admin_email"], "admin")]
        assert Stage.objects.filter(kind="open").count() >= 3


def test_a_table_of_deals_comes_in_through_the_page(visit: Visit, firm: Firm, until: Until[Any], tmp_path: Path):
    with firm.open():
        stage = Stage.objects.earliest("position")
    file = tmp_path / "deals.csv"
    file.write_text(TABLES[firm.language].format(stage=stage.name), "utf-8")
    visitor = visit(firm, "manager")
    bring_in(visitor.go("/imports/"), firm, file)
    with firm.open():
        job = ImportJob.objects.latest("pk")
        assert (job.kind, job.state, job.created, job.rejected) == ("opportunities", "done", 3, 0)
        # The worker did it: nothing of the import runs in the web server.
        owners = dict(Opportunity.objects.exclude(external_id="").values_list("external_id", "owner__name"))
        assert len(owners) == 3
        assert set(owners.values()) == {firm.people["rep"].name, firm.people["rep2"].name}
        assert Opportunity.objects.filter(amount=None).count() == 1
        assert Customer.objects.count() == 2
    bring_in(visitor.go("/imports/"), firm, file)
    with firm.open():
        again = ImportJob.objects.latest("pk")
        assert (again.pk > job.pk, again.created, again.unchanged) == (True, 0, 3)
        assert Opportunity.objects.count() == 3


def bring_in(page: Page, firm: Firm, file: Path) -> None:
    """Upload, columns as proposed, preview, import."""
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name=firm.says("Upload and choose columns")).click()
    page.get_by_role("button", name=firm.says("Check the rows")).click()
    expect(page.locator("#preview-title")).to_be_visible(timeout=30_000)
    page.locator("form[action$='/start/'] button").click()
    expect(page.locator(".banner.ok")).to_be_visible(timeout=30_000)
