"""A tenant is one firm: its own schema, its own host, its own ways of writing."""

from datetime import date, datetime, time
from typing import Any, Self, cast
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin
from django_tenants.utils import get_public_schema_name

from l10n import current
from l10n.current import Formats
from tenants import clock

SCHEMA_NAME = r"^[a-z][a-z0-9_]{0,40}$"
WEEKENDS = {"fa": [3, 4], "en": [5, 6]}
WEEK_STARTS = {"fa": 5, "en": 0}


class Language(models.TextChoices):
    FA = "fa", "فارسی"
    EN = "en", "English"


class Calendar(models.TextChoices):
    JALALI = "jalali", _("Solar Hijri (Jalali)")
    GREGORIAN = "gregorian", _("Gregorian")


class MoneyUnit(models.TextChoices):
    RIAL = "rial", _("Rial")
    TOMAN = "toman", _("Toman")
    NEW_RIAL = "newrial", _("New rial")


class Visibility(models.TextChoices):
    """Whose records a rep sees beside the ownerless ones.

    Unless it is ALL, a manager sees those of the team, or all when the manager has no team.
    """

    ALL = "all", _("Everybody sees all records")
    TEAM = "team", _("Own and the team's")
    OWN = "own", _("Own only")


class Playbook(models.TextChoices):
    B2B = "b2b", _("Long sales to firms")
    B2C = "b2c", _("Many quick sales to people")
    RETENTION = "retention", _("Keeping and growing customers")


def iranian_weekend() -> list[int]:
    return list(WEEKENDS["fa"])


def check_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone named %(name)s."), params={"name": name})


class TenantQuerySet(models.QuerySet["Tenant"]):
    def live(self) -> Self:
        """The firms: without the schema that new ones are copied from."""
        return self.exclude(is_template=True).exclude(schema_name=get_public_schema_name())


class Tenant(TenantMixin):
    # Schemas are made and dropped by tenants.services.provisioning only, never as a side effect of save().
    auto_create_schema = False
    auto_drop_schema = False

    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, choices=Language, default=Language.FA)
    calendar = models.CharField(max_length=9, choices=Calendar, default=Calendar.JALALI)
    timezone = models.CharField(max_length=64, default="Asia/Tehran", validators=[check_timezone])
    currency = models.CharField(max_length=3, default="IRR", validators=[RegexValidator(r"^[A-Z]{3}$")])
    money_unit = models.CharField(max_length=7, choices=MoneyUnit, blank=True, default="")
    weekend = ArrayField(models.SmallIntegerField(), default=iranian_weekend, size=7)
    week_start = models.SmallIntegerField(default=5, validators=[MinValueValidator(0), MaxValueValidator(6)])
    # Units that begin on a later day, {ISO day: unit}: new rials replace old ones on a date set by law.
    money_unit_from = models.JSONField(default=dict, blank=True)
    opens_at = models.TimeField(default=time(9))
    closes_at = models.TimeField(default=time(17))
    # {ISO day: name}; days off beside the weekend.
    holidays = models.JSONField(default=dict, blank=True)
    visibility = models.CharField(max_length=4, choices=Visibility, default=Visibility.ALL)
    playbook = models.CharField(max_length=9, choices=Playbook, default=Playbook.B2B)
    objective_cap = models.SmallIntegerField(default=4)
    is_template = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="tenant_schema_name", condition=models.Q(schema_name__regex=SCHEMA_NAME)),
            models.CheckConstraint(name="tenant_objective_cap", condition=models.Q(objective_cap__in=(3, 4))),
            models.CheckConstraint(name="tenant_working_hours", condition=models.Q(closes_at__gt=models.F("opens_at"))),
            models.CheckConstraint(name="tenant_week_start", condition=models.Q(week_start__range=(0, 6))),
            models.CheckConstraint(
                name="tenant_weekend", condition=models.Q(weekend__contained_by=[0, 1, 2, 3, 4, 5, 6])
            ),
            models.UniqueConstraint(
                name="tenant_one_template", fields=["is_template"], condition=models.Q(is_template=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def bare_host(cls, language: str) -> "Tenant":
        """An unsaved tenant that stands for the public schema on the bare host, where firms sign up."""
        in_persian = language == Language.FA
        return cls(
            schema_name=get_public_schema_name(),
            name="Tasmim",
            language=language,
            calendar=Calendar.JALALI.value if in_persian else Calendar.GREGORIAN.value,
            currency="IRR" if in_persian else "USD",
            money_unit=MoneyUnit.TOMAN.value if in_persian else "",
            weekend=WEEKENDS[language],
            week_start=WEEK_STARTS[language],
        )

    @property
    def is_bare_host(self) -> bool:
        return bool(self.schema_name == get_public_schema_name())

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def now_local(self) -> datetime:
        return clock.now().astimezone(self.zone)

    def today(self) -> date:
        """The date on this firm's wall calendar."""
        return self.now_local().date()

    def money_unit_on(self, day: date) -> str:
        """The unit amounts are shown in on that day: of the units that begin one by one, the latest that has begun."""
        begun = [start for start in self.money_unit_from if start <= day.isoformat()]
        return str(self.money_unit_from[max(begun)]) if begun else self.money_unit

    def formats(self, *, language: str = "", calendar: str = "") -> Formats:
        """How dates, numbers and money are written here, with a member's own language or calendar put on top."""
        return Formats(
            language=cast(current.Language, language or self.language),
            calendar=cast(current.Calendar, calendar or self.calendar),
            timezone=self.zone,
            currency=self.currency,
            money_unit=cast(Any, self.money_unit_on(self.today())),
            weekend=frozenset(self.weekend),
            week_start=self.week_start,
            today=self.today(),
        )

    @property
    def host(self) -> str:
        if self.is_bare_host:
            return settings.BASE_DOMAIN
        primary = self.domains.filter(is_primary=True).values_list("domain", flat=True).first()
        return str(primary or f"{self.schema_name.replace('_', '-')}.{settings.BASE_DOMAIN}")

    def url(self, path: str = "/") -> str:
        """The full address of a path on this firm's host, for mails and for going there from another host."""
        return absolute_url(self.host, path)


def absolute_url(host: str, path: str = "/") -> str:
    if settings.SECURE_SSL_REDIRECT or settings.PRODUCTION:
        return f"https://{host}{path}"
    port = "" if settings.PORT == 80 else f":{settings.PORT}"
    return f"http://{host}{port}{path}"


class Domain(DomainMixin):
    def __str__(self) -> str:
        return str(self.domain)
