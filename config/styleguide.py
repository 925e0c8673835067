"""Every part of docs/design.md on one page, in both languages. Only served with DEBUG=1."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language

from l10n.forms import DateField

TEXTS = {
    "title": ("راهنمای ظاهر", "Style guide"),
    "deal": ("پتروشیمی کاوه · قرارداد سالانه", "Kaveh Petrochemical · annual contract"),
    "firm": ("صنایع غذایی البرز", "Alborz Foods"),
    "firm2": ("بیمارستان مهر", "Mehr Hospital"),
    "sara": ("سارا رضایی", "Sara Rezaei"),
    "nader": ("نادر کریمی", "Nader Karimi"),
    "call": ("تماس با خانم رضایی دربارهٔ شرایط پرداخت", "Call Ms Rezaei about the payment terms"),
    "quote": ("ارسال پیش‌فاکتور نسخهٔ دوم", "Send the second quote"),
    "reply": ("پاسخ به سرنخ تازه از وب‌سایت", "Answer the new lead from the website"),
    "demo": ("جلسهٔ نمایش محصول", "Product demo"),
    "late": ("دو روز دیر", "2 days late"),
    "today": ("امروز", "Today"),
    "todays_steps": ("گام‌های امروز", "Steps for today"),
    "in_order": ("بر پایهٔ انتظار", "As expected"),
    "failed": ("نتیجه نداد", "Did not work"),
    "amount": ("مبلغ", "Amount"),
    "close": ("تاریخ بستن", "Close date"),
    "last": ("آخرین تعامل", "Last interaction"),
    "next": ("گام بعدی", "Next step"),
    "pushed": ("۳ بار عقب رفته", "pushed 3 times"),
    "ago": ("۱۹ روز پیش", "19 days ago"),
    "none": ("ندارد", "none"),
    "million": ("۱٬۲۵۰ میلیون تومان", "$1.25M"),
    "million2": ("۸۴۰ میلیون تومان", "$840K"),
    "now": ("اکنون ۹۸۰ میلیون", "now $980K"),
    "subline": ("مالک: سارا رضایی · مرحله: مذاکره · ۳۴ روز بی‌حرکت", "Sara Rezaei · Negotiation · 34 days still"),
    "agenda": ("دستور جلسه", "Agenda"),
    "minutes": ("۴۵ دقیقه", "45 minutes"),
    "part1": ("تصمیم‌های هفتهٔ پیش", "Last week's decisions"),
    "part2": ("چه تغییر کرد", "What changed"),
    "part3": ("قراردادهای مانده", "Stalled deals"),
    "of": ("۲ از ۴", "2 of 4"),
    "part4": ("فرصت بدون گام بعدی", "Deals without a next step"),
    "part5": ("پیش‌بینی فصل", "Forecast of the quarter"),
    "question": ("چه تصمیمی می‌گیریم؟", "What do we decide?"),
    "applies": ("تصمیم همین‌جا روی فرصت اعمال می‌شود.", "The decision changes the deal at once."),
    "record": ("ثبت تصمیم", "Record the decision"),
    "undecided": ("بدون تصمیم، با دلیل", "No decision, because…"),
    "time": ("زمان این بخش", "Time of this part"),
    "decisions": ("تصمیم‌ها", "Decisions"),
    "discount": ("تخفیف پلکانی سالانه", "Tiered discount for annual contracts"),
    "by_when": ("نادر · تا ۵ آذر", "Nader · by 26 Nov"),
    "handover": ("واگذاری «مهر» به علی", "Hand Mehr over to Ali"),
    "from_now": ("از امروز", "from today"),
    "end": ("پایان جلسه", "Close the meeting"),
    "missing": ("چهار مورد هنوز تصمیم یا دلیل ندارد.", "Four items have neither a decision nor a reason."),
    "log": ("ثبت", "Log"),
    "new": ("مشتری تازه", "New customer"),
    "save": ("ذخیره", "Save"),
    "cancel": ("انصراف", "Cancel"),
    "delete": ("حذف", "Delete"),
    "all": ("همه", "All"),
    "due": ("نوبت بازبینی", "Due for review"),
    "mine": ("تصمیم‌های من", "Mine"),
    "expected": ("انتظار", "Expected"),
    "happened": ("چه شد", "What happened"),
    "decision": ("تصمیم", "Decision"),
    "owner": ("مالک", "Owner"),
    "win_rate": ("نرخ موفقیت مذاکره از ٪۳۱ به ٪۴۰ تا پایان آذر", "Win rate in Negotiation from 31% to 40% by 31 Dec"),
    "source": ("جلسهٔ قیف، ۲۳ آبان · بر پایهٔ ۴ فرصت", "Pipeline review, 14 Nov · 4 deals as evidence"),
    "empty": ("هنوز سرنخی نیست", "No leads yet"),
    "empty_text": ("سرنخ را دستی بسازید یا از فایل بیاورید.", "Add one by hand, or bring them in from a file."),
    "stage1": ("شناسایی", "Discovery"),
    "stage2": ("پیشنهاد", "Proposal"),
    "stage3": ("مذاکره", "Negotiation"),
    "info": ("این دو به تصمیم «پیش‌بینی فروش فصل» کمک می‌کنند.", "These serve the decision “Forecast of the quarter”."),
    "wrong": ("دو ردیف خوانده نشد.", "Two rows could not be read."),
    "saved": ("ذخیره شد.", "Saved."),
    "upload": ("فایل", "File"),
    "map": ("ستون‌ها", "Columns"),
    "check": ("بررسی", "Check"),
    "said": ("گفت بودجه تا پایان ماه قطعی می‌شود.", "Said the budget will be settled by month's end."),
    "menu": ("کارهای بیشتر", "More"),
    "open_dialog": ("گفت‌وگو", "Dialog"),
    "keep": ("مشتری", "Customer"),
}  # fmt: skip
PLANS = {
    "fa": ["برنامهٔ تازه", "کمک مدیر", "تغییر مالک", "تغییر پیش‌بینی", "کنار گذاشتن"],
    "en": ["New plan", "Manager helps", "Change owner", "Change forecast", "Drop"],
}
LABELS = {
    "who": ("با چه کسی؟", "With whom?"),
    "kind": ("نوع", "Kind"),
    "what": ("چه شد؟", "What happened?"),
    "next_step": ("گام بعدی", "Next step"),
    "day": ("تا تاریخ", "By"),
    "plan": ("تصمیم", "Decision"),
    "note": ("یادداشت", "Note"),
    "agreed": ("مالک این متن را پذیرفته است", "The owner has accepted this text"),
    "file": ("فایل CSV یا XLSX", "CSV or XLSX file"),
}
KINDS = {"fa": ["تماس", "جلسه", "پیام"], "en": ["Call", "Meeting", "Message"]}


def sample_form(language: str) -> forms.Form:
    def pairs(words: list[str]) -> list[tuple[str, str]]:
        return [(str(place), word) for place, word in enumerate(words)]

    fields: dict[str, forms.Field] = {
        "who": forms.CharField(),
        "kind": forms.ChoiceField(choices=pairs(KINDS[language])),
        "what": forms.CharField(help_text="یک جمله کافی است" if language == "fa" else "One sentence is enough"),
        "next_step": forms.CharField(required=False),
        "day": DateField(required=False),
        "plan": forms.ChoiceField(choices=pairs(PLANS[language]), widget=forms.RadioSelect),
        "note": forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False),
        "agreed": forms.BooleanField(required=False),
        "file": forms.FileField(required=False),
    }
    for name, field in fields.items():
        field.label = LABELS[name][language == "en"]
    form_class = type("SampleForm", (forms.Form,), fields)
    typed = {"who": TEXTS["firm"][language == "en"], "what": "", "plan": "0", "day": "", "agreed": "on"}
    form: forms.Form = form_class(typed)
    return form


def context(language: str) -> dict[str, Any]:
    return {
        "t": {name: pair[language == "en"] for name, pair in TEXTS.items()},
        "form": sample_form(language),
        "page": Paginator(range(200), 20).page(4),
        "trend": [61, 64, 63, None, 70, 74, 79, 82],
        "started": now() - timedelta(minutes=6, seconds=18),
        "tones": ["", "ok", "wait", "bad", "act", "decide"],
        "names": [TEXTS[name][language == "en"] for name in ("sara", "nader", "firm", "firm2", "deal", "keep")],
        "stages": ["stage1", "stage2", "stage3"],
    }


def styleguide(request: HttpRequest, page: str = "parts") -> HttpResponse:
    return render(request, f"styleguide/{page}.html", context(get_language() or "en"))


def styleguide_move(request: HttpRequest) -> HttpResponse:
    """The sample board takes every card, and asks for a field before the third column."""
    language = get_language() or "en"
    if request.POST.get("stage") == "2":
        return render(request, "styleguide/board_dialog.html", context(language), status=422)
    return HttpResponse()
