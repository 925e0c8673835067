"""How far an import has come. Kept in the cache, because the import's own transaction shows nothing before its end."""

from django.core.cache import cache

from crm.models import ImportJob

KEPT_SECONDS = 3600
# Reading and comparing is about two fifths of the work.
READING = 40


def _key(job_id: int) -> str:
    return f"import-progress:{job_id}"


class Progress:
    """`share`: how much of the whole the reading is, in percent."""

    def __init__(self, job: ImportJob, share: int = READING) -> None:
        self.job_id, self.total, self.share = job.pk, max(job.total, 1), share
        self._written = 0
        self._tell(0)

    def read(self, processed: int) -> None:
        self._tell(self.share * processed // self.total)

    def wrote(self, processed: int) -> None:
        self._tell(self.share + (100 - self.share) * processed // self.total)

    def _tell(self, percent: int) -> None:
        cache.set(_key(self.job_id), min(percent, 100), KEPT_SECONDS)


def percent(job_id: int) -> int:
    return int(cache.get(_key(job_id), 0))
