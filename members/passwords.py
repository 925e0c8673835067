"""Django's password rules in our words; its Persian catalog lacks one of them."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _

from l10n.formats import num


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("This password is too short: it needs at least %(length)s characters.") % {
            "length": num(self.min_length)
        }


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("This password is one of the first that anybody would guess.")
