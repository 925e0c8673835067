import pytest

from l10n import text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  علي  ", "علی"),
        ("كتاب", "کتاب"),
        ("موسى", "موسی"),
        ("ســلام", "سلام"),
        ("\u202bشرکت\u202c\u200f", "شرکت"),
        ("می\u200c\u200cروم", "می\u200cروم"),
        ("\u200cایران\u200c خودرو\u200c", "ایران خودرو"),
        ("e\u0301", "é"),
        ("یک\r\nدو", "یک\nدو"),
        ("محمّد ۱۲ ٣", "محمّد ۱۲ ٣"),
        ("a\x00b\x07", "ab"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_clean_keeps_what_was_meant(typed, stored):
    assert text.clean(typed) == stored
    assert text.clean(stored) == stored


def test_clean_line_has_single_spaces():
    assert text.clean_line(" علي \t\n رضا\u00a0پور ") == "علی رضا پور"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي", "علی"),
        ("مُحَمَّد", "محمد"),
        ("مؤسسهٔ", "موسسه"),
        ("مؤسسة", "موسسه"),
        ("خانۀ", "خانه"),
        ("آب", "اب"),
        ("أحمد إيران ٱلف", "احمد ایران الف"),
        ("مسئول", "مسیول"),
        ("می\u200cروم", "می روم"),
        ("۱۲۳ ٤٥٦", "123 456"),
        ("ＡＢＣ Straße", "abc strasse"),
        ("Café İZMİR", "cafe izmir"),
        ("ﻼ", "لا"),
    ],
)
def test_fold_drops_what_no_reader_sees(one, other):
    assert text.fold(one) == text.fold(other) == other


def test_fold_keeps_real_differences():
    assert len({text.fold(word) for word in ("سد", "صد", "شد", "سر", "کار", "گار", "پر", "بر")}) == 8


def test_squeeze_makes_the_three_spellings_one():
    assert {text.squeeze(name) for name in ("ایران خودرو", "ایران\u200cخودرو", "ايرانخودرو")} == {"ایرانخودرو"}
    assert text.squeeze("R&D / Co. (A-1)") == "rdcoa1"


def test_sort_key_orders_by_the_persian_alphabet():
    expected = [
        "",
        "(آزمایشی)",
        "2 ستاره",
        "۱۰ ستاره",
        "Alpha",
        "beta",
        "Éclair",
        "آب",
        "آرمان",
        "اب",
        "الف",
        "پارسا",
        "تهران",
        "ثریا",
        "چای",
        "ژاله",
        "فاز ۲",
        "فاز 10",
        "کاوه",
        "گل",
        "مینا",
        "ناصر",
        "واحد",
        "هستی",
        "یاس",
    ]
    mixed = expected[::-1]
    assert sorted(mixed, key=text.sort_key) == expected
    as_bytes = sorted(mixed, key=lambda word: text.sort_key(word).encode())
    assert as_bytes == expected, 'collation "C" compares bytes'


def test_sort_key_does_not_see_spelling():
    assert text.sort_key("علي\u200cپور") == text.sort_key("علیپور")
    assert text.sort_key("كتاب") == text.sort_key("کتاب")
    assert text.sort_key("ایران خودرو") < text.sort_key("ایرانا")


def test_search_terms_are_squeezed_words_once_each():
    assert text.search_terms("  ايران‌خودرو  ALI ali & ") == ["ایران", "خودرو", "ali"]
    assert text.search_terms("۰۹۱۲۳۴۵۶۷۸۹") == ["9123456789"]
    assert text.search_terms("007 0000") == ["007", "0000"]
    assert text.search_terms(" ‌ ") == []


def test_a_query_typed_on_the_english_keyboard_is_read_in_persian():
    assert text.latin_keyboard_to_persian("sghl") == "سلام"
    assert text.latin_keyboard_to_persian("v;hf") == "رکاب"
    assert text.keyboard_terms("v;hf fvjv") == ["رکاب", "برتر"]
    assert text.keyboard_terms("سلام ali") == []
    assert text.keyboard_terms("۱۲") == []
    assert text.keyboard_terms("نشرثا") == ["kaveh"]
    assert text.keyboard_terms("نشرثا ۱۲۳۴") == ["kaveh", "1234"]
    assert text.keyboard_terms("نش") == []


def test_isolates_wrap_the_text():
    assert text.isolate("Acme") == "\u2068Acme\u2069"
    assert text.isolate_ltr("+98") == "\u2066+98\u2069"
