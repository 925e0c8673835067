import pytest
from django.urls import reverse
from tests.factories.crm import *
pytestmark = pytest.mark.django_db

def test_smoke(sara, nader, client_of):
    install_playbook()
    c = client_of(sara)
    cust = make_customer("صنایع غذایی البرز", owner=sara)
    deal = make_opportunity("خط بسته‌بندی", customer=cust, owner=sara)
    lead = make_lead("خانم آرمان", owner=sara)
    make_next_step(sara, opportunity=deal, due_in=-2); make_next_step(sara, lead=lead, due_in=0)
    make_interaction(sara, customer=cust, opportunity=deal)
    make_contact(cust)
    urls = ["/", "/today/steps/", "/pick/?q=البرز", "/search/?q=البرز", "/leads/", f"/leads/{lead.pk}/", "/leads/new/", f"/leads/{lead.pk}/edit/", f"/leads/{lead.pk}/convert/", f"/leads/{lead.pk}/drop/", "/customers/", f"/customers/{cust.pk}/", "/customers/new/", f"/customers/{cust.pk}/edit/", f"/customers/{cust.pk}/contacts/new/", f"/contacts/{cust.contacts.get().pk}/edit/", "/deals/", f"/deals/{deal.pk}/", "/deals/new/", f"/deals/{deal.pk}/edit/", f"/deals/{deal.pk}/cell/amount/", f"/steps/{deal.next_steps.get().pk}/complete/", f"/steps/new/?about=deal:{deal.pk}", f"/deals/{deal.pk}/timeline/"]
    bad = {}
    for u in urls:
        for h in ({}, {"HTTP_HX_REQUEST": "true"}):
            try:
                r = c.get(u, **h)
                if r.status_code != 200: bad[u] = r.status_code
            except Exception as e:
                bad[u] = repr(e)[:300]
    print(bad); assert bad == {}
