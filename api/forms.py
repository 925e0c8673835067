from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.models import Scope, WebForm
from l10n.forms import EmailField, LongTextField, PhoneField, TextField
from tenants import clock
from tenants.models import Language

SALT = "api.web_form.opened"
# A person needs longer than this to fill it in; a page left open for a day is read again.
QUICKEST, OLDEST = 3, 60 * 60 * 24


class TokenForm(forms.Form):
    name = TextField(max_length=80, label=gettext_lazy("What is it for?"))
    scope = forms.ChoiceField(choices=Scope, initial=Scope.READ, label=gettext_lazy("It may"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["placeholder"] = _("Accounting or our website")


class WebFormForm(forms.Form):
    name = TextField(max_length=80, label=gettext_lazy("Name, for yourselves"))
    heading = TextField(max_length=120, label=gettext_lazy("Heading that visitors read"))
    language = forms.ChoiceField(choices=Language, label=gettext_lazy("Language"), widget=forms.RadioSelect)
    source = TextField(
        max_length=80,
        label=gettext_lazy("Source of its leads"),
        help_text=gettext_lazy("The category that takes this source decides how fast they are answered, and by whom."),
    )
    thanks = TextField(max_length=300, label=gettext_lazy("Thanks that visitors read afterwards"))
    consent = TextField(
        max_length=300,
        required=False,
        label=gettext_lazy("Sentence to agree to"),
        help_text=gettext_lazy("Left empty, nobody is asked. What was agreed to is kept with the lead."),
    )
    sites = LongTextField(
        required=False,
        rows=2,
        label=gettext_lazy("Websites that may show it"),
        help_text=gettext_lazy("One a line, like https://www.example.com. Without any it has only its own page."),
    )
    is_open = forms.BooleanField(required=False, initial=True, label=gettext_lazy("Open for answers"))

    def __init__(self, data: Any = None, *, web_form: WebForm | None = None, language: str = Language.FA) -> None:
        initial: dict[str, Any] = {"language": language, "is_open": True}
        if web_form:
            initial = {name: getattr(web_form, name) for name in self.base_fields}
            initial["sites"] = "\n".join(web_form.sites)
        super().__init__(data, initial=initial)
        self.fields["sites"].widget.attrs["dir"] = "ltr"

    def clean_sites(self) -> list[str]:
        return sorted({_origin(line) for line in self.cleaned_data["sites"].split()})


def _origin(typed: str) -> str:
    """ "https://www.example.com/contact" → "https://www.example.com"."""
    parts = urlsplit(typed.lower())
    host = parts.hostname or ""
    good = parts.scheme in ("http", "https") and "." in host.strip(".") and host.isascii()
    if not good or set(host) - set("abcdefghijklmnopqrstuvwxyz0123456789-."):
        raise ValidationError(_("“%(typed)s” is not the address of a website.") % {"typed": typed})
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"


class AnswerForm(forms.Form):
    """What a visitor fills in. `website` is a trap: people do not see it, programs fill it."""

    name = TextField(max_length=120, label=gettext_lazy("Your name"))
    phone = PhoneField(required=False, label=gettext_lazy("Phone"))
    email = EmailField(required=False, label=gettext_lazy("E-mail"))
    company = TextField(max_length=200, required=False, label=gettext_lazy("Firm"))
    message = LongTextField(max_length=400, required=False, label=gettext_lazy("What is it about?"))
    consent = forms.BooleanField()
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, data: Any = None, *, consent: str) -> None:
        super().__init__(data)
        for name, hint in (("name", "name"), ("phone", "tel"), ("email", "email"), ("company", "organization")):
            self.fields[name].widget.attrs["autocomplete"] = hint
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off", "aria-hidden": "true"}
        if consent:
            self.fields["consent"].label = consent
        else:
            del self.fields["consent"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reached = cleaned.get("phone") or cleaned.get("email") or {"phone", "email"} & set(self.errors)
        if not reached:
            self.add_error("phone", _("Please leave a phone number or an e-mail, so that we can answer."))
        return cleaned

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))


class PageAnswerForm(AnswerForm):
    """On our own page: knows when the page was opened, signed."""

    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, data: Any = None, *, consent: str) -> None:
        super().__init__(data, consent=consent)
        self.initial["opened"] = opened_now()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not was_read(cleaned.get("opened") or ""):
            self.data = {**self.data.dict(), "opened": opened_now()} if hasattr(self.data, "dict") else self.data
            raise ValidationError(_("That was very quick. Please look over it once more and send it again."))
        return cleaned


def opened_now() -> str:
    return signing.dumps(int(clock.now().timestamp()), salt=SALT)


def was_read(opened: str) -> bool:
    """Whether the page was opened long enough ago for a person, and not yesterday."""
    try:
        at = signing.loads(opened, salt=SALT)
    except signing.BadSignature:
        return False
    return bool(QUICKEST <= clock.now().timestamp() - at <= OLDEST)
