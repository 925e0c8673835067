import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants import clock
from tenants.models import Language


def new_key() -> str:
    return secrets.token_urlsafe(9)


class WebForm(models.Model):
    """A public form whose answers become leads. Its source decides the category, and with it the clock and the owner.

    `sites` are the origins ("https://www.example.com") that may show the form in a frame or post to it.
    """

    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(max_length=24, unique=True, default=new_key, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FA)
    source = models.CharField(_("source"), max_length=80)
    heading = models.CharField(_("heading"), max_length=120)
    thanks = models.CharField(_("thanks"), max_length=300)
    consent = models.CharField(_("consent"), max_length=300, blank=True)
    sites = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    is_open = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(name="") & ~Q(source=""), name="web_form_named_with_source")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("api:public_form", args=[self.key])
