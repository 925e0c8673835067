from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from l10n.forms import EmailField, TextField
from members.models import Role, Team, Theme, User
from tenants.models import Calendar, Language

NEW_PASSWORD = {"autocomplete": "new-password", "dir": "ltr"}


def new_password() -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text=_("At least 10 characters."),
    )


class InviteForm(forms.Form):
    email = EmailField(label=_("E-mail"))
    name = TextField(max_length=120, label=_("Name"), required=False)
    role = forms.TypedChoiceField(choices=Role, coerce=Role, label=_("Role"))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.all()  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    role = forms.TypedChoiceField(choices=Role, coerce=Role, label=_("Role"))
    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("No team"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.all()  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    name = TextField(max_length=80, label=_("Name of the team"))
    lead = forms.ModelChoiceField(User.objects.none(), label=_("Team lead"), required=False, empty_label=_("No lead"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = User.objects.active()  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    name = TextField(max_length=120, label=_("Your name"))
    password = new_password()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class ProfileForm(forms.Form):
    name = TextField(max_length=120, label=_("Your name"))
    language = forms.ChoiceField(
        choices=[("", _("As the workspace")), *Language.choices],
        label=_("Language"),
        widget=forms.RadioSelect,
        required=False,
    )
    calendar = forms.ChoiceField(
        choices=[("", _("As the workspace")), *Calendar.choices],
        label=_("Calendar"),
        widget=forms.RadioSelect,
        required=False,
    )
    theme = forms.ChoiceField(choices=Theme, label=_("Appearance"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, person: User) -> None:
        initial = {name: getattr(person, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
