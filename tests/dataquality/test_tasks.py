from django_tenants.utils import tenant_context

from dataquality.models import OwnerScore
from dataquality.tasks import score_night
from tenants import nightly
from tenants.celery import HEADER
from tenants.models import NightlyRun
from tests.cast import NOW
from tests.factories.crm import make_stages
from tests.factories.dataquality import make_tidy_deal


def test_scoring_is_a_job_of_every_firms_night():
    assert nightly.jobs()["score"] == score_night.name == "dataquality.tasks.score_night"


def test_night_scores_the_firm_it_was_sent_for_on_its_own_day(acme, globex, sara, today):
    make_stages()
    make_tidy_deal(sara)
    run = NightlyRun.objects.create(tenant=acme, job="score", local_day=today, sent_at=NOW)
    for _twice in range(2):
        score_night.apply(args=[run.pk], headers={HEADER: acme.schema_name}, throw=True)
    run.refresh_from_db()
    assert run.finished_at == NOW
    assert list(OwnerScore.objects.order_by("pk").values_list("owner", "day", "score")) == [
        (sara.pk, today, 100),
        (None, today, 100),
    ]
    with tenant_context(globex):
        assert not OwnerScore.objects.exists()
