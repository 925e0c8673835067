from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from l10n.formats import num

# Isolates a name in the middle of a sentence of the other direction.
FIRST_STRONG, POP = "\u2068", "\u2069"


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Cleans to a list of one file or more, each within `most` bytes."""

    widget = FilesInput
    default_error_messages = {
        "required": gettext_lazy("Choose a file first."),
        "empty": gettext_lazy("This file is empty."),
    }

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> Any:
        cleaned = [super(FilesField, self).clean(file, initial) for file in data or [None]]
        large = [f"{FIRST_STRONG}{file.name}{POP}" for file in cleaned if file.size > self.most]
        if large:
            said = _("Larger than %(size)s MB: %(names)s. Make it smaller, or log a link to it.")
            told = {"size": num(self.most // 1024**2), "names": ", ".join(large)}
            raise forms.ValidationError(said, code="too_large", params=told)
        return cleaned


class FilesForm(forms.Form):
    uploads = FilesField(label=gettext_lazy("Files"), most=settings.ATTACHMENT_MAX_BYTES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["uploads"]
        assert isinstance(field, FilesField)
        field.most = settings.ATTACHMENT_MAX_BYTES
        field.help_text = _("Up to %(size)s MB each.") % {"size": num(field.most // 1024**2)}
