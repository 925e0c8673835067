"""How text typed in Persian or English is tidied for storing, folded for comparing, and put in order.

Three strengths: `clean` keeps what the user meant (stored), `fold` drops everything a reader would not call a
difference (compared), `squeeze` also drops spaces and punctuation (searched).
"""

import re
import unicodedata

ZWNJ = "\u200c"
FSI, LRI, PDI, LRM = "\u2068", "\u2066", "\u2069", "\u200e"
PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
# ICU's Persian order (checked against Intl.Collator("fa")): آ is a letter of its own before ا.
ALPHABET = "ءآابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"

_TO_ASCII = str.maketrans(PERSIAN_DIGITS + ARABIC_DIGITS, "0123456789" * 2)
_TO_PERSIAN = str.maketrans("0123456789", PERSIAN_DIGITS)
# Tatweel, soft hyphen, zero-width space, bidi marks and embeddings, BOM, and control characters but tab and newline.
# ZWNJ and ZWJ stay: the first is Persian spelling, the second holds emoji together.
_UNWANTED = re.compile("[\u0640\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک"})
_LOOSE_ZWNJ = re.compile(f"{ZWNJ}+(?=\\s|$)|(?<=\\s){ZWNJ}+|^{ZWNJ}+|(?<={ZWNJ}){ZWNJ}+", re.MULTILINE)

_FOLD = str.maketrans(
    {"ي": "ی", "ى": "ی", "ے": "ی", "ك": "ک", "ة": "ه", "ۃ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا", "\u200d": None}
)
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_NOT_ALNUM = re.compile(r"[\W_]+")
_RANK = str.maketrans({letter: chr(0xE000 + i) for i, letter in enumerate(ALPHABET)})
_ALEF_MADDA = chr(0xE000 + ALPHABET.index("آ"))
_DIGIT_RUN = re.compile(r"[0-9]+")

_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,\\`CH"
_PERSIAN_KEYS = "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپوپپژآ"
_KEYBOARD = str.maketrans(_LATIN_KEYS, _PERSIAN_KEYS)
_KEYBOARD_LOWER = str.maketrans({c: c.lower() for c in "ABDEFGIJKLMNOPQRSTUVWXYZ"})
_PERSIAN_TO_LATIN = str.maketrans(dict(reversed(list(zip(_PERSIAN_KEYS, _LATIN_KEYS, strict=True)))))
_PERSIAN_LETTER = re.compile("[\u0600-\u06ff]")
_PERSIAN_WORD = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_LATIN_LETTER = re.compile("[A-Za-z]")


def digits_to_ascii(text: str) -> str:
    """Persian and Arabic-Indic digits become 0-9; everything else stays."""
    return text.translate(_TO_ASCII)


def digits_to_persian(text: str) -> str:
    return text.translate(_TO_PERSIAN)


def clean(text: str) -> str:
    """Light clean-up for storing: what a careful typist would have typed. Lines, digits and half-spaces are kept."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LOOSE_ZWNJ.sub("", _UNWANTED.sub("", text).translate(_LETTERS)).strip()


def clean_line(text: str) -> str:
    """`clean` for one-line values: every run of white space is one space."""
    return " ".join(clean(text).split())


def _bare(text: str) -> str:
    """Compatibility forms, case, marks and letter variants gone; white space and ZWNJ still there."""
    if text.isascii():
        return _UNWANTED.sub("", text).casefold()
    text = unicodedata.normalize("NFKD", _UNWANTED.sub("", text)).casefold()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_FOLD).translate(_TO_ASCII)


def fold(text: str) -> str:
    """Strong folding for comparing: «مُؤسّسهٔ  آب‌ها ۱۲» and «موسسه اب ها 12» are equal."""
    return " ".join(_bare(text).replace(ZWNJ, " ").split())


def squeeze(text: str) -> str:
    """Folded letters and digits only, so that «ایران خودرو», «ایران‌خودرو» and «ایرانخودرو» are equal."""
    return _NOT_ALNUM.sub("", _bare(text).replace(ZWNJ, ""))


def sort_key(text: str) -> str:
    """A key for code-point order (collation "C"): space, punctuation, numbers by value, Latin, Persian alphabet."""
    text = unicodedata.normalize("NFC", text).replace("آ", _ALEF_MADDA).replace(ZWNJ, "")
    bare = " ".join(_bare(text).split())
    bare = "".join(c if c.isalnum() or c == " " or c == _ALEF_MADDA else "!" for c in bare)
    return _DIGIT_RUN.sub(_number_key, bare).translate(_RANK)


def _number_key(match: re.Match[str]) -> str:
    """The length of a number before its digits, so that 2 comes before 10; both stay below "a"."""
    number = match[0].lstrip("0") or "0"
    return chr(0x30 + min(len(number), 0x30)) + number


def search_terms(query: str) -> list[str]:
    """The squeezed words of a query, each to be found somewhere in a `SearchField`.

    Leading zeros of a number fall away: «۰۹۱۲…» must find the stored +98912….
    """
    terms = (squeeze(word) for word in fold(query).split())
    return [_without_leading_zeros(term) for term in dict.fromkeys(terms) if term]


def _without_leading_zeros(term: str) -> str:
    return term.lstrip("0") if len(term) > 3 and term.isdecimal() and term.strip("0") else term


def keyboard_terms(query: str) -> list[str]:
    """The terms of a query typed with the keyboard left in the other language; empty if it cannot have been.

    «sghl» for «سلام», and «نشرثا» for "kaveh". Two letters could be anything, so those of Latin words are three.
    """
    if _LATIN_LETTER.search(query):
        return [] if _PERSIAN_LETTER.search(query) else search_terms(latin_keyboard_to_persian(query))
    if not _PERSIAN_WORD.search(query):
        return []
    terms = search_terms(persian_keyboard_to_latin(query))
    return terms if all(len(term) > 2 for term in terms) else []


def latin_keyboard_to_persian(text: str) -> str:
    """The letters of the Persian standard keyboard (ISIRI 9147) on the same keys."""
    return text.translate(_KEYBOARD_LOWER).translate(_KEYBOARD)


def persian_keyboard_to_latin(text: str) -> str:
    """The other way round, in small letters."""
    return clean(text).translate(_PERSIAN_TO_LATIN)


def isolate(text: object) -> str:
    """Text whose direction must not disturb its surroundings, for plain text; in HTML `<bdi>` does the same."""
    return f"{FSI}{text}{PDI}"


def isolate_ltr(text: object) -> str:
    """For phones, codes and addresses, which always run left to right."""
    return f"{LRI}{text}{PDI}"
