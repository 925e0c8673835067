"""Persian names to fill a firm with. Each comes with its folded forms, made by the functions that the models use."""

from collections.abc import Sequence
from functools import cached_property
from random import Random

from l10n import text
from l10n.names import words

FIRST = words(
    "سارا رضا نادر لیلا امیر مریم حسین زهرا علی فاطمه محمد نرگس کاوه شیرین بهرام پریسا داریوش الهام "
    "کیان مینا آرش نیلوفر سیامک ترانه فرهاد گلناز یاسمن پویا هومن ژاله"
)
LAST = words(
    "کریمی احمدی رضایی موسوی حسینی محمدی قاسمی جعفری صادقی یزدانی شیرازی تهرانی اصفهانی نوری بهرامی "
    "کاظمی طاهری عباسی فرهادی سلطانی مرادی نجفی ایزدی پارسا رستمی شریفی عزیزی غلامی اکبری میرزایی"
)
KINDS = ("کارخانهٔ", "شرکت", "فروشگاه", "بازرگانی", "صنایع", "مؤسسهٔ", "گروه", "پخش")
BRANDS = words("آریا پارس البرز زاگرس دماوند کیمیا سپهر آفتاب مهر نگین رویا خلیج کارون سهند ارس هیرمند چشمه ستاره")
WARES = ("خط بسته‌بندی", "دستگاه برش", "تسمه نقاله", "تابلو برق", "پمپ صنعتی", "قالب تزریق", "سردخانه", "ژنراتور")
CITIES = ("تهران", "اصفهان", "شیراز", "تبریز", "مشهد", "اهواز", "کرج", "قم", "رشت", "یزد")
SECTORS = ("غذایی", "نساجی", "فولاد", "دارو", "پخش", "ساختمان", "چاپ", "خودرو")
SOURCES = ("وب‌سایت", "نمایشگاه", "معرفی", "تماس ورودی", "اینستاگرام", "بازدید", "")
SENTENCES = (
    "زنگ زدم، گفتند هفتهٔ بعد خبر می‌دهند",
    "پیش‌فاکتور فرستادم و دربارهٔ شرایط پرداخت حرف زدیم",
    "مدیر خرید عوض شده؛ باید از نو معرفی کنیم",
    "جواب نداد، پیام گذاشتم",
    "جلسه خوب بود، نمونه خواستند",
    "قیمت رقیب را گفتند؛ تخفیف می‌خواهند",
    "بازدید از خط تولید انجام شد",
    "قرارداد را برای امضا فرستادم",
)
STEPS = ("تماس برای نتیجه", "فرستادن پیش‌فاکتور", "هماهنگی جلسه", "پیگیری امضا", "فرستادن نمونه", "بازدید از کارخانه")


class Name:
    """A word of a pool with a running number behind it: «کارخانهٔ آریا ۱۲»."""

    def __init__(self, spelt: str) -> None:
        self.spelt = spelt
        self.squeezed = text.squeeze(spelt)
        self.sort_key = text.sort_key(spelt)

    def numbered(self, number: int) -> tuple[str, str, str]:
        """The name, its search text and its sort key."""
        digits = str(number)
        return (
            f"{self.spelt} {digits}",
            f"{self.squeezed}{digits}",
            f"{self.sort_key} {chr(0x30 + len(digits))}{digits}",
        )


class Pools:
    def __init__(self, seed: str) -> None:
        self.chance = Random(seed)

    @cached_property
    def persons(self) -> Sequence[Name]:
        return [Name(f"{first} {last}") for first in FIRST for last in LAST]

    @cached_property
    def firms(self) -> Sequence[Name]:
        return [Name(f"{kind} {brand}") for kind in KINDS for brand in BRANDS]

    @cached_property
    def deals(self) -> Sequence[Name]:
        return [Name(f"{ware} {brand}") for ware in WARES for brand in BRANDS]
