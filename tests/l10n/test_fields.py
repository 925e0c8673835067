"""With a real table made for these tests, in the schema of acme: the fields have no model of their own."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.test.utils import isolate_apps

from l10n.fields import MoneyAmountField, SearchField, SortKeyField, search_filter


@pytest.fixture
def firm(db: None) -> Iterator[type[models.Model]]:
    with isolate_apps("l10n"):

        class Firm(models.Model):
            name = models.CharField(max_length=100)
            city = models.CharField(max_length=100, blank=True)
            worth = MoneyAmountField(default=0)
            search = SearchField(sources=("name", "city"))
            sort_key = SortKeyField(source="name")

            def __str__(self) -> str:
                return self.name

            class Meta:
                app_label = "l10n"
                indexes = [GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="firm_search")]

        with connection.schema_editor() as editor:
            editor.create_model(Firm)
        yield Firm


def names(rows) -> list[str]:
    return [row.name for row in rows]


def test_save_fills_both_keys(firm):
    row = firm.objects.create(name="ايران‌خودرو", city="تهران")
    row.refresh_from_db()
    assert row.search == "ایرانخودرو|تهران"
    row.name = "پارس|خودرو"
    row.save(update_fields=["name", "search", "sort_key"])
    stored = firm.objects.values_list("search", flat=True).get()
    assert stored == "پارسخودرو|تهران"


def test_bulk_create_and_bulk_update_fill_them_too(firm):
    rows = firm.objects.bulk_create([firm(name="آلفا"), firm(name="بتا")])
    assert list(firm.objects.order_by("id").values_list("search", flat=True)) == ["الفا", "بتا"]
    for row in rows:
        row.city = "یزد"
    firm.objects.bulk_update(rows, ["city", "search"])
    assert list(firm.objects.order_by("id").values_list("search", flat=True)) == ["الفا|یزد", "بتا|یزد"]


def test_a_row_loaded_without_its_sources_keeps_the_stored_key(firm, django_assert_num_queries):
    firm.objects.create(name="آلفا", city="یزد")
    row = firm.objects.only("id", "search").get()
    with django_assert_num_queries(0):
        assert row.search == "الفا|یزد"


def test_rows_are_ordered_by_the_persian_alphabet(firm):
    wanted = ["فاز ۲", "فاز ۱۰", "کاوه", "گل", "هستی", "یاس"]
    firm.objects.bulk_create(firm(name=name) for name in reversed(["12", "Zeta", "آب", "پارس", "چای", *wanted]))
    assert names(firm.objects.order_by("sort_key")) == ["12", "Zeta", "آب", "پارس", "چای", *wanted]


@pytest.mark.parametrize("query", ["ايران خودرو", "ایرانخودرو", "خودرو تهر", "hdvhk", "۰۰۲۱ ایران"])
def test_search_finds_through_spelling_spacing_order_and_keyboard(firm, query):
    firm.objects.create(name="ایران‌خودرو ۲۱", city="تهران")
    firm.objects.create(name="پارس خودرو", city="کرج")
    assert names(search_filter(firm.objects.all(), query)) == ["ایران‌خودرو ۲۱"]


def test_search_treats_signs_as_text_and_nothing_as_all(firm):
    firm.objects.create(name="صد ٪ واقعی")
    assert search_filter(firm.objects.all(), "%_").count() == 0
    assert search_filter(firm.objects.all(), "  ").count() == 1


def test_search_uses_the_trigram_index(firm):
    firm.objects.create(name="ایران خودرو")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "firm_search" in search_filter(firm.objects.all(), "خودرو").explain()


def test_money_keeps_a_thousand_milliard_tomans_to_the_hundredth(firm):
    amount = Decimal("10000000000000000.25")
    row = firm.objects.create(name="بزرگ", worth=amount)
    row.refresh_from_db()
    assert row.worth == amount


def test_fields_can_be_rebuilt_by_migrations(firm):
    for name, given in (("search", {"sources": ("name", "city")}), ("sort_key", {"source": "name"})):
        _, path, args, kwargs = firm._meta.get_field(name).deconstruct()
        assert path.startswith("l10n.fields.")
        rebuilt = type(firm._meta.get_field(name))(*args, **kwargs)
        assert rebuilt.deconstruct()[3] == kwargs
        assert given.items() <= kwargs.items()
